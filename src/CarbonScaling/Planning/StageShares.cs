using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>How many layers each stage of a pipeline across pools holds, so that the slowest stage is as fast as can be.</summary>
internal static class StageShares
{
    /// <summary>The layers of each stage: one at least, the others one by one to the stage that is fastest with one more.</summary>
    /// <param name="layers">Layers of the model, at least as many as stages.</param>
    /// <param name="perLayer">Time of a layer on each stage.</param>
    /// <param name="beside">Time of what a stage does beside its layers: embedding and head.</param>
    public static int[] Find(int layers, IReadOnlyList<double> perLayer, IReadOnlyList<double> beside)
    {
        int stages = perLayer.Count;
        int[] shares = new int[stages];
        Array.Fill(shares, 1);
        PriorityQueue<int, (double Time, int Stage)> next = new();
        for (int stage = 0; stage < stages; stage++)
        {
            Enqueue(stage);
        }

        for (int left = layers - stages; left > 0; left--)
        {
            int stage = next.Dequeue();
            shares[stage]++;
            Enqueue(stage);
        }

        return shares;

        // Of stages that are equally fast the ones next to the first come before, and the ends last.
        void Enqueue(int stage) => next.Enqueue(
            stage,
            (beside[stage] + (perLayer[stage] * (shares[stage] + 1)), stage == 0 || stage == stages - 1 ? stages + stage : stage));
    }

    /// <summary>The layers of the stages of one pool.</summary>
    /// <param name="stages">Layers of each stage of the pipeline.</param>
    /// <param name="span">The stages of the pool.</param>
    public static LayerSplit Of(IReadOnlyList<int> stages, StageSpan span)
    {
        int last = stages.Count - 1;
        bool holdsLast = span.HoldsLast(stages.Count);
        int[] middles = [.. Enumerable.Range(span.First, span.IsPart ? span.Count : stages.Count)
            .Where(stage => stage > 0 && stage < last)
            .Select(stage => stages[stage])];
        return new(
            span.HoldsFirst ? stages[0] : 0,
            middles.Length == 0 ? 0 : middles.Max(),
            holdsLast && last > 0 ? stages[last] : 0,
            middles.Sum());
    }
}
