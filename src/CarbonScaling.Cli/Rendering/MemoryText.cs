using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The memory of a device, against what it has.</summary>
internal static class MemoryText
{
    private const int GreatestBar = 60;
    private const int GreatestStageBar = 20;
    private const int MostStages = 8;

    /// <summary>Writes the memory of the fullest stage, and of each where there are several.</summary>
    public static void Write(IAnsiConsole console, EstimatedMemory memory)
    {
        string fits = memory.Fits ? "" : memory.FullestPhase is { } phase ? $"; {phase} does not fit" : ": does not fit";
        console.Heading(
            $"Memory of a device: {Human.Bytes(memory.TotalBytes)} of {Human.Bytes(memory.CapacityBytes)}, "
            + $"{Human.Percent(memory.TotalBytes / memory.CapacityBytes)}{fits}");
        BarPart[] parts =
        [
            new("weights", memory.WeightsBytes, '█', Color.Blue),
            new("gradients", memory.GradientsBytes, '▓', Color.Teal),
            new("optimizer", memory.OptimizerBytes, '▒', Color.Purple),
            new("activations", memory.ActivationsBytes, '░', Color.Olive),
            new("overhead", memory.OverheadBytes, '▞', Color.Grey),
        ];
        console.Block(Bars.Stacked(parts, memory.CapacityBytes, Math.Min(GreatestBar, console.Profile.Width - 4)));
        Grid legend = Page.Columns("llrr");
        foreach (BarPart part in parts)
        {
            AddPart(legend, part, memory.CapacityBytes);
        }

        if (memory.TotalBytes < memory.CapacityBytes)
        {
            AddPart(legend, new("free", memory.CapacityBytes - memory.TotalBytes, Bars.Free, Color.Grey), memory.CapacityBytes);
        }

        console.Block(legend);
        WriteStages(console, memory);
    }

    private static void AddPart(Grid legend, BarPart part, double capacity) => legend.AddRow(
        new Text(part.Glyph.ToString(), new Style(part.Color)),
        new Text(part.Label),
        new Text(Human.Bytes(part.Value)),
        new Text(Human.Percent(part.Value / capacity)));

    private static void WriteStages(IAnsiConsole console, EstimatedMemory memory)
    {
        if (memory.Stages.Count < 2)
        {
            return;
        }

        double greatest = Math.Max(memory.CapacityBytes, memory.Stages.Max(static stage => stage.TotalBytes));
        int bar = Math.Min(GreatestStageBar, console.Profile.Width / 5);
        Grid table = Page.Columns("lrrrrl").Row(Styles.Quiet, "stage", "layers", "in flight", "activations", "total", "");
        foreach (StageGroup? group in Shown(StageGroup.Of(memory.Stages)))
        {
            if (group is null)
            {
                table.Row("…");
                continue;
            }

            EstimatedStageMemory stage = group.Stage;
            table.AddRow(
                new Text(group.Label),
                new Text(Human.Number(stage.Layers)),
                new Text(Human.Number(stage.InFlightMicroBatches)),
                new Text(Human.Bytes(stage.ActivationsBytes)),
                new Text(Human.Bytes(stage.TotalBytes)),
                new Text(Bars.Of(stage.TotalBytes / greatest, bar), Styles.Bar));
        }

        console.WriteLine();
        console.Block(table);
    }

    /// <summary>The first and the last of many, with null for those between.</summary>
    private static IEnumerable<StageGroup?> Shown(IReadOnlyList<StageGroup> groups) => groups.Count <= MostStages
        ? groups
        : groups.Take(MostStages / 2).Append<StageGroup?>(null).Concat(groups.TakeLast((MostStages / 2) - 1));

    /// <summary>Stages next to each other that take the same.</summary>
    private sealed record StageGroup(EstimatedStageMemory Stage, int Last)
    {
        public string Label => Last == Stage.Stage ? Human.Number(Last) : $"{Human.Number(Stage.Stage)}–{Human.Number(Last)}";

        public static List<StageGroup> Of(IReadOnlyList<EstimatedStageMemory> stages)
        {
            List<StageGroup> groups = [];
            foreach (EstimatedStageMemory stage in stages)
            {
                if (groups is [.., var last] && IsSame(last.Stage, stage))
                {
                    groups[^1] = last with { Last = stage.Stage };
                }
                else
                {
                    groups.Add(new(stage, stage.Stage));
                }
            }

            return groups;
        }

        private static bool IsSame(EstimatedStageMemory left, EstimatedStageMemory right) =>
            left.Layers == right.Layers
            && left.InFlightMicroBatches.Equals(right.InFlightMicroBatches)
            && Human.Bytes(left.TotalBytes) == Human.Bytes(right.TotalBytes);
    }
}
