using System.Globalization;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Telemetry;
using CarbonScaling.Units;

namespace CarbonScaling.Tracking;

/// <summary>Compares a running job with its prediction, and projects how it ends.</summary>
/// <remarks>Holds no state but the estimator; safe to share between threads.</remarks>
public sealed class Tracker
{
    private const double SecondsPerHour = 3600;

    /// <summary>Within this, two numbers of tokens of a step are taken for the same.</summary>
    private const double SameBatch = 0.01;

    private readonly Estimator _estimator;

    /// <summary>Makes a tracker whose predictions are those of an estimator.</summary>
    public Tracker(Estimator estimator)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        _estimator = estimator;
    }

    /// <summary>Compares.</summary>
    /// <param name="scenario">The job with the plan that it runs with.</param>
    /// <param name="files">What was measured of it.</param>
    /// <param name="options">How FLOPs are counted.</param>
    /// <exception cref="ScenarioException">The scenario is not sound, or the files say nothing of the job.</exception>
    public Track Of(Scenario scenario, IReadOnlyList<TelemetryFile> files, EstimateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(files);
        OnePart.Require(scenario, "track");
        (Estimate estimate, Assessment<Traced> traced) = _estimator.Trace(scenario, options ?? new());
        StepBasis basis = new(
            (double)estimate.Plan.GlobalBatchSequences * estimate.Model.SequenceLength, estimate.Model.SequenceLength, estimate.Cluster.Devices);
        MeasuredSteps? steps = StepMeasurement.Of([.. files.Select(static file => file.Steps).OfType<StepLog>()], basis);
        List<string> warnings = [];
        foreach (TelemetryFile file in files)
        {
            warnings.AddRange(file.Notes.Select(note => $"{file.Name}: {note}"));
        }

        PowerReading? device = PowerReading.Of(files, PowerBoundary.Devices, steps, warnings);
        PowerReading? node = PowerReading.Of(files, PowerBoundary.Nodes, steps, warnings);
        if (steps is null && device is null && node is null)
        {
            string names = files.Count > 0 ? files[0].Name : "telemetry";
            throw Problem(names, "says nothing of steps or of power; expected: " + TelemetryKinds.Expected);
        }

        FigureSpread spread = new(traced);
        Dictionary<string, (double Low, double High)> intervals = new(StringComparer.Ordinal);
        Track track = new()
        {
            ProgramVersion = estimate.ProgramVersion,
            ModelVersion = estimate.ModelVersion,
            InputsDigest = estimate.InputsDigest,
            Name = estimate.Name,
            Model = estimate.Model.Id,
            Accelerator = estimate.Cluster.Accelerator,
            Devices = estimate.Cluster.Devices,
            Telemetry = [.. files.Select(static file => new TrackedFile(file.Name, TelemetryKinds.NameOf(file.Kind), EntriesOf(file)))],
            Step = steps is null ? null : StepOf(estimate, steps, basis, intervals),
            Drift = steps?.Drift is { } drift ? DriftOf(drift) : null,
            Power = device is null ? null : PowerOf(estimate.Energy.AverageDeviceWatts, DeviceRange(estimate), device, "power", intervals),
            NodePower = node is null ? null : PowerOf(NodeWatts(estimate), NodeRange(estimate, spread), node, "nodePower", intervals),
            Predicted = PredictedOf(estimate, intervals),
            Intervals = new(estimate.Intervals.Level, intervals),
            Violations = [],
            Warnings = [],
        };
        if (steps is not null)
        {
            Warn(estimate, steps, basis, warnings);
            Projection projection = new(estimate, spread, steps, basis, files, device, node);
            track = track with
            {
                Progress = projection.Progress,
                Projected = projection.Totals,
                Finish = projection.Finish(scenario.Site.Start),
                Violations = Exceeded(scenario.Limits, projection.Totals),
            };
            foreach ((string path, (double Low, double High) range) in projection.Intervals)
            {
                intervals.Add(path, range);
            }

            warnings.AddRange(projection.Warnings);
        }

        return track with { Warnings = warnings };
    }

    private static ScenarioException Problem(string file, string message) => new([new(file, 1, "", "", message)]);

    private static long EntriesOf(TelemetryFile file) =>
        file.Steps?.Samples.Count ?? (file.Jobs.Count > 0 ? file.Jobs.Count : file.Power?.Readings ?? 0);

    private static TrackedStep StepOf(
        Estimate estimate, MeasuredSteps steps, StepBasis basis, Dictionary<string, (double Low, double High)> intervals)
    {
        EstimatedStep predicted = estimate.Step;
        double perToken = (steps.TokensPerStep ?? basis.TokensPerStep) / basis.TokensPerStep;
        double ratio = steps.MedianSeconds / (predicted.Seconds * perToken);
        (double low, double high) = estimate.Intervals.Ranges["step.seconds"];
        intervals.Add("step.predictedSeconds", (low, high));
        double measured = predicted.Seconds * ratio;
        double rate = steps.TokensPerSecondPerDevice / predicted.TokensPerSecondPerDevice;
        return new(
            predicted.Seconds,
            steps.MedianSeconds,
            ratio,
            measured >= low && measured <= high,
            steps.CurrentSeconds,
            steps.MeanSeconds,
            steps.LowSeconds,
            steps.HighSeconds,
            steps.Spread,
            steps.Entries,
            steps.WarmUp,
            steps.Outliers,
            predicted.TokensPerSecondPerDevice,
            steps.TokensPerSecondPerDevice,
            predicted.FlopsConvention,
            predicted.ModelTflopsPerDevice * rate,
            predicted.Mfu * rate);
    }

    private static TrackedDrift DriftOf(StepDrift drift) => new(
        drift.Moved, drift.Significance, drift.FromStep, Moment.Iso(drift.FromTime), drift.BeforeSeconds, drift.AfterSeconds, drift.Change);

    private static TrackedPower PowerOf(
        double predicted, (double Low, double High) range, PowerReading measured, string name, Dictionary<string, (double Low, double High)> intervals)
    {
        intervals.Add($"{name}.predictedWatts", range);
        return new(
            predicted,
            measured.Watts,
            measured.Watts / predicted,
            measured.Watts >= range.Low && measured.Watts <= range.High,
            measured.Source,
            measured.Devices,
            measured.DeviceSeconds / SecondsPerHour,
            measured.Spread);
    }

    private static (double Low, double High) DeviceRange(Estimate estimate) => estimate.Intervals.Ranges["energy.averageDeviceWatts"];

    private static double NodeWatts(Estimate estimate) =>
        estimate.Energy.AverageDeviceWatts * (1 + (estimate.Energy.HostKwh / estimate.Energy.AcceleratorKwh));

    // The host's power is independent of the accelerators'.
    private static (double Low, double High) NodeRange(Estimate estimate, FigureSpread spread)
    {
        (double low, double high) = DeviceRange(estimate);
        double node = NodeWatts(estimate);
        double device = estimate.Energy.AverageDeviceWatts / node;
        double ofDevice = Math.Log(high / low) / 2 / Intervals.StandardDeviations * device;
        double ofHost = (1 - device) * (1 - device) * spread.Variance(("energy.hostKwh", 1), ("run.deviceHours", -1));
        return Intervals.Around(node, (ofDevice * ofDevice) + ofHost);
    }

    private static RunTotals PredictedOf(Estimate estimate, Dictionary<string, (double Low, double High)> intervals)
    {
        foreach ((string path, string name) in RunFigures.PredictedPaths)
        {
            intervals.Add($"predicted.{name}", estimate.Intervals.Ranges[path]);
        }

        return new(
            estimate.Run.Days,
            estimate.Run.DeviceHours,
            estimate.Energy.AcceleratorKwh,
            estimate.Energy.ItKwh,
            estimate.Energy.FacilityKwh,
            estimate.Carbon.OperationalKg,
            estimate.Carbon.EmbodiedKg,
            estimate.Carbon.TotalKg);
    }

    private static void Warn(Estimate estimate, MeasuredSteps steps, StepBasis basis, List<string> warnings)
    {
        if (steps.TokensPerStep is { } tokens && Math.Abs((tokens / basis.TokensPerStep) - 1) > SameBatch)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the log has {tokens:0.####e0} tokens in a step, the scenario {basis.TokensPerStep:0.####e0}: times are compared per token"));
        }

        if (steps.PlannedSteps is { } planned && Math.Abs((planned / estimate.Run.Steps) - 1) > SameBatch)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"the log is to run {planned} steps, the scenario {estimate.Run.Steps:0}: the scenario's count"));
        }
    }

    private static List<LimitViolation> Exceeded(LimitsSection limits, RunTotals totals)
    {
        List<LimitViolation> exceeded = [];
        Add("limits.days", totals.Days, limits.Days, "days");
        Add("limits.powerMegawatts", totals.FacilityKwh / (totals.Days * 24) / 1000, limits.PowerMegawatts, "MW");
        Add("limits.carbonTonnes", totals.TotalKg / 1000, limits.CarbonTonnes, "t");
        return exceeded;

        void Add(string name, double value, double? allowed, string unit)
        {
            if (value > allowed)
            {
                exceeded.Add(new(name, value, allowed.Value, unit));
            }
        }
    }
}
