using System.Globalization;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Tracking;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>A running job against its prediction, for people.</summary>
internal static class TrackText
{
    /// <summary>Writes the headline, the comparison, drift, progress and projection.</summary>
    public static void Write(IAnsiConsole console, Track track)
    {
        WriteHeadline(console, track);
        WriteComparison(console, track);
        if (track.Progress is { } progress)
        {
            WriteDrift(console, track.Drift);
            WriteProgress(console, progress);
            WriteProjection(console, track, progress);
        }

        WriteRemarks(console, track);
        console.WriteLine();
        console.Write(new Text(
            $"carbonscaling {track.ProgramVersion}, model {track.ModelVersion}, inputs {track.InputsDigest}\n", Styles.Quiet));
    }

    private static void WriteHeadline(IAnsiConsole console, Track track)
    {
        string title = track.Name ?? $"{track.Model} on {Human.Number(track.Devices)} {track.Accelerator}";
        console.Write(new Text(title + "\n", Styles.Strong));
        console.Write(new Text(Headline(track) + "\n"));
    }

    private static string Headline(Track track)
    {
        if (track is not { Step: { } step, Progress: { } progress, Finish: { } finish, Projected: { } projected })
        {
            return "Only power was measured.";
        }

        string when = finish.Date is { } date ? $"ends on {date[..10]}" : "ends";
        string end = progress.Share >= 1
            ? "The run is at its end"
            : $"After {Human.Percent(progress.Share)} of its tokens the run {when}, in {Human.Days(finish.RemainingDays)}";
        return $"{end}; it takes {Human.Days(projected.Days)}, {Human.Energy(projected.FacilityKwh)} and {Human.Emissions(projected.TotalKg)} in all. "
            + $"A step takes {Human.Seconds(step.MeasuredSeconds)}, {Difference(step.Ratio)} than predicted, {(step.Inside ? "inside" : "outside")} its interval.";
    }

    private static string Difference(double ratio) => ratio >= 1
        ? $"{Human.Percent(ratio - 1)} more"
        : $"{Human.Percent(1 - ratio)} less";

    private static void WriteComparison(IAnsiConsole console, Track track)
    {
        console.Heading("Measured against predicted");
        Grid table = Page.Columns("lrrrrl").Row(Styles.Quiet, "figure", "predicted", "90 % interval", "measured", "ratio", "");
        if (track.Step is { } step)
        {
            Add("step", "step.predictedSeconds", step.PredictedSeconds, step.MeasuredSeconds, step.Ratio, step.Inside, Human.Seconds);
            table.Row(
                "tokens/s per device",
                Human.Number(step.PredictedTokensPerSecondPerDevice),
                "",
                Human.Number(step.TokensPerSecondPerDevice),
                Ratio(step.TokensPerSecondPerDevice / step.PredictedTokensPerSecondPerDevice),
                "");
        }

        if (track.Power is { } power)
        {
            Add("power per device", "power.predictedWatts", power.PredictedWatts, power.MeasuredWatts, power.Ratio, power.Inside, Human.Watts);
        }

        if (track.NodePower is { } node)
        {
            Add("node, per device", "nodePower.predictedWatts", node.PredictedWatts, node.MeasuredWatts, node.Ratio, node.Inside, Human.Watts);
        }

        console.Block(table);
        if (track.Step is { } steps)
        {
            console.WriteLine();
            console.Block(Page.Columns("lw")
                .Row(
                    "steps",
                    $"{Human.Number(steps.Entries)} entries, {Human.Number(steps.WarmUp)} of them warm-up, {Human.Number(steps.Outliers)} outliers; "
                        + $"5 to 95 %: {Human.Seconds(steps.LowSeconds)} to {Human.Seconds(steps.HighSeconds)}, mean {Human.Seconds(steps.MeanSeconds)}")
                .Row("rate", $"{Human.Number(steps.ModelTflopsPerDevice)} TFLOP/s per device; MFU {Human.Percent(steps.Mfu)}, counted {steps.FlopsConvention}"));
        }

        void Add(string name, string path, double predicted, double measured, double ratio, bool inside, Func<double, string> format)
        {
            (double low, double high) = track.Intervals.Ranges[path];
            table.Row(name, format(predicted), $"{format(low)} to {format(high)}", format(measured), Ratio(ratio), inside ? "inside" : "outside");
        }
    }

    private static string Ratio(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);

    private static void WriteDrift(IAnsiConsole console, TrackedDrift? drift)
    {
        console.Heading("Drift");
        console.Paragraph(drift switch
        {
            null => "Too few entries to tell whether the duration of a step moved: ten or more are needed.",
            { Moved: false } => "The duration of a step did not move: no change of 1 % or more that is significant at 1 %.",
            { FromTime: { } time } => $"{Sentence(drift)}, {time}.",
            _ => Sentence(drift) + ".",
        });
    }

