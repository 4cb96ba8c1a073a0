using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The order in which a stage of a pipeline runs the passes of its micro-batches.</summary>
public enum PipelineScheduleKind
{
    /// <summary>All forward passes, then all backward passes.</summary>
    GPipe,

    /// <summary>As few forward passes as fill the pipeline, then one backward and one forward pass in turn.</summary>
    OneForwardOneBackward,

    /// <summary>
    /// One forward, one backward with several chunks of layers on each stage, which micro-batches pass in groups as
    /// large as the pipeline. The stages must divide the micro-batches, and a stage must hold two chunks or more.
    /// </summary>
    Interleaved,

    /// <summary>1F1B with the weight-gradient pass split off and moved into the bubble (ZB-H1); the memory of 1F1B.</summary>
    ZeroBubbleH1,

    /// <summary>ZB-H2: more forward passes at the start, so that no bubble is left; up to twice the memory of 1F1B.</summary>
    ZeroBubbleH2,

    /// <summary>ZB-V: two chunks a stage in a V, the last stage turning round at once; the memory of 1F1B.</summary>
    ZeroBubbleV,

    /// <summary>DualPipe: two streams of micro-batches in opposite directions over two copies of the weights.</summary>
    DualPipe,
}

/// <summary>Passes of one micro-batch through the stages of a pipeline, in seconds, and the counts of its schedule.</summary>
/// <remarks>
/// The stages between first and last may differ in layers; the fullest of them are expected next to the first stage.
/// With chunks, what a first or last stage has more or less than a stage between is expected in the first chunk of the
/// first stage (the embedding) and in the last chunk of the last stage (the head).
/// </remarks>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="FirstForward">Forward pass of the first stage, over all its chunks.</param>
/// <param name="FirstBackward">Backward pass of the first stage.</param>
/// <param name="MiddleForward">Forward pass of the fullest stage between first and last; zero where there is none.</param>
/// <param name="MiddleBackward">Backward pass of that stage; zero where there is none.</param>
/// <param name="LastForward">Forward pass of the last stage.</param>
/// <param name="LastBackward">Backward pass of the last stage.</param>
/// <param name="MiddleForwardSum">Forward passes of all stages between first and last together.</param>
/// <param name="MiddleBackwardSum">Backward passes of all stages between first and last together.</param>
/// <param name="Stages">Stages p, two or more.</param>
/// <param name="MicroBatches">Micro-batches m of a step.</param>
/// <param name="VirtualStages">Chunks v of a stage; used by the interleaved schedule alone.</param>
/// <param name="Transfer">One transfer x of a micro-batch's activations, or of their gradients, to a neighbour.</param>
public readonly record struct PipelineStages<T>(
    T FirstForward,
    T FirstBackward,
    T MiddleForward,
    T MiddleBackward,
    T LastForward,
    T LastBackward,
    T MiddleForwardSum,
    T MiddleBackwardSum,
    T Stages,
    T MicroBatches,
    T VirtualStages,
    T Transfer)
    where T : struct, IReal<T>
{
    internal T First => FirstForward + FirstBackward;

    internal T Middle => MiddleForward + MiddleBackward;

    internal T Last => LastForward + LastBackward;

    internal T MiddleSum => MiddleForwardSum + MiddleBackwardSum;

    /// <summary>The same pipeline with time of every pass spent on transfers.</summary>
    /// <param name="atEnd">Time of a pass on the first and on the last stage.</param>
    /// <param name="between">Time of a pass on a stage between them.</param>
    internal PipelineStages<T> Occupied(T atEnd, T between)
    {
        T count = Stages - T.Literal(2);
        T one = between * T.Min(T.Literal(1), count);
        T all = between * count;
        return this with
        {
            FirstForward = FirstForward + atEnd,
            FirstBackward = FirstBackward + atEnd,
            MiddleForward = MiddleForward + one,
            MiddleBackward = MiddleBackward + one,
            LastForward = LastForward + atEnd,
            LastBackward = LastBackward + atEnd,
            MiddleForwardSum = MiddleForwardSum + all,
            MiddleBackwardSum = MiddleBackwardSum + all,
        };
    }
}

