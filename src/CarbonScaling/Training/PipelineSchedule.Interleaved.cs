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
        T occupied = stages.VirtualStages * stages.Transfer;
        Chunks<T> chunks = overlapsTransfers
            ? Chunks<T>.Of(stages, stages.Transfer)
            : Chunks<T>.Of(stages.Occupied(occupied, occupied), T.Literal(0));
        PipelineStages<T> busy = chunks.Stages;
        T hops = busy.Stages - T.Literal(1);
        T first = chunks.OnStage(busy.FirstForward, busy.FirstBackward, chunks.MiddleSum + chunks.Last, hops);
        T others = chunks.MiddleSum - chunks.Middle;
        T second = chunks.OnStage(busy.MiddleForward, busy.MiddleBackward, others + chunks.Last, hops - T.Literal(1));
        T lastButOne = others + chunks.OnStage(busy.MiddleForward, busy.MiddleBackward, chunks.Last, T.Literal(1));
        T last = chunks.MiddleSum + chunks.OnStage(busy.LastForward, busy.LastBackward, T.Literal(0), T.Literal(0));
        T behindFirst = chunks.First + chunks.Embedding + T.Max(T.Max(second, lastButOne), last);
        return T.Name(chunks.Latency + T.Max(first, behindFirst), Equations.InterleavedMakespan);
    }

    /// <summary>The chunks of an interleaved pipeline.</summary>
    /// <param name="Stages">The pipeline.</param>
    /// <param name="First">Both passes of the first chunk of the first stage.</param>
    /// <param name="Middle">Both passes of a chunk of the fullest stage between first and last.</param>
    /// <param name="Last">Both passes of the last chunk of the last stage.</param>
    /// <param name="MiddleSum">Both passes of one chunk of every stage between first and last.</param>
    /// <param name="Embedding">What the first chunk of the first stage delays the groups that fill and drain the pipeline.</param>
    /// <param name="Latency">Overlapped transfers of a micro-batch on its way through all chunks and back.</param>
    /// <param name="Ring">Way of a micro-batch through all chunks in one direction, with overlapped transfers.</param>
    /// <param name="Rings">How many groups of micro-batches that way can hold up.</param>
    private readonly record struct Chunks<T>(
        PipelineStages<T> Stages, T First, T Middle, T Last, T MiddleSum, T Embedding, T Latency, T Ring, T Rings)
        where T : struct, IReal<T>
    {
        public static Chunks<T> Of(in PipelineStages<T> stages, T transfer)
        {
            T one = T.Literal(1);
            T others = (stages.VirtualStages - one) / stages.VirtualStages;
            T latency = ((stages.Stages * stages.VirtualStages) - one) * transfer;
            T passage = T.Max(
                stages.FirstForward + stages.MiddleForwardSum + stages.LastForward,
                stages.FirstBackward + stages.MiddleBackwardSum + stages.LastBackward);
            return new(
                stages,
                Outermost(stages, stages.First, others),
                stages.Middle / stages.VirtualStages,
                Outermost(stages, stages.Last, others),
                stages.MiddleSum / stages.VirtualStages,
                (stages.Stages - one) * (Excess(stages, stages.FirstForward, stages.MiddleForward)
                    + Excess(stages, stages.FirstBackward, stages.MiddleBackward)),
                T.Literal(2) * latency,
                latency + passage,
                (stages.MicroBatches / stages.Stages) - others);
        }

        /// <summary>From the start of a stage's first forward pass to the end of its last backward pass.</summary>
        /// <param name="forward">Forward pass of the stage.</param>
        /// <param name="backward">Backward pass of the stage.</param>
        /// <param name="behind">Both passes of one chunk of every stage behind this one.</param>
        /// <param name="hops">Stages behind this one.</param>
        public T OnStage(T forward, T backward, T behind, T hops)
        {
            T both = forward + backward;
            T held = Rings * T.Max(T.Literal(0), Ring - (Stages.Stages * both));
            T warmUp = T.Literal(2) * hops / Stages.VirtualStages;
            T filling = T.Max(T.Literal(0), behind - (warmUp * forward));
            T draining = T.Max(T.Literal(0), behind - (warmUp * backward));
            return (Stages.MicroBatches * both) + held + filling + draining;
        }

        // All other chunks of the first and of the last stage are like those between; of two stages nothing is known.
        private static T Outermost(in PipelineStages<T> stages, T stage, T others) =>
            T.Max(T.Literal(0), stage - (others * T.WhereGreater(stages.Stages, T.Literal(2), stages.Middle, stage)));

        private static T Excess(in PipelineStages<T> stages, T first, T middle) =>
            T.Max(T.Literal(0), first - T.WhereGreater(stages.Stages, T.Literal(2), middle, first));
    }
}
