using System.Globalization;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>How sure the main figures are.</summary>
internal static class IntervalText
{
    /// <summary>Writes the intervals.</summary>
    public static void Write(IAnsiConsole console, Estimate estimate)
    {
        EstimatedIntervals intervals = estimate.Intervals;
        if (intervals.Ranges.Count == 0)
        {
            return;
        }

        Dictionary<string, string> values = new(new EstimateReport(estimate).Cells, StringComparer.Ordinal);
        console.Heading($"Intervals: {Human.Number(100 * intervals.Level)} %");
        Grid table = Page.Columns("lrrr").Row(Styles.Quiet, "figure", "low", "estimate", "high");
        foreach ((string path, (double low, double high)) in intervals.Ranges)
        {
            string estimated = values.TryGetValue(path, out string? text)
                ? Human.Figure(path, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))
                : "";
            table.Row(path, Human.Figure(path, low), estimated, Human.Figure(path, high));
        }

        console.Block(table);
    }
}
