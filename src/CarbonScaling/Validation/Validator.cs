using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Validation.Methods;
using CarbonScaling.Validation.Metrics;
using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>How records are validated.</summary>
/// <param name="Seed">Seed of the draws.</param>
/// <param name="Threads">Threads to use; null for all. The result does not depend on it.</param>
public sealed record ValidationOptions(int Seed = 0, int? Threads = null)
{
    /// <summary>The sets of parameters with which this program predicts; null for those that the catalog has.</summary>
    internal IReadOnlyList<ParameterChoice>? Choices { get; init; }
}

/// <summary>How far a validation is.</summary>
/// <param name="Done">Records that are done.</param>
/// <param name="Records">All records.</param>
public readonly record struct ValidationProgress(int Done, int Records);

/// <summary>Predicts published steps, runs and footprints by every method and compares.</summary>
/// <remarks>Holds no state but the catalog; safe to share between threads.</remarks>
public sealed class Validator
{
    private static readonly bool[] Both = [true, false];

    private readonly Catalog _catalog;
    private readonly RecordResolver _resolver;

    /// <summary>Makes a validator over a catalog.</summary>
    public Validator(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _catalog = catalog;
        _resolver = new(catalog);
    }

    /// <summary>The targets, each with the unit of its measurements.</summary>
    public static IReadOnlyDictionary<string, string> Units { get; } = ValidationTargets.All
        .DistinctBy(static table => table.Target)
        .ToDictionary(static table => table.Target, static table => table.Unit, StringComparer.Ordinal);

    /// <summary>A record as a scenario, with what was filled in.</summary>
    public RecordScenario Scenario(StepRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _resolver.Resolve(record).Scenario;
    }

    /// <summary>Predicts steps and compares.</summary>
    /// <param name="records">The records, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ValidationOutcome Run(
        IReadOnlyList<StepRecord> records,
        ValidationOptions? options = null,
        IProgress<ValidationProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Run(new RecordSet { Steps = records }, options, progress, cancellationToken);

    /// <summary>Predicts and compares.</summary>
    /// <param name="records">The records, in any order.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ValidationOutcome Run(
        RecordSet records,
        ValidationOptions? options = null,
        IProgress<ValidationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        options ??= new();
        IReadOnlyList<ParameterChoice> choices = options.Choices ?? ParameterChoice.Default(_catalog);
        ValidationCase[] cases = Cases(records, choices, options, progress, cancellationToken);
        OurFootprint footprint = new(_catalog);
        IPredictionMethod[] methods = [.. choices.Select(Ours), .. Baselines.All(cases)];

        List<ValidatedRow> rows = [];
        List<TargetScore> scores = [];
        foreach (ValidationTable table in ValidationTargets.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ValidationCase[] ofTable = [.. cases.Where(each => table.Measured(each) is not null)];
            (IPredictionMethod Method, string Id, ScoredRow[] Rows)[] predicted =
            [
                .. from method in methods
                   let id = method.IsOurs && table.Regime == Regime.HoursGiven ? $"{method.Id}@hours" : method.Id
                   let found = RowsOf(table, method, id, ofTable)
                   where found.Length > 0 && (method.IsOurs || found.Any(static row => row.Row.Predicted is not null))
                   select (method, id, found),
            ];
            if (predicted.Length > 0)
            {
                rows.AddRange(predicted.SelectMany(static each => each.Rows).Select(static row => row.Row));
                scores.Add(ScoreOf(table, predicted, options.Seed));
            }
        }

        OurMethod Ours(ParameterChoice choice) => new(choice, Practice.Of(cases, ValidationTargets.All.First(static table => table.Id == ValidationTargets.DeviceHours), choice.Of), footprint.Of);

