using System.Globalization;
using System.Text;

namespace CarbonScaling.Validation.Pages;

/// <summary>The page that says how far the program's predictions are to be believed: <c>docs/validation.md</c>.</summary>
public static class MarkdownPage
{
    private const int WorstRows = 10;
    private const int FewSources = 4;
    private const double LowCoverage = 0.7;

    /// <summary>Writes the page.</summary>
    public static string Write(ValidationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        StringBuilder page = new();
        page.Append("""
            # Validation

            `carbonscaling validate` predicts what was published and compares. This page is what it prints with `--page markdown`;
            a test fails where the two differ. [validation-method.md](validation-method.md) says how a row becomes a scenario, what is
            compared with what, and by which rules rows are left out.

            ## The claim

            "Nearer" and "farther" are said only where the 95 % interval of the difference of |ln(predicted/measured)| on the same
            rows, over draws of whole sources, excludes 0.

            | target | rows | sources | median error | 90th percentile | factor | against the best baseline |
            |---|---:|---:|---:|---:|---:|---|

            """);
        foreach (TargetScore target in outcome.Targets.Where(PageText.IsScored))
        {
            MethodScore judged = PageText.Judged(target);
            ErrorMetrics errors = judged.Errors;
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| [{target.Id}](#{Anchor(target.Id)}) | {errors.N} | {errors.Sources} | {PageText.Percent(errors.MedianApe, errors.MedianApeInterval95)} | {PageText.Percent(errors.P90Ape)} | {PageText.Fixed(errors.ExpRmsle, errors.ExpRmsleInterval95)} | {PageText.Verdict(target)} |");
        }

        WriteData(page, outcome);
        WriteMetrics(page);
        foreach (TargetScore target in outcome.Targets.Where(PageText.IsScored))
        {
            WriteTarget(page, outcome, target);
        }

        WriteFailures(page, outcome);
        return page.ToString();
    }

    private static void WriteData(StringBuilder page, ValidationOutcome outcome)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"""

            ## The data

            {outcome.RecordCount} records (`data/records`, each row with its source), predicted with the parameters
            `{outcome.ModelVersion}`. Left out, each by a rule:

            | rule | records | of | reason |
            |---|---:|---|---|
            """);
        foreach (ExclusionCount exclusion in outcome.Exclusions)
        {
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| `{exclusion.Rule}` | {exclusion.Records} | {(exclusion.ForEveryMethod ? "every method" : "this program")} | {exclusion.Reason} |");
        }

        double share = outcome.Exclusions.Sum(static exclusion => exclusion.Records) / Math.Max(1.0, outcome.RecordCount);
        page.AppendLine(CultureInfo.InvariantCulture, $"""

            That is {PageText.Percent(share)} of the records.
            """);
        if (outcome.NotTestable.Count == 0)
        {
            return;
        }

