using System.Globalization;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>What a search found, for people.</summary>
internal static class PlanText
{
    private const int WideEnough = 100;
    private const int MostPareto = 12;

    /// <summary>Writes the best plans, the front, why others fail, and the details of the best.</summary>
    public static void Write(IAnsiConsole console, PlanResult result)
    {
        WriteHeadline(console, result);
        WritePlans(console, result.Plans);
        WritePareto(console, result.Pareto);
        WriteFailures(console, result);
        WriteSearch(console, result.Search);
        if (result.Plans is [var best, ..])
        {
            EstimateText.WriteDetails(console, best, "The best plan");
        }
    }

    private static void WriteHeadline(IAnsiConsole console, PlanResult result)
    {
        if (result.Plans is not [var best, ..])
        {
            console.Write(new Text($"No plan meets every limit.\n{Infeasibility.Of(result)}\n", Styles.Problem));
            return;
        }

        string title = best.Name ?? $"{best.Model.Id} on {best.Cluster.Accelerator}";
        console.Write(new Text(title + "\n", Styles.Strong));
        console.Write(new Text(
            $"Best for {result.Objective}: {Human.Number(best.Cluster.Devices)} {best.Cluster.Accelerator}, {PlanNotation.Degrees(best.Plan)}; "
            + $"{Human.Days(best.Run.Days)}, {Human.Energy(best.Energy.FacilityKwh)} and {Human.Emissions(best.Carbon.TotalKg)}.\n"));
    }

    private static void WritePlans(IAnsiConsole console, IReadOnlyList<Estimate> plans)
    {
        if (plans.Count == 0)
        {
            return;
        }

        console.Heading(plans.Count == 1 ? "The best plan found" : $"The best {plans.Count} plans");
        // Sequences in parts and experts have columns where a plan uses them.
        bool groups = plans.Any(static plan => plan.Plan.Context > 1 || plan.Plan.Expert > 1);
        Grid table = Page.Columns(groups ? "rrrrrrrrrllllrrrrrr" : "rrrrrrrllllrrrrrr", gap: console.Profile.Width < WideEnough ? 1 : 2)
            .Row(Styles.Quiet, ["#", "t", "p", "v", .. groups ? (string[])["c", "e"] : [], "d", "b", "m", "sp", "shard", "rec.", "sched", "dev.", "step s", "days", "MFU%", "GiB", "t CO2e"]);
        for (int i = 0; i < plans.Count; i++)
        {
            Estimate estimate = plans[i];
            EstimatedPlan plan = estimate.Plan;
            string[] parts = groups ? [Whole(plan.Context), Whole(plan.Expert)] : [];
            table.Row([
                Whole(i + 1),
                Whole(plan.Tensor),
                Whole(plan.Pipeline),
                Whole(plan.VirtualStages),
                .. parts,
                Whole(plan.Data),
                Whole(plan.MicroBatch),
                Whole(plan.MicroBatches),
                plan.SequenceParallel ? "y" : "n",
                plan.Sharding,
                PlanNotation.Recompute(plan),
                PlanNotation.Schedule(plan),
                Whole(estimate.Cluster.Devices),
                Short(estimate.Step.Seconds),
                Short(estimate.Run.Days),
                Short(100 * estimate.Step.Mfu),
                Short(estimate.Memory.TotalBytes / (1L << 30)),
                Short(estimate.Carbon.TotalKg / 1000),
            ]);
        }

        console.Block(table);
        console.Block(new Text(
            "t tensor, p pipeline, v virtual stages, " + (groups ? "c context, e expert, " : "") + "d data, b micro-batch, m micro-batches, sp sequence parallel", Styles.Quiet));
    }

    private static void WritePareto(IAnsiConsole console, IReadOnlyList<ParetoPoint> front)
    {
        if (front.Count == 0)
        {
            return;
        }

        console.Heading("Plans that no other beats in both days and carbon");
        Grid table = Page.Columns("rrrw").Row(Styles.Quiet, "time", "carbon", "devices", "plan");
        foreach (ParetoPoint point in front.Take(MostPareto))
        {
            table.Row(Human.Days(point.Days), Human.Emissions(point.CarbonKg), Human.Number(point.Devices), PlanNotation.Whole(point.Plan));
        }

        console.Block(table);
        if (front.Count > MostPareto)
        {
            console.Block(new Text($"and {Human.Number(front.Count - MostPareto)} more; --format json holds all", Styles.Quiet));
        }
    }

    private static void WriteFailures(IAnsiConsole console, PlanResult result)
    {
        double failed = result.Infeasible.Values.Sum();
        if (failed > 0)
        {
            console.Heading("Why other plans fail");
            Grid table = Page.Columns("lrr");
            foreach ((string reason, long count) in result.Infeasible.OrderByDescending(static reason => reason.Value))
            {
                table.Row(reason, Human.Count(count), Human.Percent(count / failed));
            }

            console.Block(table);
        }

        if (result.Binding is { } binding && result.Plans.Count > 0)
        {
            console.WriteLine();
            console.Paragraph(
                $"{binding.Limit} binds: a better plan would take {Human.Value(binding.Best, binding.Unit)}, "
                + $"allowed {Human.Value(binding.Allowed, binding.Unit.Contains(' ', StringComparison.Ordinal) ? "1" : binding.Unit)}.");
        }
    }

    private static void WriteSearch(IAnsiConsole console, SearchSummary search)
    {
        console.Heading("Search");
        console.Paragraph(
            $"{Human.Count(search.Space)} combinations, {Human.Count(search.Evaluated)} evaluated, {Human.Count(search.Pruned)} ruled out without, "
            + $"{Human.Count(search.Feasible)} feasible, in {Human.Seconds(search.Seconds)}; "
            + (search.Exact ? "the best of the space is among them." : "the best of the space may be missing."));
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Three digits, as short as a narrow table needs.
    private static string Short(double number)
    {
        double size = Math.Abs(number);
        string format = size switch { < 10 => "F2", < 100 => "F1", _ => "F0" };
        return size < 1e6 ? number.ToString(format, CultureInfo.InvariantCulture) : Human.Count(number);
    }
}
