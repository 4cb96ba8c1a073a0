namespace CarbonScaling.Training;

/// <summary>How many layers each pipeline stage holds.</summary>
/// <param name="First">Layers of the first stage, which also holds the embedding.</param>
/// <param name="Middle">Layers of the fullest stage between first and last; 0 where there is none.</param>
/// <param name="Last">Layers of the last stage, which also holds the head; 0 where the first is the last.</param>
/// <param name="MiddleTotal">Layers of all stages between first and last.</param>
public readonly record struct LayerSplit(int First, int Middle, int Last, int MiddleTotal)
{
    /// <summary>Dense layers on the first stage before those with experts; 0 where all layers are alike.</summary>
    public int Leading { get; init; }

    /// <summary>Layers of the fullest stage.</summary>
    public int Most => Math.Max(First, Math.Max(Middle, Last));

    /// <summary>
    /// Splits evenly where the stages divide the layers; else with one layer less on the first and on the last stage,
    /// where embedding and head count as a layer each; else, without virtual stages, as evenly as can be with the fuller
    /// stages between first and last.
    /// </summary>
    /// <returns>Whether the layers can be split so.</returns>
    public static bool TrySplit(int layers, int stages, int virtualStages, out LayerSplit split)
    {
        long slots = (long)stages * virtualStages;
        int share = layers / stages;
        split = default;
        if (stages == 1)
        {
            split = new(layers, 0, 0, 0);
            return layers % virtualStages == 0;
        }

        if (layers % slots == 0)
        {
            split = new(share, stages > 2 ? share : 0, share, share * (stages - 2));
            return true;
        }

        if (stages > 2 && stages <= layers && (layers + 2) % slots == 0)
        {
            int full = (layers + 2) / stages;
            split = new(full - 1, full, full - 1, full * (stages - 2));
            return true;
        }

        if (virtualStages > 1 || stages > layers)
        {
            return false;
        }

        split = Even(layers, stages);
        return true;
    }

    /// <summary>Splits as evenly as can be, with the fuller stages between first and last.</summary>
    /// <param name="layers">Layers, at least as many as stages.</param>
    /// <param name="stages">Stages.</param>
    public static LayerSplit Even(int layers, int stages)
    {
        if (stages == 1)
        {
            return new(layers, 0, 0, 0);
        }

        // The first stage takes one layer more only when all stages between first and last already do.
        int share = layers / stages;
        int rest = layers % stages;
        int middles = Math.Min(rest, stages - 2);
        int first = share + (rest > middles ? 1 : 0);
        int middle = stages == 2 ? 0 : share + (middles > 0 ? 1 : 0);
        return new(first, middle, share, (share * (stages - 2)) + middles);
    }

    /// <summary>The split whose stages hold given numbers of layers.</summary>
    /// <param name="stages">The layers of each stage, at least one stage.</param>
    /// <param name="split">The split, in which the fuller stages between first and last go first.</param>
    /// <returns>Whether no stage is empty, and those between first and last differ by a layer at most.</returns>
    public static bool TryOf(IReadOnlyList<int> stages, out LayerSplit split)
    {
        ArgumentNullException.ThrowIfNull(stages);
        int[] between = [.. stages.Skip(1).Take(stages.Count - 2)];
        int fullest = between.DefaultIfEmpty().Max();
        split = new(stages[0], fullest, stages.Count > 1 ? stages[^1] : 0, between.Sum());
        return stages.All(static layers => layers > 0) && between.All(layers => layers >= fullest - 1);
    }

    /// <summary>Layers of one stage.</summary>
    /// <param name="stage">The stage, counted from 0.</param>
    /// <param name="stages">Number of stages.</param>
    public int LayersOf(int stage, int stages)
    {
        if (stage == 0)
        {
            return First;
        }

        if (stage == stages - 1)
        {
            return Last;
        }

        // Of the stages between, the first ones are the fuller ones.
        int fuller = MiddleTotal - ((Middle - 1) * (stages - 2));
        return stage <= fuller ? Middle : Middle - 1;
    }
}