    private static string Sentence(TrackedDrift drift) =>
        $"A step takes {Human.Seconds(drift.AfterSeconds)} after {Human.Seconds(drift.BeforeSeconds)}, {Human.Percent(Math.Abs(drift.Change))} "
        + $"{(drift.Change > 0 ? "more" : "less")}, from step {Human.Number(drift.FromStep)} on";

    private static void WriteProgress(IAnsiConsole console, TrackedProgress progress)
    {
        console.Heading("So far");
        string source = progress.WallFrom switch
        {
            "accounting" => "by the accounting",
            "times" => "by the times in the log",
            _ => "the sum of the steps: the log has no times",
        };
        console.Block(Page.Columns("lw")
            .Row("work", $"step {Human.Number(progress.Step)} of {Human.Number(Math.Ceiling(progress.Steps))}, {Human.Count(progress.Tokens)} tokens, {Human.Percent(progress.Share)}")
            .Row("time", $"{Human.Days(progress.SoFar.Days)}, {Human.Count(progress.SoFar.DeviceHours)} device-hours, {source}; goodput {Human.Percent(progress.Goodput)}")
            .Row(
                "pauses",
                $"{Human.Number(progress.Restarts)} restarts, {Human.Number(progress.StepsDoneAgain)} steps done again, "
                    + $"{Human.Number(progress.Gaps)} gaps of {Human.Seconds(progress.GapHours * 3600)} in all")
            .Row("energy", $"{Human.Energy(progress.SoFar.AcceleratorKwh)} in accelerators, {Human.Energy(progress.SoFar.FacilityKwh)} in the facility")
            .Row("carbon", $"{Human.Emissions(progress.SoFar.TotalKg)}, {Human.Emissions(progress.SoFar.EmbodiedKg)} of it embodied"));
    }

    private static void WriteProjection(IAnsiConsole console, Track track, TrackedProgress progress)
    {
        console.Heading(track.Finish!.Date is { } date ? $"Whole run, to {date}" : "Whole run");
        Grid table = Page.Columns("lrrrr").Row(Styles.Quiet, "figure", "so far", "projected", "90 % interval", "predicted");
        RunTotals projected = track.Projected!;
        Add("time", "days", static totals => totals.Days, Human.Days);
        Add("device-hours", "deviceHours", static totals => totals.DeviceHours, Human.Count);
        Add("accelerators", "acceleratorKwh", static totals => totals.AcceleratorKwh, Human.Energy);
        Add("IT", "itKwh", static totals => totals.ItKwh, Human.Energy);
        Add("facility", "facilityKwh", static totals => totals.FacilityKwh, Human.Energy);
        Add("operational", "operationalKg", static totals => totals.OperationalKg, Human.Emissions);
        Add("embodied", "embodiedKg", static totals => totals.EmbodiedKg, Human.Emissions);
        Add("carbon", "totalKg", static totals => totals.TotalKg, Human.Emissions);
        console.Block(table);
        console.WriteLine();
        console.Paragraph(
            $"Remaining steps at the {track.Finish.Rate} rate; time lost beside them {Human.Percent(track.Finish.OverheadShare)} of theirs, {track.Finish.Overhead}; "
            + $"power of accelerators {track.Finish.Power}, of hosts {track.Finish.HostPower}; network, PUE, carbon intensity and embodied per device-hour predicted.");

        void Add(string name, string path, Func<RunTotals, double> of, Func<double, string> format)
        {
            (double low, double high) = track.Intervals.Ranges[$"projected.{path}"];
            table.Row(name, format(of(progress.SoFar)), format(of(projected)), $"{format(low)} to {format(high)}", format(of(track.Predicted)));
        }
    }

    private static void WriteRemarks(IAnsiConsole console, Track track)
    {
        List(console, "Warnings", "!", Styles.Warning, [.. track.Warnings]);
        List(console, "Exceeded limits", "x", Styles.Problem, [.. track.Violations.Select(Infeasibility.Sentence)]);
        console.Heading("Telemetry");
        Grid files = Page.Columns("lrw");
        foreach (TrackedFile file in track.Telemetry)
        {
            files.Row(file.Kind, Human.Number(file.Entries), file.File);
        }

        console.Block(files);
    }

    private static void List(IAnsiConsole console, string title, string mark, Style style, string[] lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        console.Heading(title);
        Grid list = Page.Columns("lw", gap: 1);
        foreach (string line in lines)
        {
            list.AddRow(new Text(mark, style), new Text(line));
        }

        console.Block(list);
    }
}