        Estimate? any = cases.Select(each => each.With(choices[0].Of(each.Source)).Estimate).FirstOrDefault(static estimate => estimate is not null);
        return new(
            any?.ProgramVersion ?? "",
            any?.ModelVersion ?? "",
            scores,
            ExclusionsOf(cases, choices),
            rows,
            [.. cases.Select(each => new RecordFilling(each.Id, ChosenPlan.Filled(each, choices[0].Of(each.Source))))])
        {
            RecordCount = records.Count,
            NotTestable = Untestable.Of(records),
        };
    }

    // Each record is resolved once, and evaluated with every set of parameters that predicts it.
    private ValidationCase[] Cases(
        RecordSet records,
        IReadOnlyList<ParameterChoice> choices,
        ValidationOptions options,
        IProgress<ValidationProgress>? progress,
        CancellationToken cancellationToken)
    {
        CaseBuilder builder = new(_catalog, cancellationToken);
        Func<ValidationCase>[] makers =
        [
            .. records.Steps.Select(record => (Func<ValidationCase>)(() => builder.Of(record))),
            .. records.Runs.Select(record => (Func<ValidationCase>)(() => builder.Of(record))),
            .. records.Footprints.Select(record => (Func<ValidationCase>)(() => builder.Of(record))),
        ];
        ValidationCase[] cases = new ValidationCase[makers.Length];
        ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads ?? -1 };
        int done = 0;
        Parallel.For(0, makers.Length, parallel, index =>
        {
            ValidationCase made = makers[index]();
            made.Prepare(choices.Select(choice => choice.Of(made.Source)));
            cases[index] = made;
            progress?.Report(new(Interlocked.Increment(ref done), makers.Length));
        });
        return cases;
    }

    private static ScoredRow[] RowsOf(ValidationTable table, IPredictionMethod method, string id, IEnumerable<ValidationCase> cases) =>
    [
        .. from each in cases
           let excluded = each.Excluded is { } rule && ValidationTargets.Applies(rule, table) ? rule : null
           let prediction = excluded is null ? method.Predict(table, each) : method.IsOurs ? Prediction.LeftOut(excluded) : Prediction.None
           where prediction.Value is not null || prediction.Excluded is not null
           select new ScoredRow(
               new(
                   each.Id,
                   each.Source,
                   table.Id,
                   id,
                   table.Measured(each)!.Value,
                   prediction.Value,
                   prediction.Low,
                   prediction.High,
                   prediction.Excluded?.Rule.Name,
                   prediction.Excluded?.Detail)
               {
                   Hardware = each.Groups.Hardware,
               },
               each.Groups),
    ];

    private static TargetScore ScoreOf(
        ValidationTable table, IReadOnlyList<(IPredictionMethod Method, string Id, ScoredRow[] Rows)> predicted, int seed) =>
        new(table.Id, [.. predicted.Select(each => Scores.Of(table, each.Method, each.Id, each.Rows, seed))])
        {
            Unit = table.Unit,
            Regime = table.Regime == Regime.ExAnte ? "ex-ante" : "hours-given",
            About = table.About,
            Comparisons = Scores.Compare([.. predicted.Select(static each => (each.Id, each.Method.IsOurs, (IReadOnlyList<ScoredRow>)each.Rows))], seed),
        };

    // A record counts once, under the rule that leaves it out for every method, or else for this program.
    private static ExclusionCount[] ExclusionsOf(IReadOnlyList<ValidationCase> cases, IReadOnlyList<ParameterChoice> choices)
    {
        (Exclusion Exclusion, bool Every)[] left =
        [
            .. from each in cases
               let exclusion = each.Excluded ?? each.Refused ?? each.With(choices[0].Of(each.Source)).Refused
               where exclusion is not null
               select (exclusion, each.Excluded is not null),
        ];
        return
        [
            .. from rule in ExclusionRule.All.Concat(RunExclusions.All)
               from every in Both
               let found = left.Where(each => each.Exclusion.Rule == rule && each.Every == every).Select(static each => each.Exclusion).ToArray()
               where found.Length > 0
               select new ExclusionCount(
                   rule.Name,
                   rule.Reason,
                   found.Length,
                   found.CountBy(static exclusion => exclusion.Detail, StringComparer.Ordinal)
                       .OrderByDescending(static detail => detail.Value)
                       .ThenBy(static detail => detail.Key, StringComparer.Ordinal)
                       .ToDictionary(StringComparer.Ordinal))
               {
                   ForEveryMethod = every,
               },
        ];
    }
}
