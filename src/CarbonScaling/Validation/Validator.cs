using CarbonScaling.Catalogs;
using CarbonScaling.Models;
using CarbonScaling.Planning;

namespace CarbonScaling.Validation;

/// <summary>How records are validated.</summary>
/// <param name="Seed">Seed of the resampling.</param>
/// <param name="Threads">Threads to use; null for all. The result does not depend on it.</param>
public sealed record ValidationOptions(int Seed = 0, int? Threads = null);

/// <summary>How far a validation is.</summary>
/// <param name="Done">Records that are done.</param>
/// <param name="Records">All records.</param>
public readonly record struct ValidationProgress(int Done, int Records);

/// <summary>Predicts published steps and compares.</summary>
/// <remarks>Holds no state but the catalog; safe to share between threads.</remarks>
public sealed class Validator
{
    private const string Method = "carbonscaling";

    private readonly RecordResolver _resolver;

    /// <summary>Makes a validator over a catalog.</summary>
    public Validator(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _resolver = new(catalog);
    }

    /// <summary>The targets, each with the unit of its measurements.</summary>
    public static IReadOnlyDictionary<string, string> Units { get; } = ValidationTargets.All.ToDictionary(
        static target => target.Name, static target => target.Unit, StringComparer.Ordinal);

    /// <summary>A record as a scenario, with what was filled in.</summary>
    public RecordScenario Scenario(StepRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _resolver.Resolve(record).Scenario;
    }

    /// <summary>Predicts and compares.</summary>
    /// <param name="records">The records, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ValidationOutcome Run(
        IReadOnlyList<StepRecord> records,
        ValidationOptions? options = null,
        IProgress<ValidationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        options ??= new();
        (RecordScenario Scenario, Estimate? Estimate)[] evaluated = new (RecordScenario, Estimate?)[records.Count];
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads ?? -1 };
        int done = 0;
        Parallel.For(0, records.Count, parallel, index =>
        {
            evaluated[index] = Evaluate(records[index]);
            progress?.Report(new(Interlocked.Increment(ref done), records.Count));
        });

        List<ValidatedRow> rows = [];
        List<TargetScore> scores = [];
        foreach (ValidationTarget target in ValidationTargets.All)
        {
            ValidatedRow[] ofTarget = [.. evaluated
                .Where(each => target.Measured(each.Scenario.Record) is not null)
                .Select(each => RowOf(target, each.Scenario, each.Estimate))];
            rows.AddRange(ofTarget);
            if (ofTarget.Length > 0)
            {
                scores.Add(new(target.Name, [ScoreOf(ofTarget, options.Seed)]));
            }
        }

        Estimate? any = evaluated.Select(static each => each.Estimate).FirstOrDefault(static estimate => estimate is not null);
        return new(
            any?.ProgramVersion ?? "",
            any?.ModelVersion ?? "",
            scores,
            ExclusionsOf([.. evaluated.Select(static each => each.Scenario)]),
            rows,
            [.. evaluated.Select(static each => new RecordFilling(each.Scenario.Record.Id, each.Scenario.Filled))]);
    }

    private (RecordScenario Scenario, Estimate? Estimate) Evaluate(StepRecord record)
    {
        ResolvedRecord resolved = _resolver.Resolve(record);
        if (resolved.Resolved is null)
        {
            return (resolved.Scenario, null);
        }

        try
        {
            EstimateBuilder builder = new(resolved.Scenario.Scenario!, resolved.Resolved, FlopsConvention.ModelFull, chosen: false);
            return (resolved.Scenario, builder.Build(resolved.Plan));
        }
        catch (KeyNotFoundException missing)
        {
            return (resolved.Scenario with { Scenario = null, Exclusion = new(ExclusionRule.NotMeasured, missing.Message) }, null);
        }
    }

    private static ValidatedRow RowOf(ValidationTarget target, RecordScenario scenario, Estimate? estimate)
    {
        (double Value, double? Low, double? High)? prediction = estimate is null ? null : target.Predicted(estimate);
        return new(
            scenario.Record.Id,
            scenario.Record.Source,
            target.Name,
            Method,
            target.Measured(scenario.Record)!.Value,
            prediction?.Value,
            prediction?.Low,
            prediction?.High,
            scenario.Exclusion?.Rule.Name,
            scenario.Exclusion?.Detail);
    }

    private static MethodScore ScoreOf(IReadOnlyList<ValidatedRow> rows, int seed)
    {
        Comparison[] compared = [.. rows
            .Where(static row => row.Predicted is not null)
            .Select(static row => new Comparison(row.Source, row.Measured, row.Predicted!.Value, row.Low, row.High))];
        SourceScore[] sources = [.. compared
            .GroupBy(static row => row.Source, StringComparer.Ordinal)
            .OrderBy(static source => source.Key, StringComparer.Ordinal)
            .Select(source => new SourceScore(source.Key, ErrorMetrics.Of([.. source], seed)))];
        double[] medians = [.. sources.Select(static source => source.Errors.MedianApe!.Value).Order()];
        return new(
            Method,
            FittedConstants: 0,
            ErrorMetrics.Of(compared, seed),
            medians.Length == 0 ? null : ErrorMetrics.Quantile(medians, 0.5),
            sources);
    }

    private static ExclusionCount[] ExclusionsOf(IReadOnlyList<RecordScenario> scenarios) =>
    [
        .. from rule in ExclusionRule.All
           let left = scenarios.Where(scenario => scenario.Exclusion?.Rule == rule).ToArray()
           where left.Length > 0
           select new ExclusionCount(
               rule.Name,
               rule.Reason,
               left.Length,
               left.CountBy(static scenario => scenario.Exclusion!.Detail, StringComparer.Ordinal)
                   .OrderByDescending(static detail => detail.Value)
                   .ThenBy(static detail => detail.Key, StringComparer.Ordinal)
                   .ToDictionary(StringComparer.Ordinal)),
    ];
}
