using System.Globalization;
using CarbonScaling.Planning;
using CarbonScaling.Telemetry;

namespace CarbonScaling.Tracking;

/// <summary>How a run ends: what it has taken, and the remaining tokens at the measured rate.</summary>
/// <remarks>
/// Time lost beside steps (failures, checkpoints, slow steps) is a share of the time of the steps at their median. The
/// predicted share counts as three days of running, so that one quiet hour does not promise a run without failures. Power is
/// measured where it was; hosts, network, PUE, carbon intensity and embodied emissions per device-hour are as predicted.
/// Spreads add as those of independent log-normal factors, weighted by their share of a sum; what is over is certain but
/// for the meter. Where the measured and the predicted share of lost time differ, the spread is that of a choice between them.
/// </remarks>
internal sealed class Projection
{
    private const double SecondsPerHour = 3600;
    private const double SecondsPerDay = 86_400;
    private const double JoulesPerKilowattHour = 3.6e6;
    private const double DaysOfPrediction = 3;

    /// <summary>A job that is predicted to do less fails faster than it saves: one that runs shows that prediction wrong.</summary>
    private const double LeastGoodput = 0.01;

    private readonly Estimate _estimate;
    private readonly MeasuredSteps _steps;
    private readonly double _remaining;
    private readonly double _overhead;
    private readonly string _overheadFrom;
    private readonly double _disagreement;
    private readonly bool _devicePower;
    private readonly bool _nodePower;
    private readonly List<string> _warnings = [];

