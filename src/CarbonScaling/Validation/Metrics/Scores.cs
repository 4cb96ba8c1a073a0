using CarbonScaling.Validation.Methods;

namespace CarbonScaling.Validation.Metrics;

/// <summary>A row with the groups of its record.</summary>
/// <param name="Row">The row.</param>
/// <param name="Groups">The groups.</param>
internal readonly record struct ScoredRow(ValidatedRow Row, CaseGroups Groups);

/// <summary>Errors of the methods of a table.</summary>
internal static class Scores
{
    private const int FewestLayouts = 3;

    private static readonly (string By, Func<CaseGroups, string> Of)[] Groupings =
        [("hardware", static groups => groups.Hardware), ("size", static groups => groups.Size), ("kind", static groups => groups.Kind)];

    /// <summary>The errors of a method over the rows of a table.</summary>
    public static MethodScore Of(ValidationTable table, IPredictionMethod method, string id, IReadOnlyList<ScoredRow> rows, int seed)
    {
        ScoredRow[] predicted = [.. rows.Where(static row => row.Row.Predicted is not null)];
        SourceScore[] sources = [.. By(predicted, static row => row.Row.Source, seed).Select(static group => new SourceScore(group.Group, group.Errors))];
        double[] layouts =
        [
            .. from row in predicted
               where row.Groups.Layouts.Length > 0
               group row.Row by row.Groups.Layouts into layout
               where layout.Count() >= FewestLayouts
               let correlation = RankCorrelation.Of([.. layout.Select(static row => (row.Measured, row.Predicted!.Value))])
               where correlation is not null
               select correlation.Value,
        ];
        return new(id, method.FittedConstants(table), Errors(predicted, seed), Median(sources.Select(static source => source.Errors.MedianApe!.Value)), sources)
        {
            Name = method.Name,
            IsOurs = method.IsOurs,
            MedianOfSets = Median(By(predicted, static row => row.Groups.Set, seed).Select(static group => group.Errors.MedianApe!.Value)),
            LayoutCorrelation = layouts.Length == 0 ? null : layouts.Average(),
            LayoutGroups = layouts.Length,
            ByGroup =
            [
                .. from grouping in Groupings
                   from score in By(predicted, row => grouping.Of(row.Groups), seed)
                   where score.Group.Length > 0
                   select new GroupScore(grouping.By, score.Group, score.Errors),
            ],
        };
    }

    /// <summary>Methods of this program against the others, on rows that both predict.</summary>
    public static IReadOnlyList<MethodComparison> Compare(
        IReadOnlyList<(string Method, bool IsOurs, IReadOnlyList<ScoredRow> Rows)> methods, int seed) =>
    [
        .. from ours in methods
           where ours.IsOurs
           from theirs in methods
           where !theirs.IsOurs
           let comparison = Compare(ours.Method, ours.Rows, theirs.Method, theirs.Rows, seed)
           where comparison is not null
           select comparison,
    ];

    private static MethodComparison? Compare(
        string method, IReadOnlyList<ScoredRow> ours, string baseline, IReadOnlyList<ScoredRow> theirs, int seed)
    {
        Dictionary<string, double> errors = theirs
            .Where(static row => row.Row.Predicted is not null)
            .ToDictionary(static row => row.Row.Id, static row => AbsoluteLog(row.Row), StringComparer.Ordinal);
        PairedRow[] pairs =
        [
            .. from row in ours
               where row.Row.Predicted is not null && errors.ContainsKey(row.Row.Id)
               select new PairedRow(row.Row.Source, AbsoluteLog(row.Row), errors[row.Row.Id]),
        ];
        if (pairs.Length == 0)
        {
            return null;
        }

        (double difference, double[]? interval) = PairedDraws.Of(pairs, seed);
        return new(
            method, baseline, pairs.Length, pairs.Select(static pair => pair.Source).Distinct(StringComparer.Ordinal).Count(), difference, interval);
    }

    private static double AbsoluteLog(ValidatedRow row) => Math.Abs(Math.Log(row.Predicted!.Value / row.Measured));

    private static IEnumerable<(string Group, ErrorMetrics Errors)> By(IEnumerable<ScoredRow> rows, Func<ScoredRow, string> key, int seed) => rows
        .GroupBy(key, StringComparer.Ordinal)
        .OrderBy(static group => group.Key, StringComparer.Ordinal)
        .Select(group => (group.Key, Errors([.. group], seed)));

    private static ErrorMetrics Errors(IReadOnlyList<ScoredRow> rows, int seed) => ErrorMetrics.Of(
        [.. rows.Select(static row => new Comparison(row.Row.Source, row.Row.Measured, row.Row.Predicted!.Value, row.Row.Low, row.Row.High))],
        seed);

    private static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : ErrorMetrics.Quantile(sorted, 0.5);
    }
}
