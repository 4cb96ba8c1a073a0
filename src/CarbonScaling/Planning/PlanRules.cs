using System.Globalization;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>A rule that a plan breaks.</summary>
/// <param name="Field">The field of the plan, for example <c>plan.tensor</c>.</param>
/// <param name="Reason">The rule in a few words, for counting.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record BrokenRule(string Field, string Reason, string Message);

/// <summary>Which plans are legal for a job.</summary>
public static class PlanRules
{
    /// <summary>The rules about tensor parallelism alone.</summary>
    public static BrokenRule? Tensor(TrainingJob job, int tensor, bool sequenceParallel)
    {
        Transformer model = job.Model;
        int heads = (int)model.Heads.Value;
        int keyValueHeads = (int)model.KeyValueHeads.Value;
        int feedForward = (int)model.FeedForward.Value;
        int domain = job.Cluster.DomainSize;
        if (heads % tensor != 0)
        {
            return Broken("plan.tensor", "tensor does not divide the heads", $"does not divide the {heads} heads; allowed: a divisor");
        }

        if (keyValueHeads % tensor != 0 && tensor % keyValueHeads != 0)
        {
            return Broken(
                "plan.tensor",
                "tensor does not fit the key-value heads",
                $"neither divides nor is a multiple of the {keyValueHeads} key-value heads; allowed: a divisor or a multiple");
        }

        if (feedForward % tensor != 0)
        {
            return Broken(
                "plan.tensor",
                "tensor does not divide the feed-forward width",
                $"does not divide the feed-forward width {feedForward}; allowed: a divisor");
        }

        if (domain % tensor != 0 && tensor % domain != 0)
        {
            return Broken(
                "plan.tensor",
                "tensor does not fit the scale-up domain",
                $"neither divides nor is a multiple of the scale-up domain of {domain}; allowed: a divisor or a multiple");
        }

        return sequenceParallel && job.SequenceLength.Value % tensor != 0
            ? Broken(
                "plan.tensor",
                "tensor does not divide the sequence",
                $"does not divide the sequence length {job.SequenceLength.Value:F0}; allowed with sequenceParallel: a divisor")
            : null;
    }

    /// <summary>All rules.</summary>
    /// <param name="job">The job; its devices are not looked at.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="layers">The layers by stage, where the plan is legal.</param>
    /// <param name="uneven">Whether chunks of a stage may differ in layers, as a written layout can make them.</param>
    public static BrokenRule? Check(TrainingJob job, in TrainingPlan plan, out LayerSplit layers, bool uneven = false)
    {
        layers = default;
        return Ranks(job, plan, (long)job.GlobalBatch.Value) ?? Layers(job, plan, uneven, out layers);
    }

    /// <summary>The rules but that about the split of the layers over the stages.</summary>
    /// <param name="job">The job.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="batch">Sequences of a step that the plan's replicas take: all of them, or the share of a pool.</param>
    internal static BrokenRule? Ranks(TrainingJob job, in TrainingPlan plan, long batch) =>
        Layer(job, plan)
        ?? ExpertRanks(plan)
        ?? Batch(plan, batch)
        ?? Schedule(plan.Schedule, plan.Pipeline, plan.VirtualStages, plan.MicroBatches)
        ?? Sharded(plan);

    /// <summary>The rules about what happens inside a layer.</summary>
    public static BrokenRule? Layer(TrainingJob job, in TrainingPlan plan) =>
        Tensor(job, plan.Tensor, plan.SequenceParallel) ?? Context(job, plan) ?? Experts(job, plan) ?? Overlap(plan);

