using System.Globalization;
using CarbonScaling.Training;
using CarbonScaling.Validation.Calibration;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>A calibration, for people.</summary>
internal static class CalibrationText
{
    /// <summary>Writes the errors, the parameters and what was fitted.</summary>
    public static void Write(IAnsiConsole console, CalibrationOutcome outcome)
    {
        CalibratedSet set = outcome.Set;
        console.Paragraph(
            $"{Human.Number(set.Parameters.Count)} parameters fitted to {Human.Number(outcome.Observations)} steps of {Human.Number(outcome.Sources.Count)} sources.");
        WriteErrors(console, outcome);
        WriteParameters(console, set);
        foreach ((string rule, int count) in outcome.Exclusions)
        {
            console.Paragraph($"{Human.Number(count)} records left out by the rule {rule}.");
        }

        int open = set.Parameters.Count(static parameter => !parameter.IsDetermined);
        console.WriteLine();
        console.Paragraph(
            $"± and prior: standard deviations of the multiplier with and without the data; left: of the prior's. The data do not determine the {Human.Number(open)} parameters that are open: they leave more than 90 %."
            + (outcome.Converged ? "" : " A fit ended before it converged."));
    }

    private static void WriteErrors(IAnsiConsole console, CalibrationOutcome outcome)
    {
        console.Heading("Error of step times");
        Grid table = Page.Columns("lrrrr").Row(Styles.Quiet, "", "mean", "median", "mean of sources", "median source");
        Add(table, "before", outcome.Prior);
        Add(table, "fitted", outcome.Fitted);
        if (outcome.LeftOut is { } leftOut)
        {
            Add(table, "sources left out", leftOut);
        }

        console.Block(table);
        if (outcome.LeftOutIntervals is { } intervals)
        {
            string least = intervals.LeastSource.Length == 0 ? "" : $"; least of {intervals.LeastSource}, {Human.Percent(intervals.LeastSourceCoverage)}";
            console.Paragraph(
                $"90 % intervals of sources left out hold {Human.Percent(intervals.Coverage)} of their steps{least}; median half width {Human.Percent(intervals.MedianWidth)}.");
        }
    }

    private static void Add(Grid table, string name, CalibrationErrors errors) => table.Row(
        name,
        Human.Percent(errors.Mape),
        Human.Percent(errors.MedianApe),
        Human.Percent(errors.MeanOfSources),
        Human.Percent(errors.MedianOfSources));

    private static void WriteParameters(IAnsiConsole console, CalibratedSet set)
    {
        console.Heading("Multipliers of the priors");
        Grid table = Page.Columns("lwrrrrl").Row(Styles.Quiet, "parameter", "by", "multiplier", "± %", "prior", "left", "");
        foreach (FittedParameter parameter in set.Parameters)
        {
            table.Row(
                parameter.Id,
                By(parameter),
                parameter.Multiplier.ToString("F3", CultureInfo.InvariantCulture),
                Spread(parameter.Spread),
                Spread(parameter.PriorSpread),
                Human.Percent(parameter.SpreadRatio),
                parameter.IsDetermined ? "" : "open");
        }

        console.Block(table);
    }

    // The values are in the id.
    private static string By(FittedParameter parameter) => string.Join(
        ", ",
        parameter.Index.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(static index => index.Split(' ')[0] switch
        {
            "attentionKernel" => "kernel",
            "softwareClass" => "software",
            var other => other,
        }));

    private static string Spread(double spread) => (100 * spread).ToString("F1", CultureInfo.InvariantCulture);
}