    public Projection(
        Estimate estimate,
        FigureSpread spread,
        MeasuredSteps steps,
        StepBasis basis,
        IReadOnlyList<TelemetryFile> files,
        PowerReading? device,
        PowerReading? node)
    {
        _estimate = estimate;
        _steps = steps;
        _devicePower = device is not null;
        _nodePower = node is not null;
        (double wall, string wallFrom) = WallOf(files, steps);
        double useful = (steps.LastStep - steps.FirstStep + 1) * steps.MedianSeconds;
        double lost = Math.Max(0, wall - useful) / useful;
        double predictedLost = estimate.Run.Goodput > LeastGoodput ? (1 / estimate.Run.Goodput) - 1 : lost;
        double weight = DaysOfPrediction * SecondsPerDay;
        bool pauses = wallFrom != "steps";
        _overhead = pauses ? ((predictedLost * weight) + (lost * useful)) / (weight + useful) : Math.Max(predictedLost, lost);
        double trust = pauses ? useful / (weight + useful) : 0;
        double apart = (lost - predictedLost) / (1 + _overhead);
        _disagreement = trust * (1 - trust) * apart * apart;
        _overheadFrom = pauses ? "measured and predicted" : "predicted";

        // Steps before the log, which an accounting covers and a log does not.
        double perStep = steps.TokensPerStep ?? basis.TokensPerStep;
        double before = wallFrom == "accounting" ? 0 : Math.Max(0, steps.FirstStep - 1) * steps.MedianSeconds * (1 + _overhead);
        if (before > 0)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"the log starts at step {steps.FirstStep}: the steps before it are taken to have been like those in it"));
        }

        double tokensLeft = Math.Max(0, estimate.Run.Tokens - steps.TokensSoFar);
        _remaining = Math.Ceiling(tokensLeft / perStep) * steps.CurrentSeconds * (1 + _overhead);
        double soFar = wall + before;
        Progress = new(
            steps.LastStep,
            estimate.Run.Steps,
            steps.TokensSoFar,
            Math.Min(1, steps.TokensSoFar / estimate.Run.Tokens),
            wallFrom,
            Math.Min(1, useful / wall),
            steps.Restarts,
            steps.StepsDoneAgain,
            steps.Gaps.Count,
            steps.Gaps.Sum(static gap => gap.Seconds) / SecondsPerHour,
            TotalsOf(soFar, device, node));
        Totals = TotalsOf(soFar + _remaining, device, node);
        Intervals = IntervalsOf(spread, before, soFar, device, node);
    }

    /// <summary>How far the run is.</summary>
    public TrackedProgress Progress { get; }

    /// <summary>What the whole run takes.</summary>
    public RunTotals Totals { get; }

    /// <summary>Intervals of it.</summary>
    public IReadOnlyDictionary<string, (double Low, double High)> Intervals { get; }

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>When it ends.</summary>
    /// <param name="start">When the scenario says that it starts.</param>
    public TrackedFinish Finish(DateTimeOffset? start)
    {
        double? end = _steps.End + _remaining
            ?? ((start - DateTimeOffset.UnixEpoch)?.TotalSeconds + (Totals.Days * SecondsPerDay));
        return new(
            _remaining / SecondsPerDay,
            Moment.Iso(end),
            "measured",
            _overheadFrom,
            _overhead,
            _devicePower || _nodePower ? "measured" : "predicted",
            _nodePower ? "measured" : "predicted");
    }

    private static (double Seconds, string From) WallOf(IReadOnlyList<TelemetryFile> files, MeasuredSteps steps)
    {
        double accounted = files.Sum(static file => file.Jobs.Sum(static job => job.ElapsedSeconds));
        double inSteps = steps.SecondsInSteps;
        return accounted >= inSteps && accounted > 0 ? (accounted, "accounting")
            : steps.WallSeconds is { } wall ? (Math.Max(wall, inSteps), "times")
            : (inSteps, "steps");
    }

    // Power of a device, of its host and of its share of the network, in W.
    private (double Device, double Host, double Network) Power(PowerReading? device, PowerReading? node)
    {
        EstimatedEnergy energy = _estimate.Energy;
        double perDeviceHour = 1000 / _estimate.Run.DeviceHours;
        double host = energy.HostKwh * perDeviceHour;
        double network = energy.NetworkKwh * perDeviceHour;
        double own = device?.Watts ?? energy.AverageDeviceWatts;
        if (node is null)
        {
            return (own, host, network);
        }

        // Of a measured node the accelerators take what was measured or else their predicted share.
        double share = device is null ? energy.AcceleratorKwh / (energy.AcceleratorKwh + energy.HostKwh) : Math.Min(1, own / node.Watts);
        return (node.Watts * share, node.Watts * (1 - share), network);
    }

    private RunTotals TotalsOf(double wall, PowerReading? device, PowerReading? node)
    {
        (double own, double host, double network) = Power(device, node);
        EstimatedCarbon carbon = _estimate.Carbon;
        double deviceSeconds = wall * _estimate.Cluster.Devices;
        double kilowattHours = deviceSeconds / JoulesPerKilowattHour;
        double it = (own + host + network) * kilowattHours;
        double facility = it * carbon.Pue;
        double operational = facility * carbon.OperationalKg / _estimate.Energy.FacilityKwh;
        double embodied = carbon.EmbodiedKg * deviceSeconds / SecondsPerHour / _estimate.Run.DeviceHours;
        return new(
            wall / SecondsPerDay,
            deviceSeconds / SecondsPerHour,
            own * kilowattHours,
            it,
            facility,
            operational,
            embodied,
            operational + embodied);
    }

    private Dictionary<string, (double Low, double High)> IntervalsOf(
        FigureSpread spread, double before, double soFar, PowerReading? device, PowerReading? node)
    {
        double total = soFar + _remaining;
        double open = (_remaining + before) / total;
        double rate = _steps.CurrentSpread * _steps.CurrentSpread;
        double pause = spread.Variance(("run.days", 1), ("step.seconds", -1)) + _disagreement;
        double time = open * open * (rate + pause);
        (double own, double host, double network) = Power(device, node);
        double it = own + host + network;
        double ofOwn = device?.Variance ?? spread.Variance(("energy.averageDeviceWatts", 1));
        double ofHost = spread.Variance(("energy.hostKwh", 1), ("run.deviceHours", -1));
        double ofNetwork = spread.Variance(("energy.networkKwh", 1), ("run.deviceHours", -1));
        double nodePart = node is null
            ? Part(own, it, ofOwn) + Part(host, it, ofHost)
            : Part(own + host, it, node.Variance);
        double power = nodePart + Part(network, it, ofNetwork);
        double ofOwnEnergy = time + (device is null && node is not null ? node.Variance : ofOwn);
        double facility = power + spread.Variance(("energy.facilityKwh", 1), ("energy.itKwh", -1));
        double operational = power + spread.Variance(("carbon.operationalKg", 1), ("energy.itKwh", -1));
        double embodied = spread.Variance(("carbon.embodiedKg", 1), ("run.deviceHours", -1));
        double totalKg = Part(Totals.OperationalKg, Totals.TotalKg, operational) + Part(Totals.EmbodiedKg, Totals.TotalKg, embodied);
        return new(StringComparer.Ordinal)
        {
            ["projected.days"] = Planning.Intervals.Around(Totals.Days, time),
            ["projected.deviceHours"] = Planning.Intervals.Around(Totals.DeviceHours, time),
            ["projected.acceleratorKwh"] = Planning.Intervals.Around(Totals.AcceleratorKwh, ofOwnEnergy),
            ["projected.itKwh"] = Planning.Intervals.Around(Totals.ItKwh, time + power),
            ["projected.facilityKwh"] = Planning.Intervals.Around(Totals.FacilityKwh, time + facility),
            ["projected.operationalKg"] = Planning.Intervals.Around(Totals.OperationalKg, time + operational),
            ["projected.embodiedKg"] = Planning.Intervals.Around(Totals.EmbodiedKg, time + embodied),
            ["projected.totalKg"] = Planning.Intervals.Around(Totals.TotalKg, time + totalKg),
        };
    }

    private static double Part(double part, double whole, double variance) => whole == 0 ? 0 : part / whole * (part / whole) * variance;
}