    private static BrokenRule? Context(TrainingJob job, in TrainingPlan plan)
    {
        if (plan.Context == 1)
        {
            return null;
        }

        // Ranks of a ring take one part from the front and one from the back, so that their causal work is equal.
        long sequence = (long)job.SequenceLength.Value;
        int parts = plan.ContextMode == ContextMode.Ulysses ? plan.Context : 2 * plan.Context;
        if (sequence % parts != 0)
        {
            return Broken("plan.context", "context does not divide the sequence", $"needs {parts} equal parts of the sequence length {sequence}; allowed: a divisor");
        }

        if (job.Software.Attention == AttentionKernel.Unfused && plan.ContextMode == ContextMode.Ring)
        {
            return Broken("plan.contextMode", "a ring needs a fused attention kernel", $"needs a fused attention kernel; allowed with software.attentionKernel unfused: ulysses, allgather");
        }

        int heads = (int)job.Model.Heads.Value / plan.Tensor;
        return plan.ContextMode == ContextMode.Ulysses && heads % plan.Context != 0
            ? Broken("plan.context", "context does not divide the heads of a rank", $"does not divide the {heads} heads of a tensor-parallel rank; allowed with ulysses: a divisor")
            : null;
    }

    private static BrokenRule? Experts(TrainingJob job, in TrainingPlan plan)
    {
        Transformer model = job.Model;
        if (model.Traits.Mixture is null)
        {
            return plan.Expert == 1 && plan.ExpertTensor == 1
                ? null
                : Broken(plan.Expert > 1 ? "plan.expert" : "plan.expertTensor", "a dense model has no experts", $"needs a model with experts; allowed for {model.Id}: 1");
        }

        int experts = (int)model.Experts!.Count.Value;
        int width = (int)model.Experts!.FeedForward.Value;
        if (experts % plan.Expert != 0)
        {
            return Broken("plan.expert", "expert does not divide the experts", $"does not divide the {experts} experts; allowed: a divisor");
        }

        if (width % plan.ExpertTensor != 0)
        {
            return Broken("plan.expertTensor", "expert-tensor does not divide an expert", $"does not divide the inner width {width} of an expert; allowed: a divisor");
        }

        // Else every tensor-parallel rank would send the same tokens to the experts.
        return plan.Tensor > 1 && !plan.SequenceParallel
            ? Broken("plan.sequenceParallel", "experts beside tensor parallelism need sequence parallelism", $"is false; allowed with experts and tensor parallelism: true")
            : null;
    }

    private static BrokenRule? Overlap(in TrainingPlan plan) => plan.TensorOverlap != TensorOverlap.None && !plan.SequenceParallel
        ? Broken("plan.tensorOverlap", "overlap by tiles needs sequence parallelism", "needs sequenceParallel; allowed without it: none")
        : null;

    /// <summary>The rules about the ranks of a stage that share weights and experts.</summary>
    internal static BrokenRule? Groups(in TrainingPlan plan) => ExpertRanks(plan) ?? Sharded(plan);

    private static BrokenRule? ExpertRanks(in TrainingPlan plan)
    {
        long stage = (long)plan.Tensor * plan.Context * plan.Data;
        int ranks = plan.Expert * plan.ExpertTensor;
        return stage % ranks != 0
            ? Broken("plan.expert", "experts do not fit the ranks of a stage", $"times expertTensor, {ranks}, does not divide the {stage} ranks of a stage (tensor × context × data); allowed: a divisor")
            : null;
    }

    /// <summary>The rules about what the ranks that hold a copy split among themselves.</summary>
    public static BrokenRule? Sharded(in TrainingPlan plan)
    {
        long copies = (long)plan.Data * plan.Context;
        return plan.Sharding == Sharding.Hsdp && (plan.ShardGroup < 1 || copies % plan.ShardGroup != 0)
            ? Broken("plan.shardGroup", "the shard group does not divide the copies", $"does not divide the {copies} ranks that hold a copy (data × context); allowed: a divisor")
            : null;
    }

    private static BrokenRule? Batch(in TrainingPlan plan, long batch)
    {
        long perMicroBatch = (long)plan.Data * plan.MicroBatch;
        return batch % perMicroBatch != 0 || batch / perMicroBatch != plan.MicroBatches
            ? Broken(
                "plan.microBatch",
                "the batch is not a multiple of data × micro-batch",
                $"times data {plan.Data} does not divide the global batch of {batch} sequences; allowed: "
                    + (batch % plan.Data == 0 ? $"a divisor of {batch / plan.Data}" : $"none, with data that does not divide {batch} itself"))
            : null;
    }

