using System.Globalization;
using CarbonScaling.Validation;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The model against published measurements, for people.</summary>
internal static class ValidationText
{
    private const int WorstRows = 10;
    private const int MostDetails = 8;
    private const int FewSources = 4;

    /// <summary>Writes the errors by target, method and group, the rows, and what was left out.</summary>
    public static void Write(IAnsiConsole console, ValidationOutcome result, bool allRows)
    {
        foreach (TargetScore target in result.Targets.Where(static target => target.Methods.Any(static method => method.Errors.N > 0)))
        {
            console.Heading($"{target.Id}: {target.About}");
            WriteMethods(console, target);
            WriteComparisons(console, target);
            MethodScore first = target.Methods[0];
            if (first.Errors.Sources >= FewSources)
            {
                WriteGroups(console, first);
            }

            WriteRows(console, target, result.Rows, allRows);
        }

        WriteExclusions(console, result);
        WriteNotTestable(console, result.NotTestable);
        console.WriteLine();
        console.Paragraph(
            "Error is |predicted/measured − 1|; factor is exp of the root mean square of ln(predicted/measured); bias is the geometric "
            + "mean of predicted/measured; k counts constants fitted to records. Brackets hold 95 % of 2000 draws of whole sources; there "
            + "are none with fewer than four sources. --format json says what was filled in for each row, and by which rule.");
    }

    private static void WriteMethods(IAnsiConsole console, TargetScore target)
    {
        Grid headline = Page.Columns("lrrrrrr").Row(Styles.Quiet, "method", "k", "rows", "sources", "median error", "90th percentile", "factor");
        Grid beside = Page.Columns("lrrrrrrrr").Row(Styles.Quiet, "method", "mean", "by source", "bias", "R² log", "≤ 25 %", "≤ 2x", "in 90 %", "ranks");
        foreach (MethodScore method in target.Methods)
        {
            ErrorMetrics errors = method.Errors;
            headline.Row(
                method.Method,
                Human.Number(method.FittedConstants),
                Human.Number(errors.N),
                Human.Number(errors.Sources),
                Percent(errors.MedianApe, errors.MedianApeInterval95),
                Percent(errors.P90Ape, errors.P90ApeInterval95),
                Factor(errors.ExpRmsle, errors.ExpRmsleInterval95));
            beside.Row(
                method.Method,
                Percent(errors.Mape),
                Percent(errors.SourceMeanApe),
                Fixed(errors.Bias),
                Fixed(errors.R2Log),
                Percent(errors.Within25),
                Percent(errors.Within2x),
                Percent(errors.Coverage90),
                Fixed(method.LayoutCorrelation));
        }

        console.Block(headline);
        console.WriteLine();
        console.Block(beside);
    }

    private static void WriteComparisons(IAnsiConsole console, TargetScore target)
    {
        string first = target.Methods[0].Method;
        MethodComparison[] comparisons = [.. target.Comparisons.Where(comparison => comparison.Method == first && comparison.Interval95 is not null)];
        if (comparisons.Length == 0)
        {
            return;
        }

        string Names(Func<MethodComparison, bool> which) =>
            comparisons.Where(which).Select(static comparison => comparison.Baseline).ToArray() is { Length: > 0 } names ? string.Join(", ", names) : "none";
        console.WriteLine();
        console.Paragraph(
            $"{first} on the same rows: nearer than {Names(static each => each.Beats)}; farther than {Names(static each => each.IsBeaten)}; "
            + $"undecided: {Names(static each => !each.Beats && !each.IsBeaten)}.");
    }

    private static void WriteGroups(IAnsiConsole console, MethodScore method)
    {
        Grid table = Page.Columns("llrrrrrr").Row(Styles.Quiet, method.Method, "", "rows", "median", "p90", "mean", "bias", "in 90 %");
        foreach (SourceScore source in method.BySource)
        {
            Add("source", source.Source, source.Errors);
        }

        foreach (GroupScore group in method.ByGroup)
        {
            Add(group.By, group.Group, group.Errors);
        }

        console.WriteLine();
        console.Block(table);
        console.Paragraph(
            $"Median of the sources' medians {Percent(method.MedianOfSources)}, of the medians by source, model, hardware and precision {Percent(method.MedianOfSets)}.");

        void Add(string by, string name, ErrorMetrics errors) => table.Row(
            by,
            name,
            Human.Number(errors.N),
            Percent(errors.MedianApe),
            Percent(errors.P90Ape),
            Percent(errors.Mape),
            Fixed(errors.Bias),
            Percent(errors.Coverage90));
    }

    private static void WriteRows(IAnsiConsole console, TargetScore target, IReadOnlyList<ValidatedRow> rows, bool all)
    {
        string first = target.Methods[0].Method;
        ValidatedRow[] predicted =
            [.. rows.Where(row => row.Table == target.Id && row.Predicted is not null && (row.Method == first || (all && row.Method.Length > 0)))];
        ValidatedRow[] shown = all ? predicted : [.. predicted.OrderByDescending(static row => Math.Abs(Math.Log(row.Predicted!.Value / row.Measured))).Take(WorstRows)];
        if (shown.Length == 0)
        {
            return;
        }

        Grid table = Page.Columns("lllrrr").Row(Styles.Quiet, all ? "row" : "worst rows", "method", "hardware", "measured", "predicted", "error");
        foreach (ValidatedRow row in shown)
        {
            table.Row(
                row.Id,
                row.Method,
                row.Hardware,
                Human.Figure(row.Target, row.Measured),
                Human.Figure(row.Target, row.Predicted!.Value),
                (100 * row.Error!.Value).ToString("+0.0 '%';−0.0 '%'", CultureInfo.InvariantCulture));
        }

        console.WriteLine();
        console.Block(table);
    }

    private static void WriteExclusions(IAnsiConsole console, ValidationOutcome result)
    {
        if (result.Exclusions.Count == 0)
        {
            return;
        }

        console.Heading($"Left out, of {Human.Number(result.RecordCount)} records");
        foreach (ExclusionCount exclusion in result.Exclusions)
        {
            string who = exclusion.ForEveryMethod ? "of every method" : "of this program";
            console.Paragraph($"{exclusion.Rule}, {Human.Number(exclusion.Records)} records, {who}: {exclusion.Reason}");
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

    private static void WriteNotTestable(IAnsiConsole console, IReadOnlyList<NotTestable> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        console.Heading("Not testable with these records");
        Grid table = Page.Columns("lrw");
        foreach (NotTestable one in all)
        {
            table.Row(one.Target, Human.Number(one.Records), one.Reason);
        }

        console.Block(table);
    }

    private static string Percent(double? share) => share is { } value ? Human.Percent(value) : "";

    private static string Percent(double? share, IReadOnlyList<double>? interval) => interval is [var low, var high]
        ? $"{Percent(share)} [{100 * low:F0}, {100 * high:F0}]"
        : Percent(share);

    private static string Factor(double? factor, IReadOnlyList<double>? interval) => interval is [var low, var high]
        ? string.Create(CultureInfo.InvariantCulture, $"{factor:F2} [{low:F2}, {high:F2}]")
        : Fixed(factor);

    private static string Fixed(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "";
}
