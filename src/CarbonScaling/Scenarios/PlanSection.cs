using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>The parallel plan, as far as the scenario fixes it: a null property is searched, or takes the stated default.</summary>
public sealed record PlanSection
{
    /// <summary>Degree of tensor parallelism.</summary>
    public int? Tensor { get; init; }

    /// <summary>Pipeline stages.</summary>
    public int? Pipeline { get; init; }

    /// <summary>Chunks of layers per device.</summary>
    public int? VirtualStages { get; init; }

    /// <summary>Degree of data parallelism; derived from the devices when null.</summary>
    public int? Data { get; init; }

    /// <summary>Sequences in a micro-batch.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Whether activations between tensor-parallel blocks are split along the sequence.</summary>
    public bool? SequenceParallel { get; init; }

    /// <summary>What data-parallel ranks split among themselves.</summary>
    public Sharding? Sharding { get; init; }

    /// <summary>Which activations are computed again in the backward pass (<c>recompute</c>).</summary>
    public Recomputation? Recompute { get; init; }

    /// <summary>The order of the pipeline's work.</summary>
    public PipelineScheduleKind? Schedule { get; init; }

    internal static PlanSection Read(FieldMap map)
    {
        map.OnlyOne("context");
        map.Word("contextMode", Vocabulary.ContextModes);
        map.OnlyOne("expert");
        map.OnlyOne("expertTensor");
        map.NotYet("shardGroup");
        map.Word("tensorOverlap", Vocabulary.TensorOverlaps);
        map.Words("offload", Vocabulary.Offloads);

        if (map.Take("recompute") is MapNode)
        {
            map.Report("recompute", $"is not supported yet; allowed: {Vocabulary.Recomputations.Allowed}");
        }

        var section = new PlanSection
        {
            Tensor = map.Whole("tensor", 1, ScenarioLimits.Devices),
            Pipeline = map.Whole("pipeline", 1, ScenarioLimits.Devices),
            VirtualStages = map.Whole("virtualStages", 1, ScenarioLimits.Devices),
            Data = map.Whole("data", 1, ScenarioLimits.Devices),
            MicroBatch = map.Whole("microBatch", 1, ScenarioLimits.MicroBatch),
            SequenceParallel = map.Flag("sequenceParallel"),
            Sharding = map.Choice("sharding", Vocabulary.Shardings),
            Recompute = map.Take("recompute") is MapNode ? null : map.Choice("recompute", Vocabulary.Recomputations),
            Schedule = map.Choice("schedule", Vocabulary.Schedules),
        };
        map.Close();
        return section;
    }
}
