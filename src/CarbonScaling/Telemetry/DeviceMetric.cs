namespace CarbonScaling.Telemetry;

/// <summary>The metrics of the DCGM exporter that tell of power, and how its series are told apart.</summary>
/// <remarks>Names and units: DCGM field identifiers 155 (W) and 156 (mJ), NVIDIA DCGM documentation.</remarks>
internal static class DeviceMetric
{
    /// <summary>Power of a device in W.</summary>
    public const string Power = "DCGM_FI_DEV_POWER_USAGE";

    /// <summary>Energy of a device since its driver was loaded, in mJ.</summary>
    public const string Energy = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";

    private const double JoulesPerMillijoule = 1e-3;

    // DCGM writes what it does not know as numbers at the end of the range of 32 or 64 bits; no device draws 100 kW.
    private const double ImpossibleWatts = 1e5;
    private const double ImpossibleMillijoules = 9e18;

    /// <summary>Adds a value to a log; false where it stands for an unknown one.</summary>
    /// <param name="log">The log.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="device">The device.</param>
    /// <param name="time">When, in seconds since 1970.</param>
    /// <param name="value">The value in the unit of the metric.</param>
    public static bool Add(PowerLog log, string metric, string device, double? time, double value)
    {
        if (metric == Power)
        {
            if (value is < 0 or >= ImpossibleWatts || double.IsNaN(value))
            {
                return false;
            }

            log.AddPower(device, time, value);
            return true;
        }

        if (value is < 0 or >= ImpossibleMillijoules || double.IsNaN(value))
        {
            return false;
        }

        if (time is { } now)
        {
            log.AddCounter(device, now, value * JoulesPerMillijoule);
        }

        return true;
    }

    /// <summary>The device of a series: its UUID, or else its host and number. Parts of a device share the device's power.</summary>
    public static string DeviceOf(IReadOnlyDictionary<string, string> labels, string file)
    {
        if (labels.TryGetValue("UUID", out string? id))
        {
            return id;
        }

        string host = labels.GetValueOrDefault("Hostname") ?? labels.GetValueOrDefault("instance") ?? file;
        return $"{host}/{labels.GetValueOrDefault("gpu", "0")}";
    }
}