        page.AppendLine("""

            Not testable with these records:

            | target | records | why |
            |---|---:|---|
            """);
        foreach (NotTestable one in outcome.NotTestable)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {one.Target} | {one.Records} | {one.Reason} |");
        }
    }

    private static void WriteMetrics(StringBuilder page) => page.AppendLine("""

        ## The metrics

        Error is |predicted/measured − 1|; factor is exp of the root mean square of ln(predicted/measured), the typical factor by
        which a prediction is off; bias is the geometric mean of predicted/measured. *k* counts constants that were fitted to
        records. "By source" is the mean over the sources of their mean errors. "In 90 %" is the share of measurements inside the
        predicted 90 % interval and "score" the interval score in logarithms (less is better). "Ranks" is Spearman's correlation
        inside groups of three or more layouts on one cluster. Brackets hold 95 % of 2,000 draws of whole sources; with fewer than
        four sources there are none. Regressions predict each source with a fit over all others.
        """);

    private static void WriteTarget(StringBuilder page, ValidationOutcome outcome, TargetScore target)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"""

            ## {target.Id}

            {Capital(target.About)}; in {target.Unit}, {target.Regime}.

            | method | k | rows | sources | median error | 90th percentile | factor | mean | by source | bias | R² log | ≤ 25 % | ≤ 2x | in 90 % | score | ranks |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (MethodScore method in target.Methods)
        {
            ErrorMetrics errors = method.Errors;
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| {(method.IsOurs ? $"**{method.Method}**" : method.Method)} | {method.FittedConstants} | {errors.N} | {errors.Sources} | {PageText.Percent(errors.MedianApe, errors.MedianApeInterval95)} | {PageText.Percent(errors.P90Ape, errors.P90ApeInterval95)} | {PageText.Fixed(errors.ExpRmsle, errors.ExpRmsleInterval95)} | {PageText.Percent(errors.Mape, errors.MapeInterval95)} | {PageText.Percent(errors.SourceMeanApe, errors.SourceMeanApeInterval95)} | {PageText.Fixed(errors.Bias)} | {PageText.Fixed(errors.R2Log)} | {PageText.Percent(errors.Within25)} | {PageText.Percent(errors.Within2x)} | {PageText.Percent(errors.Coverage90)} | {PageText.Fixed(errors.IntervalScore90)} | {PageText.Fixed(method.LayoutCorrelation)} |");
        }

        MethodScore judged = PageText.Judged(target);
        WriteComparisons(page, target, judged);
        if (judged.Errors.Sources >= FewSources)
        {
            WriteGroups(page, judged);
        }

        WriteWorst(page, outcome, target, judged);
    }

    private static void WriteComparisons(StringBuilder page, TargetScore target, MethodScore judged)
    {
        MethodComparison[] comparisons = [.. target.Comparisons.Where(comparison => comparison.Method == judged.Method)];
        if (comparisons.Length == 0)
        {
            return;
        }

        page.AppendLine(CultureInfo.InvariantCulture, $"""

            {judged.Method} less each baseline, mean of |ln(predicted/measured)| on the rows that both predict:

            | baseline | rows | sources | difference | |
            |---|---:|---:|---:|---|
            """);
        foreach (MethodComparison comparison in comparisons)
        {
            string verdict = comparison.Beats ? "nearer" : comparison.IsBeaten ? "farther" : comparison.Interval95 is null ? "too few sources" : "not decided";
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| {comparison.Baseline} | {comparison.N} | {comparison.Sources} | {PageText.Fixed(comparison.Difference, comparison.Interval95)} | {verdict} |");
        }
    }

    private static void WriteGroups(StringBuilder page, MethodScore judged)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"""

            {judged.Method} by group:

            | by | group | rows | median error | 90th percentile | mean | factor | bias | in 90 % |
            |---|---|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (SourceScore source in judged.BySource)
        {
            Line("source", source.Source, source.Errors);
        }

        foreach (GroupScore group in judged.ByGroup)
        {
            Line(group.By, group.Group, group.Errors);
        }

        page.AppendLine(CultureInfo.InvariantCulture, $"""

            Median of the sources' medians {PageText.Percent(judged.MedianOfSources)}; of the medians by source, model, hardware and
            precision {PageText.Percent(judged.MedianOfSets)}.
            """);

        void Line(string by, string name, ErrorMetrics errors) => page.AppendLine(CultureInfo.InvariantCulture,
            $"| {by} | {name} | {errors.N} | {PageText.Percent(errors.MedianApe)} | {PageText.Percent(errors.P90Ape)} | {PageText.Percent(errors.Mape)} | {PageText.Fixed(errors.ExpRmsle)} | {PageText.Fixed(errors.Bias)} | {PageText.Percent(errors.Coverage90)} |");
    }

    private static void WriteWorst(StringBuilder page, ValidationOutcome outcome, TargetScore target, MethodScore judged)
    {
        IReadOnlyList<ValidatedRow> worst = PageText.Worst(outcome, target, judged.Method, WorstRows);
        if (worst.Count == 0)
        {
            return;
        }

        page.AppendLine("""

            The farthest rows:

            | row | hardware | measured | predicted | error |
            |---|---|---:|---:|---:|
            """);
        foreach (ValidatedRow row in worst)
        {
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| {row.Id} | {row.Hardware} | {PageText.Number(row.Measured)} | {PageText.Number(row.Predicted!.Value)} | {PageText.Signed(row.Error!.Value)} |");
        }
    }

    private static void WriteFailures(StringBuilder page, ValidationOutcome outcome)
    {
        page.AppendLine("""

            ## The failures

            """);
        foreach (TargetScore target in outcome.Targets.Where(PageText.IsScored))
        {
            MethodScore judged = PageText.Judged(target);
            string[] nearer = [.. target.Comparisons
                .Where(comparison => comparison.Method == judged.Method && comparison.IsBeaten)
                .Select(static comparison => comparison.Baseline)];
            if (nearer.Length > 0)
            {
                page.AppendLine(CultureInfo.InvariantCulture, $"- {target.Id}: farther than {string.Join(", ", nearer)}.");
            }

            string[] narrow = [.. judged.BySource
                .Where(static source => source.Errors.Coverage90 < LowCoverage)
                .Select(static source => $"{source.Source} ({PageText.Percent(source.Errors.Coverage90)})")];
            if (narrow.Length > 0)
            {
                page.AppendLine(CultureInfo.InvariantCulture,
                    $"- {target.Id}: the 90 % interval holds fewer than 70 % of the rows of {string.Join(", ", narrow)}.");
            }
        }
    }

    // As GitHub makes them: lower case, without dots and at signs.
    private static string Anchor(string heading) =>
        string.Concat(heading.Where(static letter => char.IsLetterOrDigit(letter) || letter == '-')).ToLowerInvariant();

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
