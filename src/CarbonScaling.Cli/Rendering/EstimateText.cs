using System.Globalization;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>An estimate for people.</summary>
internal static class EstimateText
{
    /// <summary>Writes the estimate.</summary>
    public static void Write(IAnsiConsole console, Estimate estimate)
    {
        WriteHeadline(console, estimate);
        WriteDetails(console, estimate, "Plan");
    }

    /// <summary>Writes all that follows the headline.</summary>
    public static void WriteDetails(IAnsiConsole console, Estimate estimate, string title)
    {
        PartsText.WritePhases(console, estimate);
        WritePlan(console, estimate, title + ShownPhase(estimate));
        PartsText.WritePools(console, estimate);
        MemoryText.Write(console, estimate.Memory);
        StepText.Write(console, estimate);
        RunText.Write(console, estimate);
        IntervalText.Write(console, estimate);
        WriteRemarks(console, estimate);
        WriteVersions(console, estimate);
    }

    // Of several phases, plan, memory and step are those of the one that takes the most device time.
    private static string ShownPhase(Estimate estimate)
    {
        if (estimate.Phases is not { } phases)
        {
            return "";
        }

        int longest = phases.Index().MaxBy(static phase => phase.Item.Run.DeviceHours).Index;
        return $" of the longest phase, {PartsText.NameOf(phases, longest)}";
    }

    private static void WriteHeadline(IAnsiConsole console, Estimate estimate)
    {
        string title = estimate.Name ?? $"{estimate.Model.Id} on {Human.Number(estimate.Cluster.Devices)} {estimate.Cluster.Accelerator}";
        console.Write(new Text(title + "\n", Styles.Strong));
        console.Write(new Text(Headline(estimate) + "\n"));
        if (estimate.Violations.Count > 0)
        {
            console.Write(new Text($"Not feasible: {string.Join("; ", estimate.Violations.Select(Infeasibility.Sentence))}.\n", Styles.Problem));
        }
    }

    private static string Headline(Estimate estimate)
    {
        if (estimate.Violations.Any(static violation => violation.Limit == "failures"))
        {
            return $"Training {estimate.Model.Id} on {Human.Count(estimate.Run.Tokens)} tokens does not get through on "
                + $"{Human.Number(estimate.Cluster.Devices)} {estimate.Cluster.Accelerator}: it fails faster than it restarts and saves a checkpoint.";
        }

        string interval = estimate.Intervals.Ranges.TryGetValue("carbon.totalKg", out (double Low, double High) range)
            ? $" ({Human.Number(100 * estimate.Intervals.Level)} %: {Human.Emissions(range.Low)} to {Human.Emissions(range.High)})"
            : "";
        return $"Training {estimate.Model.Id} on {Human.Count(estimate.Run.Tokens)} tokens takes {Human.Days(estimate.Run.Days)} "
            + $"on {Human.Number(estimate.Cluster.Devices)} {estimate.Cluster.Accelerator}, {Human.Energy(estimate.Energy.FacilityKwh)} "
            + $"and {Human.Emissions(estimate.Carbon.TotalKg)}{interval}.";
    }

    private static void WritePlan(IAnsiConsole console, Estimate estimate, string title)
    {
        EstimatedModel model = estimate.Model;
        EstimatedPlan plan = estimate.Plan;
        double batchTokens = (double)plan.GlobalBatchSequences * model.SequenceLength;
        string loss = model.PredictedLoss is { } nats ? string.Create(CultureInfo.InvariantCulture, $", loss {nats:F3} nats/token") : "";
        console.Heading(title);
        console.Block(Page.Columns("lw")
            .Row("model", $"{model.Id}: {Human.Count(model.Parameters)} parameters, {Human.Number(model.Layers)} layers of {Human.Number(model.Hidden)}{loss}")
            .Row("devices", $"{Human.Number(estimate.Cluster.Devices)} {estimate.Cluster.Accelerator} ({estimate.Cluster.System}) = {PlanNotation.Degrees(plan)}")
            .Row(
                "batch",
                $"{Human.Number(plan.GlobalBatchSequences)} sequences of {Human.Number(model.SequenceLength)} = {Human.Count(batchTokens)} tokens; "
                    + $"{(plan.Pools == "data" ? "up to " : "")}{Human.Number(plan.MicroBatches)} micro-batches of {Human.Number(plan.MicroBatch)} per replica")
            .Row("schedule", plan.VirtualStages > 1 ? $"{plan.Schedule}, {plan.VirtualStages} virtual stages" : plan.Schedule)
            .Row("memory", $"sharding {plan.Sharding}, recompute {plan.Recompute}, sequence parallel {(plan.SequenceParallel ? "yes" : "no")}")
            .Row("precision", model.Precision));
        if (plan is not { Expert: 1, ExpertTensor: 1, TensorOverlap: "none", Offload: "none", Context: 1 })
        {
            console.Block(Page.Columns("lw").Row("beside", PlanNotation.Beside(plan)));
        }
    }

    private static void WriteRemarks(IAnsiConsole console, Estimate estimate)
    {
        EstimatedExtrapolation extrapolation = estimate.Extrapolation;
        List<string> warnings = [.. estimate.Warnings];
        if (extrapolation.Devices > 1 || extrapolation.Parameters > 1)
        {
            warnings.Add(
                $"outside the checked range: {Human.Number(extrapolation.Devices)} times the devices, "
                + $"{Human.Number(extrapolation.Parameters)} times the parameters");
        }

        WriteList(console, "Warnings", "!", Styles.Warning, warnings);
        WriteList(console, "Exceeded limits", "x", Styles.Problem, [.. estimate.Violations.Select(Infeasibility.Sentence)]);
    }

    private static void WriteList(IAnsiConsole console, string title, string mark, Style style, List<string> lines)
    {
        if (lines.Count == 0)
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

    private static void WriteVersions(IAnsiConsole console, Estimate estimate)
    {
        console.WriteLine();
        console.Write(new Text(
            $"carbonscaling {estimate.ProgramVersion}, model {estimate.ModelVersion} ({estimate.Extrapolation.Accelerator}), inputs {estimate.InputsDigest}\n",
            Styles.Quiet));
    }
}
