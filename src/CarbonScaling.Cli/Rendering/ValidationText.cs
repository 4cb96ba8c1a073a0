using System.Globalization;
using CarbonScaling.Validation;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The model against published measurements, for people.</summary>
internal static class ValidationText
{
    private const int WorstRows = 20;
    private const int MostDetails = 8;

    /// <summary>Writes the errors by target and source, the rows, and what was left out.</summary>
    public static void Write(IAnsiConsole console, ValidationOutcome result, bool allRows)
    {
        foreach (TargetScore target in result.Targets)
        {
            foreach (MethodScore method in target.Methods)
            {
                WriteErrors(console, target.Target, method);
            }
        }

        WriteRows(console, result, allRows);
        WriteExclusions(console, result.Exclusions);
        console.WriteLine();
        console.Paragraph(
            "Error is |predicted/measured − 1|; bias is the geometric mean of predicted/measured. No constant is fitted to a row. "
            + "--format json says what was filled in for each row, and by which rule.");
    }

    private static void WriteErrors(IAnsiConsole console, string target, MethodScore method)
    {
        console.Heading($"{target}, {method.Method}");
        Grid table = Page.Columns("lrrrrrrr").Row(Styles.Quiet, "source", "rows", "median", "p90", "mean", "bias", "≤ 25 %", "in 90 %");
        foreach (SourceScore source in method.BySource)
        {
            Add(table, source.Source, source.Errors);
        }

        Add(table, "all rows", method.Errors);
        console.Block(table);
        if (method.MedianOfSources is { } median)
        {
            string interval = method.Errors.MedianApeInterval95 is [var low, var high]
                ? $"; the median of all rows lies in {Percent(low)} to {Percent(high)} when sources are drawn anew"
                : "";
            console.Paragraph($"Median of the sources' medians {Percent(median)}{interval}.");
        }
    }

    private static void Add(Grid table, string name, ErrorMetrics errors) => table.Row(
        name,
        Human.Number(errors.N),
        Percent(errors.MedianApe),
        Percent(errors.P90Ape),
        Percent(errors.Mape),
        errors.Bias is { } bias ? bias.ToString("F2", CultureInfo.InvariantCulture) : "",
        Percent(errors.Within25),
        Percent(errors.Coverage90));

    private static void WriteRows(IAnsiConsole console, ValidationOutcome result, bool all)
    {
        // Two targets of one record may be the same measurement; the first is listed.
        string? listed = result.Targets is [var first, ..] ? first.Target : null;
        ValidatedRow[] rows = [.. result.Rows.Where(row => row.Predicted is not null && (all || row.Target == listed))];
        ValidatedRow[] shown = all ? rows : [.. rows.OrderByDescending(static row => Math.Abs(row.Error!.Value)).Take(WorstRows)];
        if (shown.Length == 0)
        {
            return;
        }

        console.Heading(all ? "Rows" : $"The {shown.Length} worst rows of {listed}");
        Grid table = Page.Columns("llrrr").Row(Styles.Quiet, "row", "target", "measured", "predicted", "error");
        foreach (ValidatedRow row in shown)
        {
            table.Row(
                row.Id,
                row.Target,
                Human.Figure(row.Target, row.Measured),
                Human.Figure(row.Target, row.Predicted!.Value),
                (100 * row.Error!.Value).ToString("+0.0 '%';−0.0 '%'", CultureInfo.InvariantCulture));
        }

        console.Block(table);
    }

    private static void WriteExclusions(IAnsiConsole console, IReadOnlyList<ExclusionCount> exclusions)
    {
        if (exclusions.Count == 0)
        {
            return;
        }

        console.Heading("Left out");
        foreach (ExclusionCount exclusion in exclusions)
        {
            console.Paragraph($"{exclusion.Rule}, {Human.Number(exclusion.Records)} records: {exclusion.Reason}");
            Grid table = Page.Columns("rw");
            foreach ((string detail, int count) in exclusion.Details.Take(MostDetails))
            {
                table.Row(Human.Number(count), detail);
            }

            if (exclusion.Details.Count > MostDetails)
            {
                table.Row(
                    Human.Number(exclusion.Details.Skip(MostDetails).Sum(static detail => detail.Value)),
                    $"for {exclusion.Details.Count - MostDetails} other reasons of this kind");
            }

            console.Block(table);
        }
    }

    private static string Percent(double? share) => share is { } value ? Human.Percent(value) : "";
}
