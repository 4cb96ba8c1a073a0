using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time and memory of pipeline schedules.</summary>
/// <remarks>
/// <para>
/// A schedule is a fixed order of passes on every stage; a pass starts when its stage is free and its input has come.
/// The makespan is then the longest path through passes and transfers. The closed forms below name the few paths that
/// are ever the longest: down to a stage k, all passes of k with what k waits for the stages behind it, and back.
/// Notation: F and B forward and backward pass of a stage, τ = F + B, sums over all p stages unless said otherwise. Where
/// the backward pass is split, B is its input gradient alone, W its weight gradient and τ = F + B + W.
/// </para>
/// <para>
/// Transfers of GPipe and 1F1B block both ends (Megatron-LM, DeepSpeed), those of an interleaved schedule where it does
/// not overlap them. A blocking exchange with one neighbour sends and receives at once and takes x; one with two
/// neighbours shares the link and takes 2x. The zero-bubble schedules and DualPipe never block: what a pass made arrives
/// x later at the neighbour, which waits for it only where it needs it.
/// </para>
/// </remarks>
public static partial class PipelineSchedule
{
    /// <summary>Time from the first to the last pass of a step.</summary>
    /// <param name="kind">The schedule.</param>
    /// <param name="overlapsTransfers">
    /// Whether an interleaved schedule computes during its transfers and a combined pass of DualPipe hides its own; the
    /// others do not ask.
    /// </param>
    /// <param name="stages">The pipeline.</param>
    /// <param name="postValidates">
    /// Whether a stage of a zero-bubble schedule goes on to its next step at once and checks the norm of all gradients
    /// later (optimizer post-validation). The result is then the time from step to step. The others do not ask.
    /// </param>
    /// <returns>The makespan in seconds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such schedule.</exception>
    public static T Makespan<T>(
        PipelineScheduleKind kind, bool overlapsTransfers, in PipelineStages<T> stages, bool postValidates = false)
        where T : struct, IReal<T> =>
        kind switch
        {
            PipelineScheduleKind.GPipe => GPipe(stages),
            PipelineScheduleKind.OneForwardOneBackward => OneForwardOneBackward(stages),
            PipelineScheduleKind.Interleaved => Interleaved(stages, overlapsTransfers),
            PipelineScheduleKind.ZeroBubbleH1 => ZeroBubbleH1(stages, postValidates),
            PipelineScheduleKind.ZeroBubbleH2 => ZeroBubbleH2(stages, postValidates),
            PipelineScheduleKind.ZeroBubbleV => ZeroBubbleV(stages, postValidates),
            PipelineScheduleKind.DualPipe => DualPipe(stages, overlapsTransfers),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such schedule."),
        };

    /// <summary>Micro-batches whose activations a stage holds at its fullest.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-4: GPipe m; 1F1B min(m, p−i); interleaved min(mv, 2(p−1−i) + (v−1)p + 1)/v, which is p + (p−1)/v on the
    /// first stage; ZB-H1 and ZBV min(m, p), ZB-H2 min(m, 2p−1) and DualPipe p + 1 on every stage. Exact, counted from the
    /// orders of passes; a chunk counts as 1/v of a stage, and DualPipe's stages i and p−1−i of one device count alike.
    /// </para>
    /// <para>
    /// Activations are held until the weight gradient is done. Of those of ZB-H1 and ZB-H2, only p−i and 2(p−i) − 1 still
    /// wait for the input gradient; the others are what the weight gradient needs, inputs of products and gradients of
    /// their outputs, which is about as much. Narayanan et al. 2021; Qi et al. 2024, table 2; DeepSeek-AI 2024.
    /// </para>
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
            PipelineScheduleKind.ZeroBubbleH1 or PipelineScheduleKind.ZeroBubbleV => T.Min(microBatches, stages),
            PipelineScheduleKind.ZeroBubbleH2 => T.Min(microBatches, (T.Literal(2) * stages) - T.Literal(1)),
            PipelineScheduleKind.DualPipe => stages + T.Literal(1),
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
}
