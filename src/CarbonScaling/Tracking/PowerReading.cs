using System.Globalization;
using CarbonScaling.Telemetry;

namespace CarbonScaling.Tracking;

/// <summary>The power that was measured of a job.</summary>
/// <param name="Watts">Mean power per device in W.</param>
/// <param name="Source">What measured it.</param>
/// <param name="Devices">Devices that were measured.</param>
/// <param name="DeviceSeconds">Measured time summed over them; 0 where it is not known.</param>
/// <param name="Spread">Standard deviation of the means of a minute, in W.</param>
/// <param name="Variance">Variance of the logarithm of the mean.</param>
internal sealed record PowerReading(
    double Watts, string Source, int Devices, double DeviceSeconds, double Spread, double Variance)
{
    /// <summary>
    /// Standard deviation of what a meter of a device shows over what it draws: 5 % is the deviation in gain that Yang et al.
    /// 2024 (arXiv:2312.02741) found among NVIDIA's on-board sensors against an external meter.
    /// </summary>
    private const double MeterSpread = 0.05;

    private const double SecondsPerMinute = 60;

    /// <summary>The mean over all files that measure a boundary, during the steps where both have times.</summary>
    public static PowerReading? Of(
        IReadOnlyList<TelemetryFile> files, PowerBoundary boundary, MeasuredSteps? steps, List<string> warnings)
    {
        List<MeasuredPower> measured = [];
        foreach (TelemetryFile file in files.Where(file => file.Power?.Boundary == boundary))
        {
            MeasuredPower? all = file.Power!.Between();
            MeasuredPower? during = steps is { Start: { } start, End: { } end } ? file.Power.Between(start, end) : all;
            if (during is null && all is not null)
            {
                warnings.Add($"{file.Name}: no reading falls into the time of the steps, as with times of another zone; all are taken");
            }

            if ((during ?? all) is { Watts: > 0 } power)
            {
                measured.Add(power);
            }
            else
            {
                warnings.Add($"{file.Name}: tells of no power above 0 W and is passed over");
            }
        }

        if (measured.Count == 0)
        {
            return boundary == PowerBoundary.Devices && steps?.Watts is { } watts
                ? new(watts, "log", 0, 0, steps.WattsSpread, MeterSpread * MeterSpread)
                : null;
        }

        double seconds = measured.Sum(static power => power.DeviceSeconds);
        double mean = seconds > 0
            ? measured.Sum(static power => power.Joules) / seconds
            : measured.Sum(static power => power.Watts * power.Devices) / measured.Sum(static power => power.Devices);
        int devices = measured.Sum(static power => power.Devices);
        double spread = Math.Sqrt(measured.Average(static power => power.Spread * power.Spread));
        double minutes = Math.Max(1, seconds / devices / SecondsPerMinute);
        double sampling = spread / mean / Math.Sqrt(minutes);
        return new(
            mean,
            measured[0].Source.ToString().ToLower(CultureInfo.InvariantCulture),
            devices,
            seconds,
            spread,
            (MeterSpread * MeterSpread) + (sampling * sampling));
    }
}
