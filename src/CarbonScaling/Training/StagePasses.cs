using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Both passes of one micro-batch on each kind of stage, without what hides in a combined pass, in seconds.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="First">The first stage.</param>
/// <param name="Middle">The fullest stage between first and last.</param>
/// <param name="Last">The last stage.</param>
internal readonly record struct StagePasses<T>(T First, T Middle, T Last)
    where T : struct, IReal<T>
{
    /// <summary>
    /// The passes of a pipeline, or of its only stage. A device that holds both ends of the model runs half the
    /// micro-batches through each (DualPipe), or all of them through the first and the last chunk (ZBV).
    /// </summary>
    public static StagePasses<T> Of(in PipelineStages<T> stages, in PlanShape shape)
    {
        if (!shape.PairsEnds || !shape.Pipelined)
        {
            return new(stages.First, stages.Middle, stages.Last);
        }

        T both = stages.First + stages.Last;
        T half = T.Literal(0.5);
        if (shape.Schedule == PipelineScheduleKind.DualPipe)
        {
            T ends = half * (both - stages.FirstHidden - stages.LastHidden);
            return new(ends, PipelineSchedule.FullestInnerDevice(stages) - stages.MiddleHidden, ends);
        }

        T outer = both - T.WhereGreater(stages.Stages, T.Literal(2), stages.Middle, half * both);
        return new(outer, stages.Middle, outer);
    }

    /// <summary>A time of the stage that takes longest.</summary>
    /// <param name="times">The time of each kind of stage.</param>
    public T Of(in StagePasses<T> times) => T.WhereGreater(
        T.Max(First, Last), Middle, T.WhereGreater(Last, First, times.Last, times.First), times.Middle);
}
