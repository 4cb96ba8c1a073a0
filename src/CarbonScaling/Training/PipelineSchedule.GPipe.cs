using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
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
}
