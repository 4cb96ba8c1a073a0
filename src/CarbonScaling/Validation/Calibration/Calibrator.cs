using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>How a calibration runs.</summary>
/// <param name="LeaveSourcesOut">Whether to fit again without each source.</param>
/// <param name="Threads">Threads to use; null for all. The result does not depend on it.</param>
/// <param name="Start">An earlier calibration to go on from, such as that of the catalog for one's own cluster; null for the priors.</param>
public sealed record CalibrationOptions(bool LeaveSourcesOut = true, int? Threads = null, CalibratedSet? Start = null);

/// <summary>How far a calibration is.</summary>
/// <param name="Done">Records that are read and fits that are done.</param>
/// <param name="All">All records and fits.</param>
public readonly record struct CalibrationProgress(int Done, int All);

/// <summary>Fits the efficiency parameters to measurements, with the priors in force where the data say nothing.</summary>
/// <remarks>Holds no state but the catalog and what is declared to be fitted; safe to share between threads.</remarks>
public sealed class Calibrator
{
    private const string StepSeconds = "step.seconds";
    private const int DigestCharacters = 16;

    private static readonly string Version =
        typeof(Calibrator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly Catalog _catalog;
    private readonly RecordResolver _resolver;

    /// <summary>Makes a calibrator over a catalog.</summary>
    /// <exception cref="CatalogException">The catalog declares what may not be fitted.</exception>
    public Calibrator(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _catalog = catalog;
        _resolver = new(catalog);
        Space = FittedSpace.Of(FitDeclarationReader.Read(catalog), ParameterSets.Of(catalog).WithoutData, catalog);
    }

    /// <summary>The fitted parameters over the priors.</summary>
    internal FittedSpace Space { get; }

    /// <summary>Fits to published steps.</summary>
    /// <param name="id">The name of the set.</param>
    /// <param name="records">The records, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ScenarioException">A record is kept for testing, or two have one id.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public CalibrationOutcome Run(
        string id,
        IReadOnlyList<StepRecord> records,
        CalibrationOptions? options = null,
        IProgress<CalibrationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(records);
        options ??= new();
        CheckRecords(records);
        int sources = options.LeaveSourcesOut ? records.Select(static record => record.Source).Distinct(StringComparer.Ordinal).Count() : 0;
        int all = records.Count + sources + 1;
        int done = 0;
        (Observation? Observation, string? Excluded)[] observed = new (Observation?, string?)[records.Count];
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads ?? -1 };
        Parallel.For(0, records.Count, parallel, index =>
        {
            observed[index] = Observe(records[index]);
            progress?.Report(new(Interlocked.Increment(ref done), all));
        });

