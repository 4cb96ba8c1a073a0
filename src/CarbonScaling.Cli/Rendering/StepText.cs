using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>Where the time of a step goes, and the rates that follow.</summary>
internal static class StepText
{
    private const int GreatestBar = 40;

    /// <summary>Writes the parts of the step and its rates.</summary>
    public static void Write(IAnsiConsole console, Estimate estimate)
    {
        EstimatedStep step = estimate.Step;
        console.Heading($"Step: {Human.Seconds(step.Seconds)}");
        console.Block(Shares(
            console,
            step.Seconds,
            Human.Seconds,
            ("compute", step.ComputeSeconds),
            ("tensor communication", step.TensorCommSeconds),
            ("pipeline bubble", step.PipelineBubbleSeconds),
            ("pipeline communication", step.PipelineCommSeconds),
            ("data communication", step.DataCommSeconds),
            ("expert communication", step.ExpertCommSeconds),
            ("context communication", step.ContextCommSeconds),
            ("optimizer", step.OptimizerSeconds),
            ("other", step.OtherSeconds)));
        console.WriteLine();
        console.Block(Page.Columns("lw")
            .Row("tokens", $"{Human.Count(step.TokensPerSecond)} per second, {Human.Number(step.TokensPerSecondPerDevice)} per second and device")
            .Row(
                "rate",
                $"{Human.Number(step.ModelTflopsPerDevice)} TFLOP/s per device of a peak of {Human.Number(estimate.Cluster.PeakTflopsPerDevice)}; "
                    + $"{Human.Number(step.HardwareTflopsPerDevice)} executed")
            .Row("MFU", $"{Human.Percent(step.Mfu)}, counted {step.FlopsConvention}; HFU {Human.Percent(step.Hfu)}"));
    }

    /// <summary>Parts of a whole, each with its share and a bar; parts of nothing are left out.</summary>
    public static Grid Shares(IAnsiConsole console, double whole, Func<double, string> format, params ReadOnlySpan<(string Label, double Value)> parts)
    {
        int bar = Math.Clamp(console.Profile.Width - 46, 8, GreatestBar);
        Grid grid = Page.Columns("lrrl");
        foreach ((string label, double value) in parts)
        {
            if (value != 0)
            {
                double share = value / whole;
                grid.AddRow(new Text(label), new Text(format(value)), new Text(Human.Percent(share)), new Text(Bars.Of(share, bar), Styles.Bar));
            }
        }

        return grid;
    }
}
