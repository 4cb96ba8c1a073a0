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
        T one = T.Literal(1);
        T two = T.Literal(2);
        T transfer = stages.Transfer;
        T between = two * transfer * T.Min(one, stages.Stages - two);
        T passage = stages.First + stages.MiddleSum + stages.Last + (two * (stages.Stages - one) * transfer);
        T forward = T.Max(
            T.Max(stages.FirstForward, stages.LastForward) + transfer, stages.MiddleForward + between);
        T backward = T.Max(
            T.Max(stages.FirstBackward, stages.LastBackward) + transfer, stages.MiddleBackward + between);
        return T.Name(passage + ((stages.MicroBatches - one) * (forward + backward)), Equations.GPipeMakespan);
    }
}
