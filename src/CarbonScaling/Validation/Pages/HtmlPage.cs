using System.Globalization;
using System.Net;
using System.Text;

namespace CarbonScaling.Validation.Pages;

/// <summary>A page of its own, without anything from elsewhere, with predicted against measured for every target.</summary>
public static class HtmlPage
{
    private const int WorstRows = 10;

    private const string Style = """
        :root { color-scheme: light dark; --page: #fcfcfb; --ink: #1d2125; --quiet: #626a73; --line: #d7dbe0; --ours: #1d5fbf; --theirs: #b4561a; --band: #2e9e6b22; --good: #1c7a4b; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --page: #14171a; --ink: #e6e8ea; --quiet: #9aa3ad; --line: #343a41; --ours: #7db0ff; --theirs: #f0a06a; --band: #3fbf8730; --good: #6fd09c; --bad: #ff8a80; } }
        body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 78rem; padding: 2rem 1.25rem 4rem; }
        h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 3rem 0 .25rem; overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
        p, .quiet { color: var(--quiet); max-width: 46rem; margin: .25rem 0 1rem; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
        th { color: var(--quiet); font-weight: 500; text-align: right; border-bottom: 1px solid var(--line); padding: .3rem .7rem .3rem 0; white-space: nowrap; }
        td { text-align: right; padding: .18rem .7rem .18rem 0; white-space: nowrap; } th:first-child, td:first-child, .text { text-align: left; }
        td.wide { white-space: normal; text-align: left; min-width: 16rem; } th.wide { white-space: normal; text-align: left; } tr.ours td { font-weight: 600; }
        .nearer { color: var(--good); } .farther { color: var(--bad); } small { color: var(--quiet); font-weight: 400; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 26rem)); gap: 1.5rem; margin: 1rem 0; } figure { margin: 0; } figcaption { font-size: .86rem; margin-bottom: .25rem; } figcaption small { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        svg { width: 100%; height: auto; } svg text { fill: var(--quiet); font-size: 12px; } .frame { fill: none; stroke: var(--line); } .grid { stroke: var(--line); stroke-width: .5; }
        .band { fill: var(--band); } .equal { stroke: var(--ink); stroke-width: 1; } .double { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 4 4; }
        circle.ours { fill: var(--ours); fill-opacity: .45; } circle.theirs { fill: var(--theirs); fill-opacity: .45; } circle:hover { fill-opacity: 1; stroke: var(--ink); }
        details { margin: .75rem 0; } summary { cursor: pointer; color: var(--quiet); } nav a { color: var(--ours); margin-right: 1rem; } a { color: var(--ours); }
        """;

