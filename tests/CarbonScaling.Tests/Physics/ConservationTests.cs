using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Evaluations;
using CarbonScaling.Tests.Training;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Physics;

/// <summary>What all ranks do and hold together is the model, however it is split.</summary>
public sealed class ConservationTests
{
    private const double Rounding = 1e-11;
    private const double Peak = 1e15;

    [Fact]
    public void Products_of_all_ranks_have_the_flops_of_the_model() => Assert.All(RandomJobs.All.Where(SplitsItsHeads), job =>
    {
        (StepCost<Scalar> step, Assessment<Scalar> result) = OnIdealDevices(job);
        TransformerShape<Scalar> model = result.Inputs.Model;
        double once = 3 * (TokenFlops.ForwardLayers(model) + TokenFlops.ForwardHead(model)).Value.Value;
        double again = Recomputed(job, model);
        double expected = (once + again) * Tokens(result);
        Assert.Equal(1, step.Phases.Products.Value.Value * Peak * result.Plan.Devices.Value / expected, Rounding);
    });

    [Fact]
    public void Fused_attention_of_all_ranks_has_the_causal_flops_of_the_model()
    {
        RandomJob[] fused = [.. RandomJobs.All.Where(job => job.Resolved.Job.Training.Software.Attention != AttentionKernel.Unfused)];
        Assert.NotEmpty(fused);
        Assert.All(fused, job =>
        {
            (StepCost<Scalar> step, Assessment<Scalar> result) = OnIdealDevices(job);
            TransformerShape<Scalar> model = result.Inputs.Model;
            double forward = TokenFlops.ForwardCausalAttention(model, result.Inputs.SequenceLength).Value.Value;
            double perLayer = forward / (model.Layers.Value + model.PredictionLayers.Value);
            double backward = result.Inputs.Machine.Attention!.BackwardFlops.Value;
            RecomputePlan recompute = job.Plan.Plan.Recompute;
            double again = recompute.Modules.HasFlag(RecomputeModules.Attention) ? forward : perLayer * LayersAgain(job);
            double expected = ((forward * (1 + backward)) + again) * Tokens(result);
            double all = step.Phases.Attention.Value.Value * Peak * result.Plan.Devices.Value;
            Assert.Equal(1, all / expected, Rounding);
        });
    }

    [Fact]
    public void Copies_of_all_ranks_are_the_tokens_times_the_experts_of_each()
    {
        RandomJob[] mixtures = [.. RandomJobs.All.Where(job => job.Resolved.Job.Training.Model.Experts is not null)];
        Assert.NotEmpty(mixtures);
        Assert.All(mixtures, job =>
        {
            Assessment<Scalar> result = job.Assess<Scalar>();
            PlanInputs<Scalar> plan = result.Plan;
            LayerInputs<Scalar> layer = Hand.Layer(
                job.Resolved.Job.Training.Model, result.Inputs.SequenceLength.Value, plan.MicroBatch.Value, plan.Tensor.Value) with
            {
                Context = plan.Context,
                Expert = plan.Expert,
                ExpertTensor = plan.ExpertTensor,
                Options = new() { SequenceParallel = result.Shape.SequenceParallel },
            };

            // Each copy is worked on by the x ranks that split its expert.
            double ranks = (plan.Tensor * plan.Context * plan.Data).Value;
            double copies = ExpertBlock.Copies(layer, new Scalar(1)).Value * ranks * plan.MicroBatches.Value / plan.ExpertTensor.Value;
            Assert.Equal(1, copies / (Tokens(result) * result.Inputs.Model.ExpertsPerToken.Value), Rounding);
        });
    }

    [Fact]
    public void Parameters_of_all_ranks_are_the_model_and_the_copies_of_what_every_rank_holds() => Assert.All(RandomJobs.All, job =>
    {
        Assessment<Scalar> result = job.Assess<Scalar>();
        TransformerShape<Scalar> model = result.Inputs.Model;
        RankParameters<Scalar> rank = result.Layer.Parameters;
        int stages = job.Plan.Plan.Pipeline;
        double tensor = job.Plan.Plan.Tensor;
        double common = 0;
        double experts = 0;
        for (int stage = 0; stage < stages; stage++)
        {
            StagePlace place = stage == 0 ? StagePlace.First : stage == stages - 1 ? StagePlace.Last : StagePlace.Middle;
            int leading = stage == 0 ? job.Plan.Layers.Leading : 0;
            DeviceParameters<Scalar> held = rank.OnStage(
                new(job.Plan.Layers.LayersOf(stage, stages)), new(leading), place, stages > 1);
            common += held.Common.Value * tensor;
            experts += held.Experts.Value * job.Plan.Plan.Expert * job.Plan.Plan.ExpertTensor;
        }

        double moe = model.MoeLayers.Value;
        double dense = model.Layers.Value - moe;
        double predicted = model.PredictionLayers.Value;
        double routed = model.HasExperts ? ParameterCount.RoutedExperts(model).Value : 0;
        Assert.Equal((moe + predicted) * routed, experts, Rounding * Math.Max(1, experts));

        // Held by every tensor-parallel rank: vectors, routers, projections into latents, positions; a whole key-value head.
        double everywhere = (dense * ParameterCount.LayerVectors(model).Value) + (ParameterCount.Embedding(model) - ParameterCount.Head(model)).Value;
        double latents = model.HasLatentAttention
            ? model.Hidden.Value * (model.KeyValueRank.Value + model.RopeHeadDimension.Value + (model.HasQueryLatent ? model.QueryRank.Value : 0))
            : 0;
        double mixture = model.HasExperts ? ParameterCount.MoeLayerVectors(model).Value + ParameterCount.Router(model).Value : 0;
        everywhere += ((moe + predicted) * mixture) + ((model.Layers.Value + predicted) * latents);
        double heads = model.HasLatentAttention ? 0 : Math.Max(0, tensor - model.KeyValueHeads.Value);
        double repeated = heads * 2 * model.Hidden.Value * model.HeadDimension.Value * model.Layers.Value;
        double prediction = predicted * ((model.HasExperts ? ParameterCount.MoeLayerCommon(model).Value : 0)
            + ParameterCount.PredictionProjection(model).Value);
        double copied = model.Traits.TiedEmbeddings && stages > 1 ? ParameterCount.Head(model).Value : 0;
        double total = ParameterCount.Total(model).Value - (moe * routed);
        double expected = total + ((tensor - 1) * everywhere) + repeated + prediction + copied;

        // The final norm, 2h at most, is on none.
        Assert.InRange(expected - common, -Rounding * expected, (2 * model.Hidden.Value) + (Rounding * expected));
    });

