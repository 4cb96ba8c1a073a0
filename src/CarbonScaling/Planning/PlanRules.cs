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
    public static BrokenRule? Check(TrainingJob job, in TrainingPlan plan, out LayerSplit layers)
    {
        layers = default;
        long batch = (long)job.GlobalBatch.Value;
        return Tensor(job, plan.Tensor, plan.SequenceParallel)
            ?? Groups(plan)
            ?? Batch(plan, batch)
            ?? Schedule(plan)
            ?? Layers(job, plan, out layers);
    }

    private static BrokenRule? Groups(in TrainingPlan plan)
    {
        long ranks = (long)plan.Tensor * plan.Context * plan.Data;
        if (ranks % ((long)plan.Expert * plan.ExpertTensor) != 0)
        {
            return Broken(
                "plan.expert",
                "expert × expert-tensor does not divide tensor × context × data",
                $"times expertTensor {plan.ExpertTensor} does not divide the {ranks} ranks of tensor × context × data; allowed: a divisor of them");
        }

        return plan.ShardGroup > 0 && (long)plan.Context * plan.Data % plan.ShardGroup != 0
            ? Broken(
                "plan.shardGroup",
                "the shard group does not divide context × data",
                $"does not divide the {(long)plan.Context * plan.Data} ranks of context × data; allowed: a divisor of them")
            : null;
    }

    private static BrokenRule? Batch(in TrainingPlan plan, long batch)
    {
        long perMicroBatch = (long)plan.Data * plan.MicroBatch;
        return batch % perMicroBatch != 0 || batch / perMicroBatch != plan.MicroBatches
            ? Broken(
                "plan.microBatch",
                "the batch is not a multiple of data × micro-batch",
                $"times data {plan.Data} does not divide the global batch of {batch} sequences; allowed: a divisor of {batch}/{plan.Data}")
            : null;
    }

    private static BrokenRule? Schedule(in TrainingPlan plan)
    {
        bool interleaved = plan.Schedule == PipelineScheduleKind.Interleaved;
        if (plan.VirtualStages > 1 && !interleaved)
        {
            return Broken("plan.schedule", "virtual stages without interleaving", "has no virtual stages; allowed with virtualStages > 1: interleaved");
        }

        if (!interleaved)
        {
            return null;
        }

        if (plan.Pipeline == 1 || plan.VirtualStages == 1)
        {
            return Broken("plan.schedule", "interleaving without virtual stages", "needs pipeline > 1 and virtualStages > 1; allowed: 1f1b, gpipe");
        }

        return plan.MicroBatches % plan.Pipeline != 0
            ? Broken(
                "plan.schedule",
                "interleaving needs micro-batches in multiples of the stages",
                $"needs micro-batches in multiples of the {plan.Pipeline} stages, not {plan.MicroBatches}; allowed: 1f1b, gpipe, or another batch")
            : null;
    }

    private static BrokenRule? Layers(TrainingJob job, in TrainingPlan plan, out LayerSplit layers) =>
        LayerSplit.TrySplit(job.Model.LayerCount, plan.Pipeline, plan.VirtualStages, out layers)
            ? null
            : Broken(
                plan.VirtualStages > 1 ? "plan.virtualStages" : "plan.pipeline",
                "the layers cannot be split over the stages",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"cannot split {job.Model.LayerCount} layers over {plan.Pipeline} stages of {plan.VirtualStages} chunks; allowed: stages × chunks that divide {job.Model.LayerCount} or {job.Model.LayerCount + 2}, or at most {job.Model.LayerCount} stages of one chunk"));

    private static BrokenRule Broken(string field, string reason, FormattableString message) =>
        new(field, reason, FormattableString.Invariant(message));

    private static BrokenRule Broken(string field, string reason, string message) => new(field, reason, message);
}