    /// <summary>Writes the page.</summary>
    public static string Write(ValidationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>CarbonScaling: validation</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>Predicted against measured</h1>
            <p>{outcome.RecordCount} published records, predicted by CarbonScaling {Encoded(outcome.ProgramVersion.Split('+')[0])} with the parameters {Encoded(outcome.ModelVersion)} and by every baseline. “Nearer” and “farther” are said only where the 95 % interval of the paired difference over draws of whole sources excludes 0; brackets hold 95 % of such draws. In the plots the line is equality, the band ±25 %, and the dashes a factor of two.</p>

            """);
        WriteSummary(page, outcome);
        foreach (TargetScore target in outcome.Targets.Where(PageText.IsScored))
        {
            WriteTarget(page, outcome, target);
        }

        WriteLeftOut(page, outcome);
        page.Append("</body>\n</html>\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteSummary(StringBuilder page, ValidationOutcome outcome)
    {
        page.Append("<div class=\"scroll\"><table><tr><th>target<th>rows<th>sources<th>median error<th>90th percentile<th>factor<th class=\"text\">against the best baseline</tr>\n");
        foreach (TargetScore target in outcome.Targets.Where(PageText.IsScored))
        {
            ErrorMetrics errors = PageText.Judged(target).Errors;
            string verdict = PageText.Verdict(target);
            string kind = verdict.StartsWith("nearer", StringComparison.Ordinal) ? "nearer" : verdict.StartsWith("farther", StringComparison.Ordinal) ? "farther" : "quiet";
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td><a href=\"#{Encoded(target.Id)}\">{Encoded(target.Id)}</a><td>{errors.N}<td>{errors.Sources}<td>{Interval(PageText.Percent(errors.MedianApe, errors.MedianApeInterval95))}<td>{PageText.Percent(errors.P90Ape)}<td>{Interval(PageText.Fixed(errors.ExpRmsle, errors.ExpRmsleInterval95))}<td class=\"wide {kind}\">{Encoded(verdict)}</tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static void WriteTarget(StringBuilder page, ValidationOutcome outcome, TargetScore target)
    {
        MethodScore judged = PageText.Judged(target);
        MethodScore? best = PageText.BestBaseline(target);
        page.Append(CultureInfo.InvariantCulture, $"<h2 id=\"{Encoded(target.Id)}\">{Encoded(target.Id)}</h2>\n<p>{Encoded(target.About)}; {Encoded(target.Regime)}.</p>\n");
        WritePlots(page, outcome, target, judged, best);
        page.Append("<div class=\"scroll\"><table><tr><th>method<th>fitted<th>rows<th>median error<th>90th percentile<th>factor<th>mean<th>bias<th>≤ 25 %<th>in 90 %<th>ranks<th class=\"text\">this program is</tr>\n");
        foreach (MethodScore method in target.Methods)
        {
            ErrorMetrics errors = method.Errors;
            page.Append(CultureInfo.InvariantCulture,
                $"<tr{(method.IsOurs ? " class=\"ours\"" : "")}><td title=\"{Encoded(method.Name)}\">{Encoded(method.Method)}<td>{method.FittedConstants}<td>{errors.N}<td>{Interval(PageText.Percent(errors.MedianApe, errors.MedianApeInterval95))}<td>{Interval(PageText.Percent(errors.P90Ape, errors.P90ApeInterval95))}<td>{Interval(PageText.Fixed(errors.ExpRmsle, errors.ExpRmsleInterval95))}<td>{PageText.Percent(errors.Mape)}<td>{PageText.Fixed(errors.Bias)}<td>{PageText.Percent(errors.Within25)}<td>{PageText.Percent(errors.Coverage90)}<td>{PageText.Fixed(method.LayoutCorrelation)}{VerdictCell(target, method)}</tr>\n");
        }

        page.Append("</table></div>\n");
        WriteGroups(page, judged);
        WriteWorst(page, outcome, target, judged);
    }

    private static void WritePlots(StringBuilder page, ValidationOutcome outcome, TargetScore target, MethodScore judged, MethodScore? best)
    {
        PlotPoint[] ours = Points(outcome, target, judged.Method);
        PlotPoint[] theirs = best is null ? [] : Points(outcome, target, best.Method);
        ScatterPlot plot = new([.. ours, .. theirs], target.Unit);
        page.Append("<div class=\"plots\">");
        Figure(judged, ours, "ours");
        if (best is not null)
        {
            Figure(best, theirs, "theirs");
        }

        page.Append("</div>\n");

        void Figure(MethodScore method, PlotPoint[] points, string kind) => page.Append(CultureInfo.InvariantCulture,
            $"<figure><figcaption>{Encoded(method.Method)} <small>{Encoded(method.Name)}</small></figcaption>{plot.Draw(points, $"{target.Id}: {method.Method}, predicted against measured", kind)}</figure>");
    }

    private static PlotPoint[] Points(ValidationOutcome outcome, TargetScore target, string method) =>
    [
        .. outcome.Rows
            .Where(row => row.Table == target.Id && row.Method == method && row.Predicted is not null)
            .Select(static row => new PlotPoint(row.Measured, row.Predicted!.Value, $"{row.Id}, {row.Hardware}: {PageText.Signed(row.Error!.Value)}")),
    ];

    private static void WriteGroups(StringBuilder page, MethodScore judged)
    {
        page.Append(CultureInfo.InvariantCulture,
            $"<details><summary>{Encoded(judged.Method)} by source, hardware, size and kind of model</summary><div class=\"scroll\"><table><tr><th>by<th class=\"text\">group<th>rows<th>median error<th>90th percentile<th>mean<th>bias<th>in 90 %</tr>\n");
        IEnumerable<(string By, string Group, ErrorMetrics Errors)> groups =
        [
            .. judged.BySource.Select(static source => ("source", source.Source, source.Errors)),
            .. judged.ByGroup.Select(static group => (group.By, group.Group, group.Errors)),
        ];
        foreach ((string by, string group, ErrorMetrics errors) in groups)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Encoded(by)}<td class=\"text\">{Encoded(group)}<td>{errors.N}<td>{PageText.Percent(errors.MedianApe)}<td>{PageText.Percent(errors.P90Ape)}<td>{PageText.Percent(errors.Mape)}<td>{PageText.Fixed(errors.Bias)}<td>{PageText.Percent(errors.Coverage90)}</tr>\n");
        }

        page.Append("</table></div></details>\n");
    }

    private static void WriteWorst(StringBuilder page, ValidationOutcome outcome, TargetScore target, MethodScore judged)
    {
        page.Append("<details><summary>The farthest rows</summary><div class=\"scroll\"><table><tr><th>row<th class=\"text\">hardware<th>measured<th>predicted<th>error</tr>\n");
        foreach (ValidatedRow row in PageText.Worst(outcome, target, judged.Method, WorstRows))
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Encoded(row.Id)}<td class=\"text\">{Encoded(row.Hardware)}<td>{PageText.Number(row.Measured)}<td>{PageText.Number(row.Predicted!.Value)}<td>{PageText.Signed(row.Error!.Value)}</tr>\n");
        }

        page.Append("</table></div></details>\n");
    }

    private static void WriteLeftOut(StringBuilder page, ValidationOutcome outcome)
    {
        if (outcome.Exclusions.Count > 0)
        {
            page.Append("<h2>Left out</h2>\n<div class=\"scroll\"><table><tr><th>rule<th>records<th class=\"text\">of<th class=\"text\">reason</tr>\n");
            foreach (ExclusionCount exclusion in outcome.Exclusions)
            {
                page.Append(CultureInfo.InvariantCulture,
                    $"<tr><td>{Encoded(exclusion.Rule)}<td>{exclusion.Records}<td class=\"text\">{(exclusion.ForEveryMethod ? "every method" : "this program")}<td class=\"wide\">{Encoded(exclusion.Reason)}</tr>\n");
            }

            page.Append("</table></div>\n");
        }

        if (outcome.NotTestable.Count > 0)
        {
            page.Append("<h2>Not testable with these records</h2>\n<div class=\"scroll\"><table><tr><th>target<th>records<th class=\"text\">why</tr>\n");
            foreach (NotTestable one in outcome.NotTestable)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encoded(one.Target)}<td>{one.Records}<td class=\"wide\">{Encoded(one.Reason)}</tr>\n");
            }

            page.Append("</table></div>\n");
        }
    }

    private static string VerdictCell(TargetScore target, MethodScore method)
    {
        if (method.IsOurs || PageText.Against(target, method) is not { } against)
        {
            return "<td>";
        }

        (string kind, string word) = against switch
        {
            { Beats: true } => ("nearer", "nearer"),
            { IsBeaten: true } => ("farther", "farther"),
            { Interval95: null } => ("quiet", "too few sources"),
            _ => ("quiet", "not decided"),
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<td class=\"text {kind}\">{word} <small>{PageText.Fixed(against.Difference, against.Interval95)}</small>");
    }

    // The interval in small print.
    private static string Interval(string text) =>
        text.IndexOf('[', StringComparison.Ordinal) is > 0 and var at ? $"{text[..at]}<small>{text[at..]}</small>" : text;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