/// <summary>Time and memory of pipeline schedules.</summary>
/// <remarks>
/// <para>
/// A schedule is a fixed order of passes on every stage; a pass starts when its stage is free and its input has come.
/// The makespan is then the longest path through passes and transfers. The closed forms below name the few paths that
/// are ever the longest: down to a stage k, all passes of k with what k waits for the stages behind it, and back.
/// Notation: F and B forward and backward pass of a stage, τ = F + B, sums over all p stages unless said otherwise.
/// </para>
/// <para>
/// Transfers block both ends (Megatron-LM, DeepSpeed) except for an interleaved schedule that overlaps them. A blocking
/// exchange with one neighbour sends and receives at once and takes x; one with two neighbours shares the link and
/// takes 2x.
/// </para>
/// </remarks>
public static class PipelineSchedule
{
    /// <summary>Time from the first forward to the last backward pass of a step.</summary>
    /// <param name="kind">The schedule.</param>
    /// <param name="overlapsTransfers">Whether an interleaved schedule computes during its transfers; the others never do.</param>
    /// <param name="stages">The pipeline.</param>
    /// <returns>The makespan in seconds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such schedule.</exception>
    public static T Makespan<T>(PipelineScheduleKind kind, bool overlapsTransfers, in PipelineStages<T> stages)
        where T : struct, IReal<T> =>
        kind switch
        {
            PipelineScheduleKind.GPipe => GPipe(stages),
            PipelineScheduleKind.OneForwardOneBackward => OneForwardOneBackward(stages),
            PipelineScheduleKind.Interleaved => Interleaved(stages, overlapsTransfers),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such schedule."),
        };

    /// <summary>Makespan of the GPipe schedule.</summary>
    /// <remarks>
    /// Eq. PIPE-1: Στ + 2(p−1)·x + (m−1)·(max(F + n·x) + max(B + n·x)), n = 1 neighbour of the first and of the last
    /// stage, 2 of the others. Exact: two flow shops of identical jobs, one after the other. Huang et al. 2019.
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    /// <returns>The makespan in seconds.</returns>
    public static T GPipe<T>(in PipelineStages<T> stages)
        where T : struct, IReal<T>
    {
        T hops = stages.Stages - T.Literal(1);
        T passage = stages.First + stages.MiddleSum + stages.Last + (T.Literal(2) * hops * stages.Transfer);
        PipelineStages<T> busy = stages.Occupied(stages.Transfer, T.Literal(2) * stages.Transfer);
        T forward = T.Max(T.Max(busy.FirstForward, busy.MiddleForward), busy.LastForward);
        T backward = T.Max(T.Max(busy.FirstBackward, busy.MiddleBackward), busy.LastBackward);
        return T.Name(passage + ((stages.MicroBatches - T.Literal(1)) * (forward + backward)), Equations.GPipeMakespan);
    }

    /// <summary>Makespan of the 1F1B schedule (PipeDream-flush) with blocking transfers.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-2: max over the stages k = 0, 1, p−2, p−1 of Σ_{i&lt;k} τ_i + m·τ_k + w(F_k) + w(B_k), for m ≤ p−k with
    /// the greater of the two waits instead of their sum, where
    /// w(z) = max(0, Σ_{k&lt;i&lt;p−1} τ_i + max(τ_{p−1} − (W−1)·z, −max(0, W−2)·z)), W = min(m, p−k), w = 0 for the last
    /// stage. Stage 1 is the fullest of those between first and last, stage p−2 is their mean. F and B include x/2 per
    /// neighbour: a hop costs 2x of a micro-batch's way down and back, and 2x of every micro-batch on a stage with two
    /// neighbours.
    /// </para>
    /// <para>
    /// Derived: k waits twice, for its first and for its last backward pass, where the way to the end and back takes
    /// longer than the other W−1 passes that k has for that time. Against an event simulator (p from 2 to 16, B from 1.5F
    /// to 3F, x up to F/10): exact for equal stages and any m; for m ≥ p off by −0.3 to 0 % with one layer less on both
    /// ends, by −5 to 0 % (0.1 % on average) with one less on some stages between too, by −1.5 to 0 % with ends of 0.3 to
    /// 4 times a stage between, and about half of that for m ≥ 2p; for m &lt; p by −9 to +3 % (0.2 % on average). With x up to
    /// F/2 it is −6 to 0 % for m ≥ p. Transfers that do not block take up to 7 % less.
    /// </para>
    /// <para>Narayanan et al. 2021 for the schedule; the uniform case is (m + p − 1)·τ.</para>
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    /// <returns>The makespan in seconds.</returns>
    public static T OneForwardOneBackward<T>(in PipelineStages<T> stages)
        where T : struct, IReal<T>
    {
        PipelineStages<T> busy = stages.Occupied(T.Literal(0.5) * stages.Transfer, stages.Transfer);
        T first = OnStage(busy, busy.FirstForward, busy.FirstBackward, busy.MiddleSum, busy.Stages);
        T others = busy.MiddleSum - busy.Middle;
        T second = OnStage(busy, busy.MiddleForward, busy.MiddleBackward, others, busy.Stages - T.Literal(1));
        T share = T.Literal(1) / T.Max(T.Literal(1), busy.Stages - T.Literal(2));
        T lastButOne = busy.MiddleSum - (busy.MiddleSum * share)
            + OnStage(busy, busy.MiddleForwardSum * share, busy.MiddleBackwardSum * share, T.Literal(0), T.Literal(2));
        T last = busy.MiddleSum + (busy.MicroBatches * busy.Last);
        T behindFirst = busy.First + T.Max(T.Max(second, lastButOne), last);
        return T.Name(T.Max(first, behindFirst), Equations.OneForwardOneBackwardMakespan);
    }

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

