using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The phases and the pools of a result.</summary>
internal static class PartsText
{
    /// <summary>Writes the phases, one a row; nothing where there are none.</summary>
    public static void WritePhases(IAnsiConsole console, Estimate estimate)
    {
        if (estimate.Phases is not { } phases)
        {
            return;
        }

        console.Heading($"Phases: {Human.Number(phases.Count)}");
        Grid table = Page.Columns("lrrrrrrr").Row(
            Styles.Quiet, "phase", "tokens", "sequence", "batch", "step", "MFU", "time", "carbon");
        for (int i = 0; i < phases.Count; i++)
        {
            EstimatedPhase phase = phases[i];
            table.Row(
                NameOf(phases, i),
                Human.Count(phase.Tokens),
                Human.Number(phase.SequenceLength),
                Human.Number(phase.GlobalBatchSequences),
                Human.Seconds(phase.Step.Seconds),
                Human.Percent(phase.Step.Mfu),
                Human.Days(phase.Run.Days),
                Human.Emissions(phase.Carbon.TotalKg));
        }

        console.Block(table);
        console.WriteLine();
        Grid plans = Page.Columns("lrw").Row(Styles.Quiet, "phase", "memory", "plan");
        for (int i = 0; i < phases.Count; i++)
        {
            EstimatedMemory memory = phases[i].Memory;
            plans.Row(
                NameOf(phases, i),
                $"{Human.Percent(memory.TotalBytes / memory.CapacityBytes)}{(memory.Fits ? "" : ": does not fit")}",
                PlanNotation.Whole(phases[i].Plan));
        }

        console.Block(plans);
    }

    /// <summary>Writes the pools, one a row; nothing where there is one.</summary>
    public static void WritePools(IAnsiConsole console, Estimate estimate)
    {
        if (estimate.Pools is not { } pools)
        {
            return;
        }

        console.Heading($"Pools: {Human.Number(pools.Count)}");
        Grid table = Page.Columns("llrrrr").Row(Styles.Quiet, "pool", "takes", "memory", "waits", "energy", "carbon");
        foreach (EstimatedPool pool in pools)
        {
            table.Row(
                $"{Human.Number(pool.Devices)} {pool.Accelerator}",
                ShareOf(pool, estimate.Plan),
                Human.Percent(pool.Memory.TotalBytes / pool.Memory.CapacityBytes),
                Human.Percent((pool.Step.WaitSeconds + pool.Step.PipelineBubbleSeconds) / pool.Step.Seconds),
                Human.Energy(pool.Energy.ItKwh / estimate.Energy.ItKwh * estimate.Energy.FacilityKwh),
                Human.Emissions(pool.Carbon.TotalKg));
        }

        console.Block(table);
        console.Block(new Text("waits: for other pools and stages, as a share of a step", Styles.Quiet));
    }

    /// <summary>What a phase is called.</summary>
    public static string NameOf(IReadOnlyList<EstimatedPhase> phases, int index) =>
        phases[index].Name is { } name ? $"{Human.Number(index + 1)} {name}" : Human.Number(index + 1);

    private static string ShareOf(EstimatedPool pool, EstimatedPlan plan) => plan.Pools == "pipeline"
        ? $"stages {Human.Number(pool.FirstStage)}–{Human.Number(pool.FirstStage + pool.Stages - 1)}, {Human.Number(pool.Layers)} layers"
        : $"{Human.Number(pool.Data)} × {Human.Number(pool.MicroBatches)} micro-batches, {Human.Percent(pool.BatchShare)}";
}