    // With more ranks than key-value heads some of their projections run twice, and without a split residual so do those into
    // latents.
    private static bool SplitsItsHeads(RandomJob job)
    {
        TrainingPlan plan = job.Plan.Plan;
        Transformer model = job.Resolved.Job.Training.Model;
        return plan.Tensor <= model.KeyValueHeads.Value && !plan.Recompute.Modules.HasFlag(RecomputeModules.Latent);
    }

    private static double Tokens(Assessment<Scalar> result) => (result.Inputs.GlobalBatch * result.Inputs.SequenceLength).Value;

    private static double LayersAgain(RandomJob job)
    {
        if (job.Plan.Plan.Recompute.Kind != Recomputation.Full)
        {
            return 0;
        }

        int stages = job.Plan.Plan.Pipeline;
        double wanted = job.Plan[PlanNumber.RecomputedLayers];
        return Enumerable.Range(0, stages).Sum(stage => Math.Min(wanted, job.Plan.Layers.LayersOf(stage, stages)));
    }

    // Forward FLOPs of a token in the layers that are computed again; leading layers of the first stage are the last to be.
    private static double Recomputed(RandomJob job, TransformerShape<Scalar> model)
    {
        double layers = LayersAgain(job);
        if (layers <= 0)
        {
            return 0;
        }

        double leading = model.Traits.Mixture?.LeadingDenseLayers ?? 0;
        double all = TokenFlops.ForwardStack(model).Value.Value;
        double dense = leading == 0 ? 0 : TokenFlops.ForwardDenseLayer(model).Value.Value;
        double body = (all - (leading * dense)) / (model.Layers.Value - leading);
        double wanted = job.Plan[PlanNumber.RecomputedLayers];
        double first = job.Plan.Layers.First;
        double leadingAgain = Math.Max(0, Math.Min(wanted, first) - (first - job.Plan.Layers.Leading));
        return ((layers - leadingAgain) * body) + (leadingAgain * dense);
    }

    // Every product at the same rate, and nothing but it; every expert has the same load.
    private static (StepCost<Scalar> Step, Assessment<Scalar> Result) OnIdealDevices(RandomJob job)
    {
        TrainingJob training = job.Resolved.Job.Training;
        Dictionary<string, Figure> figures = new(training.Parameters.Figures, StringComparer.Ordinal);
        foreach (string name in training.Parameters.Figures.Keys)
        {
            if (Ideal(name) is { } value)
            {
                figures[name] = figures[name] with { Value = value };
            }
        }

        NodeSystem system = training.Cluster.System;
        Accelerator device = system.Accelerator with
        {
            Peaks = system.Accelerator.Peaks.ToDictionary(peak => peak.Key, peak => peak.Value with { Value = Peak }),
        };
        Assessment<Scalar> result = job.Assess<Scalar>(job.Resolved.Job with
        {
            Training = training with
            {
                Parameters = new(training.Parameters.Id, figures),
                Cluster = training.Cluster with { System = system with { Accelerator = device } },
            },
        });
        return (result.Cost.Step, result);
    }

    private static double? Ideal(string name)
    {
        bool product = name.StartsWith("gemm.", StringComparison.Ordinal);
        bool attention = name.StartsWith("attention.", StringComparison.Ordinal);
        string last = name.Split('.')[^1];
        return (product, attention, last) switch
        {
            (true, _, "efficiency" or "efficiencyRatio") or (_, true, "efficiency" or "backwardRatio") => 1,
            (true, _, "launch" or "memoryFactor") or (_, true, "halfSequence") => 0,
            (_, _, "slowdown") => 1,
            _ when name.StartsWith("gemm.quantisationBytes", StringComparison.Ordinal) || name == "moe.loadDeviation" => 0,
            _ => null,
        };
    }
}
