using CarbonScaling.Hardware;
using CarbonScaling.Planning.Launch;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>The plan of a scenario with the defaults of <c>estimate</c> for what it leaves open.</summary>
internal static class FixedPlan
{
    /// <summary>The plan of every phase; pools share out the batch unless <c>plan.pools</c> says otherwise.</summary>
    /// <exception cref="ScenarioException">A plan is not legal.</exception>
    public static JobPlan OfJob(Scenario scenario, ResolvedScenario resolved) => new([.. resolved.PhasesOf(scenario).Select(OfPhase)]);

    /// <summary>
    /// The plan on one pool. Degrees but data, virtual stages and micro-batch default to 1, sequence parallelism to
    /// tensor &gt; 1, context parallelism to a ring, sharding to zero1, a shard group to the data-parallel ranks of a
    /// scale-up domain, recomputation, overlap of tensor-parallel communication and offload to none, the schedule to
    /// interleaved with virtual stages and else to 1F1B; data follows from the devices. Where the model comes from a launch
    /// script of Megatron-LM, its plan goes before these defaults.
    /// </summary>
    /// <exception cref="ScenarioException">The plan is not legal.</exception>
    public static SplitPlan Of(Scenario scenario, TrainingJob job)
    {
        ProblemSink problems = new(scenario);
        ScriptPlan script = ScriptPlan.Of(scenario, job.Model, problems);
        problems.ThrowIfAny();
        if (!scenario.Cluster.Devices.IsFixed)
        {
            problems.Add("cluster.devices", "is a range; allowed here: one number (a range is for plan)");
            problems.ThrowIfAny();
        }

        TrainingPlan plan = Plan(scenario, script, job.Cluster.DeviceCount, job, problems);
        Refuse(scenario, PlanRules.Check(job, plan, out LayerSplit layers, uneven: true), problems);
        if (script.Layers is not { } split)
        {
            return new(plan, layers);
        }

        if (plan.Recompute.Layers > split.Most)
        {
            problems.Add("plan.recompute", $"layers {plan.Recompute.Layers} exceeds the {split.Most} layers of a stage; allowed: 1 to {split.Most}");
            problems.ThrowIfAny();
        }

        return new(plan, split with { Leading = Math.Min(job.Model.Traits.Mixture?.LeadingDenseLayers ?? 0, split.First) });
    }

    /// <summary>
    /// What a plan must say to be one: degrees, micro-batch, sharding and recomputation, with a pipeline its schedule, with
    /// experts their degree, on one number of devices. What else it leaves open takes the defaults of <see cref="Of"/>.
    /// </summary>
    /// <returns>The fields that are open; none for a complete plan.</returns>
    /// <exception cref="ScenarioException">The launch script that the model comes from asks for what is not modelled.</exception>
    public static IReadOnlyList<string> Open(Scenario scenario, TrainingJob job)
    {
        ProblemSink problems = new(scenario);
        PlanSection section = ScriptPlan.Of(scenario, job.Model, problems).Section;
        problems.ThrowIfAny();
        (string Field, bool Open)[] fields =
        [
            ("cluster.devices", !scenario.Cluster.Devices.IsFixed),
            ("plan.tensor", section.Tensor is null),
            ("plan.pipeline", section.Pipeline is null),
            ("plan.expert", section.Expert is null && job.Model.Traits.Mixture is not null),
            ("plan.microBatch", section.MicroBatch is null),
            ("plan.sharding", section.Sharding is null),
            ("plan.recompute", section.Recompute is null),
            ("plan.schedule", section is { Pipeline: > 1, Schedule: null, VirtualStages: null }),
        ];
        return [.. fields.Where(static field => field.Open).Select(static field => field.Field)];
    }

    private static PhasePlan OfPhase(ResolvedPhase phase)
    {
        if (phase.Pools is [var only])
        {
            return PhasePlan.Of(Of(only.Scenario, only.Job.Training));
        }

        Scenario scenario = phase.Scenario;
        TrainingJob first = phase.Jobs[0].Training;
        ProblemSink problems = new(scenario);
        ScriptPlan script = ScriptPlan.Of(scenario, first.Model, problems);
        problems.ThrowIfAny();
        int devices = phase.Jobs.Sum(static job => job.Training.Cluster.DeviceCount);
        TrainingPlan plan = Plan(scenario, script, devices, first, problems);
        int[] pools = [.. Enumerable.Range(0, phase.Pools.Count)];
        PoolForm form = scenario.Plan.Pools ?? PoolForm.Data;
        Refuse(scenario, PoolRules.Check(new(phase.Jobs), pools, plan, form, uneven: true, out PhasePlan? shared), problems);
        return shared!;
    }

    private static void Refuse(Scenario scenario, BrokenRule? broken, ProblemSink problems)
    {
        if (broken is null)
        {
            return;
        }

        bool ofScript = scenario.Model?.Megatron is not null && !scenario.IsGiven(broken.Field);
        problems.Add(
            ofScript ? "model" : broken.Field, ofScript ? $"gives a {broken.Field} that {broken.Message}" : broken.Message);
        problems.ThrowIfAny();
    }

    private static TrainingPlan Plan(Scenario scenario, ScriptPlan script, int devices, TrainingJob job, ProblemSink problems)
    {
        PlanSection section = script.Section;
        int tensor = section.Tensor ?? 1;
        int pipeline = section.Pipeline ?? 1;
        int context = section.Context ?? 1;
        int virtualStages = section.VirtualStages ?? (section.Schedule == PipelineScheduleKind.ZeroBubbleV ? 2 : 1);
        long perReplica = (long)tensor * context * pipeline;
        long data = section.Data ?? (devices / perReplica);
        if (data * perReplica != devices)
        {
            string field = scenario.IsGiven("plan.data") ? "plan.data"
                : pipeline > 1 ? "plan.pipeline"
                : context > 1 ? "plan.context" : "plan.tensor";
            string parts = context > 1 ? $" × context {context}" : "";
            problems.Add(field, $"does not fit: tensor {tensor}{parts} × pipeline {pipeline} × data {Math.Max(1, data)} is not the {devices} devices; allowed: a product of {devices}");
            problems.ThrowIfAny();
        }

        int microBatch = section.MicroBatch ?? 1;
        long microBatches = (long)job.GlobalBatch.Value / (data * microBatch);
        return new(
            tensor,
            pipeline,
            virtualStages,
            (int)data,
            microBatch,
            (int)Math.Max(1, Math.Min(int.MaxValue, microBatches)),
            section.SequenceParallel ?? tensor > 1,
            section.Sharding ?? Sharding.Zero1,
            section.Recompute ?? RecomputePlan.None,
            section.Schedule ?? (virtualStages > 1 ? PipelineScheduleKind.Interleaved : PipelineScheduleKind.OneForwardOneBackward))
        {
            Context = context,
            ContextMode = section.ContextMode ?? ContextMode.Ring,
            Expert = section.Expert ?? 1,
            ExpertTensor = section.ExpertTensor ?? 1,
            ShardGroup = section.Sharding == Sharding.Hsdp ? section.ShardGroup ?? ShardGroup((int)data * context) : 0,
            TensorOverlap = section.TensorOverlap ?? TensorOverlap.None,
            Offload = section.Offload ?? Offload.None,
        };

        int ShardGroup(int copies) => script.Copies is { } parts && copies % parts == 0
            ? copies / parts
            : GroupPlacement.Of(copies, tensor, job.Cluster.DomainSize).LocalRanks;
    }
}