        Observation[] observations = [.. observed.Select(static each => each.Observation).OfType<Observation>()];
        CalibrationFits fits = Fit(
            observations, options, () => progress?.Report(new(Interlocked.Increment(ref done), all)), cancellationToken);
        HashSet<string> used = [.. observations.Select(static observation => observation.Id)];
        return Conclude(id, fits, options) with
        {
            Files = Counts(records.Where(record => used.Contains(record.Id)).Select(static record => record.File)),
            Exclusions = Counts(observed.Select(static each => each.Excluded).OfType<string>()),
        };
    }

    /// <summary>Fits to what was measured of jobs.</summary>
    /// <param name="id">The name of the set.</param>
    /// <param name="measurements">The measurements, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ScenarioException">A scenario names what the catalog lacks, its plan is not legal, or a value is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public CalibrationOutcome Run(
        string id,
        IReadOnlyList<Measurement> measurements,
        CalibrationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(measurements);
        options ??= new();
        return Conclude(id, Fit(measurements.Select(Observe), options, fitted: null, cancellationToken), options);
    }

    private Observation Observe(Measurement measurement)
    {
        if (!(measurement.Value > 0 && double.IsFinite(measurement.Value)))
        {
            throw new ScenarioException([new(
                measurement.Source, 1, measurement.Figure, measurement.Value.ToString("R", CultureInfo.InvariantCulture), "is no measurement; allowed: a number above 0")]);
        }

        OnePart.Require(measurement.Scenario, "calibrate");
        ResolvedScenario resolved = JobBuilder.Build(measurement.Scenario, _catalog, Space.Map.Priors);
        SplitPlan plan = FixedPlan.Of(measurement.Scenario, resolved.Job.Training);
        return new(measurement.Id, measurement.Source, resolved.Job, plan, measurement.Figure, measurement.Value);
    }

    /// <summary>The step of a record; else why it is left out, where it is by a rule.</summary>
    internal (Observation? Observation, string? Excluded) Observe(StepRecord record)
    {
        double? seconds = record.StepSeconds ?? (record.TokensPerSecondPerDevice is { } rate
            ? (double)record.GlobalBatchSequences * record.SequenceLength / (rate * record.Devices)
            : null);
        if (seconds is not { } measured)
        {
            return (null, null);
        }

        ResolvedRecord resolved = _resolver.Resolve(record);
        return resolved.Resolved is { } job
            ? (new(record.Id, record.Source, job.Job, resolved.Plan, StepSeconds, measured), null)
            : (null, resolved.Scenario.Exclusion?.Rule.Name);
    }

    /// <summary>Fits multipliers to observations, each fit from its prior.</summary>
    /// <param name="observations">The observations, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="fitted">Told after every fit.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal CalibrationFits Fit(
        IEnumerable<Observation> observations,
        CalibrationOptions? options = null,
        Action? fitted = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        FitWeights settings = Space.Declaration.Weights;
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads ?? -1 };
        Observations recorded = Observations.Record(observations, Space, parallel);
        string[] sources = options.LeaveSourcesOut
            ? [.. recorded.All.Select(static observation => observation.Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
        PosteriorSearch search = new(PriorOf(options), settings);
        PosteriorMode[] modes = new PosteriorMode[sources.Length + 1];
        Parallel.For(0, modes.Length, parallel, index =>
        {
            string? leftOut = index == 0 ? null : sources[index - 1];
            modes[index] = search.Run(recorded, SourceWeights.Of(recorded, settings.SourceExponent, leftOut), cancellationToken);
            fitted?.Invoke();
        });

        return new(
            recorded,
            modes[0],
            sources.Zip(modes.Skip(1)).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal));
    }

    private LogPrior PriorOf(CalibrationOptions options) =>
        options.Start is { } start ? LogPrior.Of(Space.Declaration, start) : LogPrior.Of(Space.Declaration);

    private CalibrationOutcome Conclude(string id, CalibrationFits fits, CalibrationOptions options)
    {
        FitDeclaration declaration = Space.Declaration;
        LogPrior prior = PriorOf(options);
        IReadOnlyList<Observation> observations = fits.Observations.All;

        // The error on others shows only where others were left out.
        LeftOutError[] errors = fits.WithoutSource.Count > 1 ? fits.LeftOutErrors() : [];
        ResidualSpreads Residuals(string? source) => errors.Length > 0
            ? ResidualEstimate.Of(errors, declaration.Weights, source)
            : options.Start?.Residuals ?? UnfittedResiduals();
        FittedParameter[] parameters = [.. declaration.Parameters.Select((declared, i) => new FittedParameter(
            declared.Id,
            string.Join(", ", FitIndices.All.Where(declared.Index.ContainsKey).Select(index => $"{index.NameOf()} {declared.Index[index]}")),
            Space.Figures[i],
            fits.All.Logs[i],
            Math.Sqrt(fits.All.Covariance[i, i]),
            prior.Spreads[i],
            declared.Spread))];
        Dictionary<string, LeftOutFit> without = fits.WithoutSource.ToDictionary(
            static pair => pair.Key,
            pair => new LeftOutFit(pair.Value.Logs, pair.Value.Covariance, Residuals(pair.Key)),
            StringComparer.Ordinal);
        CalibratedSet set = new(parameters, fits.All.Covariance, Residuals(null), RangeOf(observations, options.Start?.Range))
        {
            Id = id,
            ProgramVersion = Version,
            PriorsDigest = MultiplierMap.DigestOf(Space.Map.Priors),
            Shares = Space.Map.Figures.Where(Space.Map.IsShare).ToHashSet(StringComparer.Ordinal),
            WithoutSource = without,
        };
        return new()
        {
            Set = set,
            Sources = Counts(observations.Select(static observation => observation.Source)),
            Files = new Dictionary<string, int>(),
            RecordsDigest = DigestOf(observations),
            Exclusions = new Dictionary<string, int>(),
            Prior = CalibrationErrors.Of(observations, fits.Observations.Residuals(prior.Mean)),
            Fitted = CalibrationErrors.Of(observations, fits.All.Residuals),
            LeftOut = errors.Length == 0 ? null : CalibrationErrors.Of(observations, [.. errors.Select(static error => error.Residual)]),
            LeftOutIntervals = errors.Length == 0
                ? null
                : CalibrationIntervals.Of(errors, error => without[error.Source].Residuals is var spreads
                    ? spreads.ByClass.GetValueOrDefault(error.Class, spreads.Pooled)
                    : 0),
            LikelihoodScale = declaration.Weights.Scale,
            DegreesOfFreedom = declaration.Weights.DegreesOfFreedom,
            SourceExponent = declaration.Weights.SourceExponent,
            Converged = fits.WithoutSource.Values.Append(fits.All).All(static mode => mode.Converged),
        };
    }

    // Without sources that were left out nothing tells the error on others but what the priors state of it.
    private ResidualSpreads UnfittedResiduals() => new(
        Space.Map.Priors["step.residual"].Spread,
        new Dictionary<string, double>(),
        Space.Declaration.Weights.PerDoubling,
        Space.Declaration.Weights.Unseen);

    private static CalibratedRange RangeOf(IReadOnlyList<Observation> observations, CalibratedRange? start)
    {
        if (observations.Count == 0)
        {
            return start ?? CalibratedRange.Unfitted;
        }

        CalibratedRange known = start ?? new([], [], 1, double.MaxValue, 1);
        string[] Joined(IReadOnlyList<string> before, Func<TrainingJob, string> of) =>
            [.. before.Concat(observations.Select(observation => of(observation.Job.Training))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        double[] sizes = [.. observations.Select(static observation => observation.Job.Training.Model.ParameterCount)];
        return new(
            Joined(known.Rates, CalibratedRange.RateOf),
            Joined(known.SoftwareClasses, static job => MachineLift.NameOf(job.Software.Stack)),
            observations.Select(static observation => (double)observation.Plan.Plan.Devices).Append(known.MostDevices).Max(),
            sizes.Append(known.LeastParameters).Min(),
            sizes.Append(known.MostParameters).Max());
    }

    private static void CheckRecords(IReadOnlyList<StepRecord> records)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        List<ScenarioProblem> problems = [];
        foreach (StepRecord record in records)
        {
            if (PublishedRecords.IsForTesting(record.File))
            {
                problems.Add(new(record.File, record.Line, "id", record.Id, "is kept for testing and never fitted; allowed: records of other files"));
            }
            else if (!ids.Add(record.Id))
            {
                problems.Add(new(record.File, record.Line, "id", record.Id, "is that of another record; allowed: an id of its own"));
            }
        }

        if (problems.Count > 0)
        {
            throw new ScenarioException(problems);
        }
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<string> names) => new(
        names.CountBy(static name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private static string DigestOf(IReadOnlyList<Observation> observations)
    {
        IEnumerable<string> lines = observations.Select(static observation => string.Create(
            CultureInfo.InvariantCulture,
            $"{observation.Id} {observation.Source} {observation.Figure} {observation.Measured:R} {observation.Plan.Plan}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..DigestCharacters];
    }
}
