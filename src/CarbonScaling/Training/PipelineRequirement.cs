namespace CarbonScaling.Training;

/// <summary>What a pipeline schedule asks of a plan.</summary>
public enum PipelineRequirement
{
    /// <summary>Two stages or more.</summary>
    SeveralStages,

    /// <summary>An even number of stages.</summary>
    EvenStages,

    /// <summary>One chunk on each stage.</summary>
    OneChunk,

    /// <summary>Two chunks or more on each stage.</summary>
    SeveralChunks,

    /// <summary>Two chunks on each stage.</summary>
    TwoChunks,

    /// <summary>Micro-batches in multiples of the stages.</summary>
    MultipleOfStages,

    /// <summary>As many micro-batches as stages, or more.</summary>
    AsManyAsStages,

    /// <summary>Twice as many micro-batches as stages less one, or more.</summary>
    TwiceAsManyLessOne,

    /// <summary>Twice as many micro-batches as stages, or more.</summary>
    TwiceAsMany,

    /// <summary>An even number of micro-batches.</summary>
    EvenMicroBatches,
}

/// <summary>What each pipeline schedule asks of a plan.</summary>
/// <remarks>
/// The interleaved schedule, ZBV and DualPipe as their published code; ZB-H1 and ZB-H2 as many micro-batches as they hold
/// at once, with which the published orders begin (Qi et al. 2024, figure 3).
/// </remarks>
public static class PipelineRequirements
{
    /// <summary>The first requirement that a plan breaks, or null where it breaks none.</summary>
    /// <param name="kind">The schedule.</param>
    /// <param name="stages">Stages of the pipeline, which are its devices.</param>
    /// <param name="virtualStages">Chunks on each stage.</param>
    /// <param name="microBatches">Micro-batches of a step.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such schedule.</exception>
    public static PipelineRequirement? Broken(PipelineScheduleKind kind, int stages, int virtualStages, int microBatches)
    {
        if (kind is PipelineScheduleKind.GPipe or PipelineScheduleKind.OneForwardOneBackward)
        {
            return Unless(virtualStages == 1, PipelineRequirement.OneChunk);
        }

        if (stages < 2)
        {
            return PipelineRequirement.SeveralStages;
        }

        return kind switch
        {
            PipelineScheduleKind.Interleaved =>
                Unless(virtualStages > 1, PipelineRequirement.SeveralChunks)
                ?? Unless(microBatches % stages == 0, PipelineRequirement.MultipleOfStages),
            PipelineScheduleKind.ZeroBubbleH1 =>
                Unless(virtualStages == 1, PipelineRequirement.OneChunk)
                ?? Unless(microBatches >= stages, PipelineRequirement.AsManyAsStages),
            PipelineScheduleKind.ZeroBubbleH2 =>
                Unless(virtualStages == 1, PipelineRequirement.OneChunk)
                ?? Unless(microBatches >= (2 * stages) - 1, PipelineRequirement.TwiceAsManyLessOne),
            PipelineScheduleKind.ZeroBubbleV =>
                Unless(virtualStages == 2, PipelineRequirement.TwoChunks)
                ?? Unless(microBatches >= (2 * stages) - 1, PipelineRequirement.TwiceAsManyLessOne),
            PipelineScheduleKind.DualPipe =>
                Unless(stages % 2 == 0, PipelineRequirement.EvenStages)
                ?? Unless(virtualStages == 1, PipelineRequirement.OneChunk)
                ?? Unless(microBatches % 2 == 0, PipelineRequirement.EvenMicroBatches)
                ?? Unless(microBatches >= 2 * stages, PipelineRequirement.TwiceAsMany),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such schedule."),
        };
    }

    private static PipelineRequirement? Unless(bool met, PipelineRequirement requirement) => met ? null : requirement;
}
