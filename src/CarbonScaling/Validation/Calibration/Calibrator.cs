using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>How a calibration runs.</summary>
/// <param name="LeaveSourcesOut">Whether to fit again without each source.</param>
/// <param name="Threads">Threads to use; null for all. The result does not depend on it.</param>
public sealed record CalibrationOptions(bool LeaveSourcesOut = true, int? Threads = null);

/// <summary>How far a calibration is.</summary>
/// <param name="Done">Fits that are done.</param>
/// <param name="Fits">All fits.</param>
public readonly record struct CalibrationProgress(int Done, int Fits);

/// <summary>Fits the efficiency parameters to measurements, with the priors in force where the data say nothing.</summary>
/// <remarks>Holds no state but the catalog and what is declared to be fitted; safe to share between threads.</remarks>
public sealed class Calibrator
{
    private readonly RecordResolver _resolver;

    /// <summary>Makes a calibrator over a catalog.</summary>
    /// <exception cref="CatalogException">The catalog declares what may not be fitted.</exception>
    public Calibrator(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _resolver = new(catalog);
        Space = FittedSpace.Of(FitDeclarationReader.Read(catalog), ParametersReader.Read(catalog, "priors"), catalog);
    }

    /// <summary>The fitted parameters over the priors.</summary>
    internal FittedSpace Space { get; }

    /// <summary>The step of a record; null where it has none or is left out by a rule.</summary>
    internal Observation? Observe(StepRecord record)
    {
        double? seconds = record.StepSeconds ?? (record.TokensPerSecondPerDevice is { } rate
            ? (double)record.GlobalBatchSequences * record.SequenceLength / (rate * record.Devices)
            : null);
        return seconds is { } measured && _resolver.Resolve(record) is { Resolved: { } resolved, Plan: var plan }
            ? new(record.Id, record.Source, resolved.Job, plan, "step.seconds", measured)
            : null;
    }

    /// <summary>Fits multipliers to observations, from their priors.</summary>
    /// <param name="observations">The observations, in any order.</param>
    /// <param name="prior">What is known before; null for what is declared.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal CalibrationFits Fit(
        IEnumerable<Observation> observations,
        LogPrior? prior = null,
        CalibrationOptions? options = null,
        IProgress<CalibrationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        FitWeights settings = Space.Declaration.Weights;
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads ?? -1 };
        Observations recorded = Observations.Record(observations, Space, parallel);
        string[] sources = options.LeaveSourcesOut
            ? [.. recorded.All.Select(static observation => observation.Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
        PosteriorSearch search = new(prior ?? LogPrior.Of(Space.Declaration), settings);
        PosteriorMode[] modes = new PosteriorMode[sources.Length + 1];
        int done = 0;
        Parallel.For(0, modes.Length, parallel, index =>
        {
            string? leftOut = index == 0 ? null : sources[index - 1];
            modes[index] = search.Run(recorded, SourceWeights.Of(recorded, settings.SourceExponent, leftOut), cancellationToken);
            progress?.Report(new(Interlocked.Increment(ref done), modes.Length));
        });

        return new(
            recorded,
            modes[0],
            sources.Zip(modes.Skip(1)).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal));
    }
}

/// <summary>The fit to all observations, and those without each source.</summary>
/// <param name="Observations">The observations.</param>
/// <param name="All">The fit to all.</param>
/// <param name="WithoutSource">The fit without a source, by the source.</param>
internal sealed record CalibrationFits(
    Observations Observations, PosteriorMode All, IReadOnlyDictionary<string, PosteriorMode> WithoutSource);