    /// <summary>The rules about the order of a pipeline's work.</summary>
    public static BrokenRule? Schedule(PipelineScheduleKind kind, int pipeline, int virtualStages, int microBatches)
    {
        if (PipelineRequirements.Broken(kind, pipeline, virtualStages, microBatches) is not { } requirement)
        {
            return null;
        }

        string name = Names.Of(kind);
        return requirement switch
        {
            PipelineRequirement.OneChunk => Broken(
                "plan.schedule", "virtual stages without interleaving", "has no virtual stages; allowed with virtualStages > 1: interleaved"),
            PipelineRequirement.SeveralStages or PipelineRequirement.SeveralChunks when kind == PipelineScheduleKind.Interleaved => Broken(
                "plan.schedule",
                "interleaving without virtual stages",
                "needs pipeline > 1 and virtualStages > 1; allowed: 1f1b, gpipe"),
            PipelineRequirement.SeveralStages => Broken(
                "plan.schedule", "a schedule of several stages without a pipeline", "needs pipeline > 1; allowed: 1f1b, gpipe"),
            PipelineRequirement.MultipleOfStages => Broken(
                "plan.schedule",
                "interleaving needs micro-batches in multiples of the stages",
                $"needs micro-batches in multiples of the {pipeline} stages, not {microBatches}; allowed: 1f1b, gpipe, or another batch"),
            PipelineRequirement.TwoChunks => Broken(
                "plan.virtualStages", "zbv has two chunks on each stage", $"is {virtualStages}; allowed with zbv: 2"),
            PipelineRequirement.EvenStages => Broken(
                "plan.pipeline", "dualpipe needs an even number of stages", $"is {pipeline}; allowed with dualpipe: an even number"),
            PipelineRequirement.EvenMicroBatches => Broken(
                "plan.schedule", "dualpipe needs an even number of micro-batches", $"needs an even number of micro-batches, not {microBatches}; allowed: another schedule or batch"),
            _ => Broken(
                "plan.schedule",
                $"{name} needs more micro-batches",
                $"needs at least {Least(requirement, pipeline)} micro-batches for {pipeline} stages, not {microBatches}; allowed: 1f1b, gpipe, or more micro-batches"),
        };
    }

    private static int Least(PipelineRequirement requirement, int pipeline) => requirement switch
    {
        PipelineRequirement.AsManyAsStages => pipeline,
        PipelineRequirement.TwiceAsManyLessOne => (2 * pipeline) - 1,
        _ => 2 * pipeline,
    };

    /// <summary>The rules about the split of the layers over the stages.</summary>
    internal static BrokenRule? Layers(TrainingJob job, in TrainingPlan plan, bool uneven, out LayerSplit layers)
    {
        int count = job.Model.LayerCount;
        if (!LayerSplit.TrySplit(count, plan.Pipeline, plan.VirtualStages, out layers))
        {
            if (!uneven || (long)plan.Pipeline * plan.VirtualStages > count)
            {
                return Broken(
                    plan.VirtualStages > 1 ? "plan.virtualStages" : "plan.pipeline",
                    "the layers cannot be split over the stages",
                    $"cannot split {count} layers over {plan.Pipeline} stages of {plan.VirtualStages} chunks; allowed: a layer for each chunk at least");
            }

            layers = LayerSplit.Even(count, plan.Pipeline);
        }

        if (plan.Recompute.Layers > layers.Most)
        {
            return Broken("plan.recompute", "more layers computed again than a stage has", $"layers {plan.Recompute.Layers} exceeds the {layers.Most} layers of a stage; allowed: 1 to {layers.Most}");
        }

        layers = layers with { Leading = Math.Min(job.Model.Traits.Mixture?.LeadingDenseLayers ?? 0, layers.First) };
        return null;
    }

    private static BrokenRule Broken(string field, string reason, FormattableString message) =>
        new(field, reason, FormattableString.Invariant(message));

    private static BrokenRule Broken(string field, string reason, string message) => new(field, reason, message);
}
