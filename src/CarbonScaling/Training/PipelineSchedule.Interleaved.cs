using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
    /// <summary>Makespan of the interleaved 1F1B schedule of Megatron-LM.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-3: 2(pv−1)·x + max over the stages k = 0, 1, p−2, p−1 of d_k + m·τ_k + (m/p − (v−1)/v)·max(0, r − p·τ_k)
    /// + w(F_k) + w(B_k), where
    /// d_k = Σ_{i&lt;k} c_i + [k &gt; 0]·(p−1)·(max(0, F_0 − F_1) + max(0, B_0 − B_1)) is the way down to k and back through one
    /// chunk c of each stage, and the embedding on the group that fills and on the group that drains the pipeline;
    /// w(z) = max(0, Σ_{i&gt;k} c_i − 2(p−1−k)·z/v) is the wait for the stages behind; and r = (pv−1)·x + max(ΣF, ΣB) is
    /// the way of a micro-batch through all chunks in one direction, which limits a group where a transfer takes longer
    /// than a pass of a chunk. c = τ/v, but c_0 = max(0, τ_0 − (v−1)/v·τ_1) and c_{p−1} likewise for p &gt; 2; F_0 − F_1
    /// and B_0 − B_1 count for p &gt; 2 alone. Where transfers block, F and B of all stages include v·x instead, and x = 0.
    /// </para>
    /// <para>
    /// Derived: in groups of p, waits of uniform chunks vanish but for the way down and back, and transfers are hidden but
    /// for the first and the last group. Against an event simulator (p from 3 to 16, v from 2 to 8, chunks of two layers
    /// or more, B from 1.5F to 3F, an embedding of up to 0.3 and a head of up to 3 layers, one layer less on both ends or
    /// not), overlapped transfers: exact for x = 0, off by −0.8 to +2.7 % (0.5 % on average) for x up to the forward pass
    /// of a chunk and by −11 to +8 % (1.5 %) for x up to three such passes; blocking transfers: by −4.5 to +0.7 % (0.3 %)
    /// for x up to a tenth of the forward pass of a chunk, by −5 to +5.5 % (0.6 %) up to a whole one. Two stages: by −3 to
    /// +1.5 % for x up to a tenth. A last stage with fewer layers in all its chunks keeps the others waiting, which its sum
    /// does not show: up to 25 % too low; given as long as those between in every chunk but the last, up to 20 % too high.
    /// </para>
    /// <para>
    /// Needs v ≥ 2 and m a multiple of p, as Megatron-LM does. Narayanan et al. 2021, section 2.2; the uniform case is
    /// m·τ + (p − 1)·τ/v.
    /// </para>
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    /// <param name="overlapsTransfers">Whether stages compute during transfers.</param>
    /// <returns>The makespan in seconds.</returns>
    public static T Interleaved<T>(in PipelineStages<T> stages, bool overlapsTransfers)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T one = T.Literal(1);
        T two = T.Literal(2);
        T depth = stages.Stages;
        T hops = depth - one;
        T chunks = stages.VirtualStages;
        T others = (chunks - one) / chunks;

        // Passes with the transfers that occupy their stage, or the latency of those that do not.
        T transfer = overlapsTransfers ? stages.Transfer : none;
        T occupied = overlapsTransfers ? none : chunks * stages.Transfer;
        T between = occupied * T.Min(one, depth - two);
        T allBetween = occupied * (depth - two);
        T firstForward = stages.FirstForward + occupied;
        T firstBackward = stages.FirstBackward + occupied;
        T middleForward = stages.MiddleForward + between;
        T middleBackward = stages.MiddleBackward + between;
        T lastForward = stages.LastForward + occupied;
        T lastBackward = stages.LastBackward + occupied;
        T forwardSum = stages.MiddleForwardSum + allBetween;
        T backwardSum = stages.MiddleBackwardSum + allBetween;
        T middle = middleForward + middleBackward;

        // Both passes of one chunk: the first one, one of each stage between, the last one.
        T firstChunk = OutermostChunk(depth, firstForward + firstBackward, middle, others);
        T middleChunks = (forwardSum + backwardSum) / chunks;
        T lastChunk = OutermostChunk(depth, lastForward + lastBackward, middle, others);
        T otherChunks = middleChunks - (middle / chunks);
        T embedding = hops * (Excess(depth, firstForward, middleForward) + Excess(depth, firstBackward, middleBackward));

        T latency = ((depth * chunks) - one) * transfer;
        T ring = latency + T.Max(firstForward + forwardSum + lastForward, firstBackward + backwardSum + lastBackward);
        Rounds<T> rounds = new(stages.MicroBatches, depth, two / chunks, ring, (stages.MicroBatches / depth) - others);
        T first = rounds.OnStage(firstForward, firstBackward, middleChunks + lastChunk, hops);
        T second = rounds.OnStage(middleForward, middleBackward, otherChunks + lastChunk, hops - one);
        T lastButOne = otherChunks + rounds.OnStage(middleForward, middleBackward, lastChunk, one);
        T last = middleChunks + rounds.OnStage(lastForward, lastBackward, none, none);
        T behindFirst = firstChunk + embedding + T.Max(T.Max(second, lastButOne), last);
        return T.Name((two * latency) + T.Max(first, behindFirst), Equations.InterleavedMakespan);
    }

    // All other chunks of the first and of the last stage are like those between; of two stages nothing is known.
    private static T OutermostChunk<T>(T depth, T stage, T middle, T others)
        where T : struct, IReal<T> =>
        T.Max(T.Literal(0), stage - (others * T.WhereGreater(depth, T.Literal(2), middle, stage)));

    private static T Excess<T>(T depth, T first, T middle)
        where T : struct, IReal<T> =>
        T.Max(T.Literal(0), first - T.WhereGreater(depth, T.Literal(2), middle, first));

    /// <summary>What all stages of an interleaved pipeline have in common.</summary>
    /// <param name="MicroBatches">Micro-batches of a step.</param>
    /// <param name="Depth">Stages.</param>
    /// <param name="WarmUp">Chunks of a stage that it passes at first, for every stage behind it, as a part of a pass.</param>
    /// <param name="Ring">Way of a micro-batch through all chunks in one direction, with overlapped transfers.</param>
    /// <param name="Rings">How many groups of micro-batches that way can hold up.</param>
    private readonly record struct Rounds<T>(T MicroBatches, T Depth, T WarmUp, T Ring, T Rings)
        where T : struct, IReal<T>
    {
        /// <summary>From the start of a stage's first forward pass to the end of its last backward pass.</summary>
        /// <param name="forward">Forward pass of the stage.</param>
        /// <param name="backward">Backward pass of the stage.</param>
        /// <param name="behind">Both passes of one chunk of every stage behind this one.</param>
        /// <param name="hops">Stages behind this one.</param>
        public T OnStage(T forward, T backward, T behind, T hops)
        {
            T none = T.Literal(0);
            T both = forward + backward;
            T held = Rings * T.Max(none, Ring - (Depth * both));
            T warmUp = WarmUp * hops;
            T filling = T.Max(none, behind - (warmUp * forward));
            T draining = T.Max(none, behind - (warmUp * backward));
            return (MicroBatches * both) + held + filling + draining;
        }
    }
}
