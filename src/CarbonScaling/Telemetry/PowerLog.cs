using System.Runtime.InteropServices;

namespace CarbonScaling.Telemetry;

/// <summary>What a meter measures.</summary>
public enum PowerBoundary
{
    /// <summary>Accelerators alone.</summary>
    Devices,

    /// <summary>Whole nodes.</summary>
    Nodes,
}

/// <summary>
/// Power of devices over time, gathered sample by sample and kept by the minute, so that a file of any length takes little
/// memory. Between two samples the power is taken as linear; a break longer than a minute and five sampling intervals is not
/// bridged. A counter of energy goes before readings of power where it covers at least half as much time.
/// </summary>
public sealed class PowerLog
{
    private const double SecondsPerBin = 60;
    private const double LongestBridge = 60;
    private const double LongestBridgeIntervals = 5;
    private const double LeastCounterShare = 0.5;

    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Bin> _gauges = [];
    private readonly Dictionary<long, Bin> _counters = [];
    private double _totalSeconds;
    private double _totalJoules;
    private double _totalDevices;

    /// <summary>What is measured.</summary>
    public PowerBoundary Boundary { get; init; }

    /// <summary>Devices that were measured.</summary>
    public int Devices => _series.Count > 0 ? _series.Count : (int)Math.Round(_totalDevices);

    /// <summary>Readings of power and of counters.</summary>
    public long Readings { get; private set; }

    /// <summary>Adds a reading of power.</summary>
    /// <param name="device">The device.</param>
    /// <param name="time">When, in seconds since 1970; null where the file does not say.</param>
    /// <param name="watts">The power in W.</param>
    public void AddPower(string device, double? time, double watts)
    {
        Series series = SeriesOf(device);
        series.Sum += watts;
        series.Count++;
        if (time is { } now)
        {
            Integrate(ref series.Gauge, now, watts, _gauges, static (before, after, seconds) => 0.5 * (before + after) * seconds);
        }
    }

    /// <summary>Adds the state of a counter of energy.</summary>
    /// <param name="device">The device.</param>
    /// <param name="time">When, in seconds since 1970; a counter without times says nothing of power.</param>
    /// <param name="joules">The counter in J.</param>
    public void AddCounter(string device, double time, double joules) =>
        Integrate(ref SeriesOf(device).Counter, time, joules, _counters, static (before, after, _) => after - before);

    /// <summary>Adds what a meter says of a whole run.</summary>
    /// <param name="devices">Devices.</param>
    /// <param name="seconds">How long it ran, in s.</param>
    /// <param name="joules">Energy of all devices, in J.</param>
    public void AddTotal(double devices, double seconds, double joules)
    {
        Readings++;
        _totalDevices = Math.Max(_totalDevices, devices);
        _totalSeconds += devices * seconds;
        _totalJoules += joules;
    }

    /// <summary>What was measured.</summary>
    /// <param name="from">Only from here, in seconds since 1970.</param>
    /// <param name="to">Only until here.</param>
    /// <returns>Null where nothing was measured in that time.</returns>
    public MeasuredPower? Between(double from = double.NegativeInfinity, double to = double.PositiveInfinity)
    {
        double gaugeSeconds = _gauges.Values.Sum(static bin => bin.Seconds);
        double counterSeconds = _counters.Values.Sum(static bin => bin.Seconds);
        bool counted = counterSeconds > 0 && counterSeconds >= LeastCounterShare * gaugeSeconds;
        List<KeyValuePair<long, Bin>> bins = [.. (counted ? _counters : _gauges).Where(bin =>
            bin.Key * SecondsPerBin >= from - SecondsPerBin && bin.Key * SecondsPerBin <= to)];
        double seconds = _totalSeconds + bins.Sum(static bin => bin.Value.Seconds);
        double joules = _totalJoules + bins.Sum(static bin => bin.Value.Joules);
        if (seconds > 0)
        {
            double mean = joules / seconds;
            double variance = bins.Sum(bin => bin.Value.Seconds * Square((bin.Value.Joules / bin.Value.Seconds) - mean)) / seconds;
            return new(
                Boundary,
                counted ? PowerSource.Counter : _totalSeconds > 0 && bins.Count == 0 ? PowerSource.Total : PowerSource.Readings,
                Devices,
                mean,
                Math.Sqrt(variance),
                seconds,
                joules,
                bins.Count == 0 ? null : bins.Min(static bin => bin.Key) * SecondsPerBin,
                bins.Count == 0 ? null : (bins.Max(static bin => bin.Key) + 1) * SecondsPerBin);
        }

        double[] means = [.. _series.Values.Where(static series => series.Count > 0).Select(static series => series.Sum / series.Count)];
        return means.Length == 0 || _gauges.Count > 0
            ? null
            : new(Boundary, PowerSource.Readings, Devices, means.Average(), 0, 0, 0, null, null);
    }

    private static double Square(double value) => value * value;

    private Series SeriesOf(string device)
    {
        Readings++;
        if (!_series.TryGetValue(device, out Series? series))
        {
            _series.Add(device, series = new());
        }

        return series;
    }

    private static void Integrate(
        ref Track track, double time, double value, Dictionary<long, Bin> bins, Func<double, double, double, double> energy)
    {
        double seconds = time - track.Time;
        if (track.Any && seconds <= 0)
        {
            return;
        }

        if (track.Any)
        {
            track.Interval = track.Interval == 0 ? seconds : Math.Min(track.Interval, seconds);
            double joules = energy(track.Value, value, seconds);
            if (joules >= 0 && seconds <= Math.Max(LongestBridge, LongestBridgeIntervals * track.Interval))
            {
                long minute = (long)Math.Floor((track.Time + (seconds / 2)) / SecondsPerBin);
                ref Bin bin = ref CollectionsMarshal.GetValueRefOrAddDefault(bins, minute, out _);
                bin = new(bin.Seconds + seconds, bin.Joules + joules);
            }
        }

        track = track with { Any = true, Time = time, Value = value };
    }

    private readonly record struct Bin(double Seconds, double Joules);

    private record struct Track(bool Any, double Time, double Value, double Interval);

    private sealed class Series
    {
        public Track Gauge;
        public Track Counter;
        public double Sum;
        public long Count;
    }
}

/// <summary>How a mean power was measured.</summary>
public enum PowerSource
{
    /// <summary>Readings of power.</summary>
    Readings,

    /// <summary>A counter of energy.</summary>
    Counter,

    /// <summary>The energy of whole runs.</summary>
    Total,
}

/// <summary>Power that was measured.</summary>
/// <param name="Boundary">What was measured.</param>
/// <param name="Source">How.</param>
/// <param name="Devices">Devices that were measured.</param>
/// <param name="Watts">Mean power per device over the measured time, in W; with its node where nodes were measured.</param>
/// <param name="Spread">Standard deviation of the means of a minute, in W; 0 where times are not known.</param>
/// <param name="DeviceSeconds">Measured time summed over the devices, in s; 0 where times are not known.</param>
/// <param name="Joules">Measured energy, in J; 0 where times are not known.</param>
/// <param name="From">Start of the measured time, in seconds since 1970.</param>
/// <param name="To">End of it.</param>
public sealed record MeasuredPower(
    PowerBoundary Boundary,
    PowerSource Source,
    int Devices,
    double Watts,
    double Spread,
    double DeviceSeconds,
    double Joules,
    double? From,
    double? To);