    /// <summary>Micro-batches whose activations a stage holds at its fullest.</summary>
    /// <remarks>
    /// Eq. PIPE-4: GPipe m; 1F1B min(m, p−i); interleaved min(mv, 2(p−1−i) + (v−1)p + 1)/v, which is p + (p−1)/v on the
    /// first stage. Exact, counted from the orders of passes; a chunk counts as 1/v of a stage. Narayanan et al. 2021.
    /// </remarks>
    /// <param name="kind">The schedule.</param>
    /// <param name="stage">The stage i, counted from 0.</param>
    /// <param name="stages">Stages p.</param>
    /// <param name="microBatches">Micro-batches m of a step.</param>
    /// <param name="virtualStages">Chunks v of a stage; used by the interleaved schedule alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such schedule.</exception>
    public static T InFlight<T>(PipelineScheduleKind kind, T stage, T stages, T microBatches, T virtualStages)
        where T : struct, IReal<T>
    {
        T behind = stages - stage - T.Literal(1);
        T inFlight = kind switch
        {
            PipelineScheduleKind.GPipe => microBatches,
            PipelineScheduleKind.OneForwardOneBackward => T.Min(microBatches, behind + T.Literal(1)),
            PipelineScheduleKind.Interleaved => InFlightChunks(behind, stages, microBatches, virtualStages) / virtualStages,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such schedule."),
        };
        return T.Name(inFlight, Equations.InFlightMicroBatches);
    }

    private static T InFlightChunks<T>(T behind, T stages, T microBatches, T virtualStages)
        where T : struct, IReal<T>
    {
        T warmUp = (T.Literal(2) * behind) + ((virtualStages - T.Literal(1)) * stages);
        return T.Min(microBatches * virtualStages, warmUp + T.Literal(1));
    }

    /// <summary>From the start of a stage's first forward pass to the end of its last backward pass.</summary>
    /// <param name="stages">The pipeline.</param>
    /// <param name="forward">Forward pass of the stage.</param>
    /// <param name="backward">Backward pass of the stage.</param>
    /// <param name="between">Passes of the stages between this one and the last one.</param>
    /// <param name="depth">Stages from this one on.</param>
    private static T OnStage<T>(in PipelineStages<T> stages, T forward, T backward, T between, T depth)
        where T : struct, IReal<T>
    {
        T microBatches = stages.MicroBatches;
        T window = T.Min(microBatches, depth);
        T filling = Wait(forward, window, between, stages.Last);
        T draining = Wait(backward, window, between, stages.Last);
        T waits = T.WhereGreater(microBatches, depth, filling + draining, T.Max(filling, draining));
        return (microBatches * (forward + backward)) + waits;
    }

    private static T Wait<T>(T pass, T window, T between, T last)
        where T : struct, IReal<T>
    {
        T toTheEnd = last - ((window - T.Literal(1)) * pass);
        T shortOfTheEnd = -(T.Max(T.Literal(0), window - T.Literal(2)) * pass);
        return T.Max(T.Literal(0), between + T.Max(toTheEnd, shortOfTheEnd));
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
