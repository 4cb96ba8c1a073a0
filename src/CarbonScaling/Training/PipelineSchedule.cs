using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

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
public static partial class PipelineSchedule
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
}
