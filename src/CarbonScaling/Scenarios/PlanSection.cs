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

    /// <summary>Degree of context parallelism.</summary>
    public int? Context { get; init; }

    /// <summary>How the parts of a sequence meet.</summary>
    public ContextMode? ContextMode { get; init; }

    /// <summary>Degree of expert parallelism.</summary>
    public int? Expert { get; init; }

    /// <summary>Degree of tensor parallelism inside an expert.</summary>
    public int? ExpertTensor { get; init; }

    /// <summary>Degree of data parallelism; derived from the devices when null.</summary>
    public int? Data { get; init; }

    /// <summary>Sequences in a micro-batch.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Whether activations between tensor-parallel blocks are split along the sequence.</summary>
    public bool? SequenceParallel { get; init; }

    /// <summary>What data-parallel ranks split among themselves.</summary>
    public Sharding? Sharding { get; init; }

    /// <summary>Ranks that split one copy of the state among themselves; only with <see cref="Training.Sharding.Hsdp"/>.</summary>
    public int? ShardGroup { get; init; }

    /// <summary>Which activations are computed again in the backward pass (<c>recompute</c>).</summary>
    public RecomputePlan? Recompute { get; init; }

    /// <summary>The order of the pipeline's work.</summary>
    public PipelineScheduleKind? Schedule { get; init; }

    /// <summary>How tensor-parallel communication is hidden.</summary>
    public TensorOverlap? TensorOverlap { get; init; }

    /// <summary>What is kept in the memory of the host.</summary>
    public Offload? Offload { get; init; }

    /// <summary>What several pools share out among themselves: the batch or the pipeline.</summary>
    public PoolForm? Pools { get; init; }

    /// <summary>This plan with what another one fixes in its place.</summary>
    /// <param name="other">The plan that goes first, such as that of a phase.</param>
    public PlanSection With(PlanSection other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Sharding? sharding = other.Sharding ?? Sharding;
        return new()
        {
            Tensor = other.Tensor ?? Tensor,
            Pipeline = other.Pipeline ?? Pipeline,
            VirtualStages = other.VirtualStages ?? VirtualStages,
            Context = other.Context ?? Context,
            ContextMode = other.ContextMode ?? ContextMode,
            Expert = other.Expert ?? Expert,
            ExpertTensor = other.ExpertTensor ?? ExpertTensor,
            Data = other.Data ?? Data,
            MicroBatch = other.MicroBatch ?? MicroBatch,
            SequenceParallel = other.SequenceParallel ?? SequenceParallel,
            Sharding = sharding,
            ShardGroup = sharding == Training.Sharding.Hsdp ? other.ShardGroup ?? ShardGroup : null,
            Recompute = other.Recompute ?? Recompute,
            Schedule = other.Schedule ?? Schedule,
            TensorOverlap = other.TensorOverlap ?? TensorOverlap,
            Offload = other.Offload ?? Offload,
            Pools = other.Pools ?? Pools,
        };
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="map">Its fields.</param>
    /// <param name="basis">The plan that it overrides; null where there is none.</param>
    internal static PlanSection Read(FieldMap map, PlanSection? basis = null)
    {
        var section = new PlanSection
        {
            Tensor = map.Whole("tensor", 1, ScenarioLimits.Devices),
            Pipeline = map.Whole("pipeline", 1, ScenarioLimits.Devices),
            VirtualStages = map.Whole("virtualStages", 1, ScenarioLimits.Devices),
            Context = map.Whole("context", 1, ScenarioLimits.Devices),
            ContextMode = map.Choice("contextMode", Vocabulary.ContextModes),
            Expert = map.Whole("expert", 1, ScenarioLimits.Devices),
            ExpertTensor = map.Whole("expertTensor", 1, ScenarioLimits.Devices),
            Data = map.Whole("data", 1, ScenarioLimits.Devices),
            MicroBatch = map.Whole("microBatch", 1, ScenarioLimits.MicroBatch),
            SequenceParallel = map.Flag("sequenceParallel"),
            Sharding = map.Choice("sharding", Vocabulary.Shardings),
            ShardGroup = map.Whole("shardGroup", 1, ScenarioLimits.Devices),
            Recompute = ReadRecompute(map),
            Schedule = map.Choice("schedule", Vocabulary.Schedules),
            TensorOverlap = map.Choice("tensorOverlap", Vocabulary.TensorOverlaps),
            Offload = ReadOffload(map),
            Pools = map.Choice("pools", Vocabulary.PoolForms),
        };
        if (section.ShardGroup is not null && (section.Sharding ?? basis?.Sharding) != Training.Sharding.Hsdp)
        {
            map.Report("shardGroup", "has no effect; allowed: only with sharding: hsdp");
        }

        map.Close();
        return section;
    }

    private static RecomputePlan? ReadRecompute(FieldMap plan)
    {
        const string Name = "recompute";
        if (plan.Take(Name) is not MapNode)
        {
            return plan.Choice(Name, Vocabulary.Recomputations, "{ layers: n }, { modules: [attention, norm, mlp] }");
        }

        FieldMap map = plan.Optional(Name);
        map.ExactlyOne("layers", "modules");
        int? layers = map.Whole("layers", 1, ScenarioLimits.Layers);
        IReadOnlyList<RecomputeModules>? modules = map.Words("modules", Vocabulary.RecomputeModules);
        if (modules is { Count: 0 })
        {
            map.Report("modules", $"names no module; allowed: {Vocabulary.RecomputeModules.Allowed}");
        }

        if (!map.Close())
        {
            return null;
        }

        return layers is { } some
            ? RecomputePlan.OfLayers(some)
            : modules is [_, ..] ? RecomputePlan.OfModules(modules.Aggregate((all, one) => all | one)) : null;
    }

    private static Offload? ReadOffload(FieldMap map)
    {
        const string Name = "offload";
        IReadOnlyList<Offload>? words = map.Words(Name, Vocabulary.Offloads);
        if (words is { Count: > 1 } && words.Contains(Training.Offload.None))
        {
            map.Report(Name, "has none beside others; allowed: none, or a list of the others");
        }

        return words?.Aggregate(Training.Offload.None, (all, one) => all | one);
    }
}
