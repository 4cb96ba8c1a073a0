using CarbonScaling.Catalogs;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>Rows picked by hand, and what is filled in of each.</summary>
public sealed class RecordDefaultsTests
{
    private static readonly Catalog Embedded = Catalog.OpenEmbedded();

    private static readonly Dictionary<string, StepRecord> Published =
        PublishedRecords.ReadAll().ToDictionary(record => record.Id, StringComparer.Ordinal);

    [Fact]
    public void Megatron_of_2022_in_a_part_of_a_node()
    {
        var (scenario, filled) = Draft("VTRS-001");

        Assert.Equal(2, scenario.Cluster.Devices.Maximum);
        Assert.Equal("dgx-a100-80gb", scenario.Cluster.System);
        Assert.Null(scenario.Cluster.Network.NicBandwidth);
        Assert.True(scenario.Training.Dropout);
        Assert.Equal(SoftwareStack.Megatron2022, scenario.Software.Stack);
        Assert.Equal(AttentionKernel.Unfused, scenario.Software.AttentionKernel);
        Assert.False(scenario.Plan.SequenceParallel);
        Assert.Equal(RecomputePlan.Full, scenario.Plan.Recompute);
        Assert.Equal(FailurePolicy.None, scenario.Cluster.Failures.Policy);
        Assert.Equal("true", filled["model.tiedEmbeddings"].Value);
        Assert.Equal("false", filled["plan.sequenceParallel"].Value);
        Assert.DoesNotContain("plan.sharding", filled.Keys);
        Assert.DoesNotContain("plan.recompute", filled.Keys);
        Assert.DoesNotContain("software.attentionKernel", filled.Keys);
    }

    // 96 layers over 8 stages: of up to 8 chunks, 6 of two layers are the most that divide 12; 128 micro-batches divide by 8.
    [Fact]
    public void Megatron_core_chooses_chunks_sharding_and_sequence_parallelism()
    {
        var (scenario, filled) = Draft("NEMO-025");

        Assert.Equal(6, scenario.Plan.VirtualStages);
        Assert.Equal(PipelineScheduleKind.Interleaved, scenario.Plan.Schedule);
        Assert.Equal(Sharding.Zero1, scenario.Plan.Sharding);
        Assert.True(scenario.Plan.SequenceParallel);
        Assert.Equal(1, scenario.Plan.MicroBatch);
        Assert.Equal(16, scenario.Plan.Data);
        Assert.Null(scenario.Plan.Recompute);
        Assert.Null(scenario.Software.AttentionKernel);
        Assert.False(scenario.Training.Dropout);
        Assert.Equal(["6", "zero1", "true"], new[] { "plan.virtualStages", "plan.sharding", "plan.sequenceParallel" }.Select(field => filled[field].Value));
    }

    [Fact]
    public void Chunks_that_split_nothing_evenly_are_not_chosen()
    {
        StepRecord record = Published["NEMO-025"];

        // 97 layers divide by no number of chunks; 4 micro-batches are no multiple of 8 stages.
        Assert.Equal(1, Draft(record with { Layers = 97 }).Scenario.Plan.VirtualStages);
        Assert.Equal(1, Draft(record with { GlobalBatchSequences = 64 }).Scenario.Plan.VirtualStages);

        // Embedding and head as layers: 126 + 2 over 8 stages of 8 chunks.
        Assert.Equal(8, Draft(record with { Layers = 126 }).Scenario.Plan.VirtualStages);
    }

    // 512 of 1024 sequences on each of 16 × 16 chips: the batch is stated per chip, 1, and a rank of 16 chips takes 16 at once.
    [Fact]
    public void Jax_takes_the_batch_of_a_rank_at_once()
    {
        var (scenario, filled) = Draft("MXT-019");

        Assert.Equal(16, scenario.Plan.MicroBatch);
        Assert.Equal("16", filled["plan.microBatch"].Value);
        Assert.Equal(SoftwareStack.Jax, scenario.Software.Stack);
        Assert.Equal(Sharding.Zero3, scenario.Plan.Sharding);
        Assert.Equal("tpu-v5e-pod", scenario.Cluster.System);
        Assert.Null(scenario.Cluster.Pools[0].Domain);
        Assert.True(scenario.Plan.SequenceParallel);
    }

    [Fact]
    public void A_slice_of_a_pod_is_a_domain()
    {
        var (scenario, filled) = Draft("MXT-026");

        Assert.Equal(64, scenario.Cluster.Pools[0].Domain);
        Assert.Equal("64", filled["cluster.domain"].Value);
        Assert.Equal(Sharding.Hsdp, scenario.Plan.Sharding);
        Assert.Null(scenario.Plan.ShardGroup);
        Assert.Equal(
            RecomputePlan.OfModules(RecomputeModules.Attention | RecomputeModules.Norm | RecomputeModules.Mlp), scenario.Plan.Recompute);
        Assert.Equal(256, Draft("MXT-005").Scenario.Plan.ShardGroup);
    }

    [Fact]
    public void Pytorch_computes_a_part_of_the_blocks_again()
    {
        var (scenario, filled) = Draft("FMS-003");

        // 0.4 × 40 layers.
        Assert.Equal(RecomputePlan.OfLayers(16), scenario.Plan.Recompute);
        Assert.Equal("16", filled["plan.recompute.layers"].Value);
        Assert.Equal(AttentionKernel.Flash2, scenario.Software.AttentionKernel);
        Assert.Equal(6.25e9, scenario.Cluster.Network.NicBandwidth);
        Assert.Equal(SoftwareStack.Fsdp, scenario.Software.Stack);
        Assert.Equal(RecomputePlan.Full, Draft("MOS-001").Scenario.Plan.Recompute);
        Assert.Equal(Sharding.Zero2, Draft(Published.Values.First(record => record.Sharding == RecordSharding.Zero2)).Scenario.Plan.Sharding);
    }

    [Fact]
    public void Gradients_weights_and_tiles_follow_the_recipes_of_the_framework()
    {
        Scenario recipe = Draft("NEMO-019").Scenario;
        Assert.Equal((GradientStorage.Bf16, WeightStorage.Quantised), (recipe.Training.Storage.Gradients, recipe.Training.Storage.Weights));
        Assert.Equal(TensorOverlap.Ring, recipe.Plan.TensorOverlap);

        // Megatron-LM itself in bf16 reduces in 32 bits and does not tile; in 8 bits its recipes do as the others.
        StepRecord plain = Published["NEMO-019"] with { Framework = "Megatron-LM/Core", Precision = "bf16" };
        Assert.Null(Draft(plain).Scenario.Training.Storage.Gradients);
        Assert.NotEqual(TensorOverlap.Ring, Draft(plain).Scenario.Plan.TensorOverlap);
        Assert.Equal(GradientStorage.Bf16, Draft(plain with { Precision = "fp8" }).Scenario.Training.Storage.Gradients);

        Assert.Equal(GradientStorage.Fp32, Draft("MOS-001").Scenario.Training.Storage.Gradients);
        Assert.Null(Draft(Published["MOS-001"] with { Notes = "" }).Scenario.Training.Storage.Gradients);
        Assert.Equal(TensorOverlap.Ring, Draft("MXT-019").Scenario.Plan.TensorOverlap);
    }

    [Fact]
    public void The_attention_kernel_is_the_one_that_the_code_called()
    {
        Assert.Equal(AttentionKernel.Flash1, Draft("MOS-001").Scenario.Software.AttentionKernel);
        Assert.Equal(AttentionKernel.Flash1, Draft("FLASH-001").Scenario.Software.AttentionKernel);
        Assert.Equal(AttentionKernel.Flash2, Draft("TINY-001").Scenario.Software.AttentionKernel);
        Assert.Equal(AttentionKernel.Unfused, Draft("JAXT-001").Scenario.Software.AttentionKernel);
        Assert.Null(Draft(Published["JAXT-001"] with { FusedAttention = true }).Scenario.Software.AttentionKernel);
        Assert.Equal(SoftwareStack.DeepSpeed, Draft("BLOOM-001").Scenario.Software.Stack);
    }

    [Fact]
    public void Deepep_means_expert_parallelism_and_a_release_its_dispatcher()
    {
        // 128 experts over 64 devices; 32 over 8.
        Assert.Equal((64, MoeDispatcher.DeepEp), (Draft("AUTO-006").Scenario.Plan.Expert, Draft("AUTO-006").Scenario.Software.MoeDispatcher));
        Assert.Equal(8, Draft("AUTO-005").Scenario.Plan.Expert);
        Assert.Equal(new DateOnly(2026, 8, 1), Draft("BRG-008").Scenario.Software.Release);
        Assert.Null(Draft("BRG-008").Scenario.Software.MoeDispatcher);
    }

    // JAX codes have one policy for all layers, and layers that Paxml repeats are always checkpointed.
    [Fact]
    public void Jax_computes_all_layers_again_or_none()
    {
        RecordResolver resolver = new(Embedded);
        RecomputePlan PolicyOf(StepRecord record) => resolver.Resolve(record).Plan.Plan.Recompute;
        RecomputePlan products = RecomputePlan.OfModules(RecomputeModules.Attention | RecomputeModules.Norm | RecomputeModules.Mlp);

        Assert.Equal(products, PolicyOf(Published["JAXT-001"]));
        Assert.Equal(RecomputePlan.Full, PolicyOf(Published["DGXC-279"]));
        Assert.Equal(default, PolicyOf(Published["JAXT-001"] with { Framework = "MaxText (JAX)" }));
    }

    [Fact]
    public void Notes_go_before_defaults()
    {
        Assert.Equal(128, Draft("DGXC-169").Scenario.Plan.ShardGroup);
        Assert.Equal(RecomputePlan.OfLayers(5), Draft("BRG-195").Scenario.Plan.Recompute);

        Scenario simulated = Draft("SMX-041").Scenario;
        Assert.Equal(new OverlapSection { Tensor = false, Data = false, Pipeline = false }, simulated.Software.Overlap);
        Assert.Equal((4, ContextMode.Ulysses), (simulated.Plan.Context, simulated.Plan.ContextMode));
    }

    [Fact]
    public void Experts_follow_the_pattern_of_the_model()
    {
        var (maverick, filled) = Draft("DGXC-297");
        var mixture = maverick.Model!.Architecture!.Traits.Mixture!;
        Assert.Equal((2, 1), (mixture.LayerInterval, mixture.LayerPhase));
        Assert.Equal(24, mixture.Count(maverick.Model.Architecture.Layers));
        Assert.Equal(64, maverick.Plan.Expert);
        Assert.Equal(1, maverick.Training.Routing.Imbalance);
        Assert.Equal("1", filled["training.routing.imbalance"].Value);

        Scenario grok = Draft("DGXC-026").Scenario;
        Assert.Equal((8, 4), (grok.Plan.Expert, grok.Plan.ExpertTensor));
        Assert.Equal(1, Draft(Published["DGXC-026"] with { Notes = "ETP=1" }).Scenario.Plan.ExpertTensor);

        Scenario kimi = Draft("AUTO-003").Scenario;
        Assert.Equal(60, kimi.Model!.Architecture!.Traits.Mixture!.Count(61));
        Assert.Equal((1536, 512, 64, 128, 128), (
            kimi.Model.Architecture.QueryRank,
            kimi.Model.Architecture.KeyValueRank,
            kimi.Model.Architecture.RopeHeadDimension,
            kimi.Model.Architecture.ValueHeadDimension,
            kimi.Model.Architecture.HeadDimension));
        Assert.Equal(MoeDispatcher.DeepEp, kimi.Software.MoeDispatcher);

        Scenario oss = Draft("BRG-059").Scenario;
        Assert.Equal(128, oss.Model!.Architecture!.Window);
        Assert.Equal(18, oss.Model.Architecture.Traits.Window!.Count(36));
    }

    [Fact]
    public void The_links_of_a_cluster_are_those_published()
    {
        Assert.Equal(("jean-zay-a100", 6.25e9), NetworkOf("BLOOM-001"));
        Assert.Equal(("hgx-a100-80gb-roce", 25e9), NetworkOf(Published.Values.First(record => record.Interconnect.Contains("RoCE", StringComparison.Ordinal)).Id));
        Assert.Equal(("dgx-a100-80gb", 12.5e9), NetworkOf("VTR-001"));
        Assert.Equal(("dgx-a100-40gb", null), NetworkOf(Published.Values.First(record => record.Accelerator == "A100 (DGX A100)").Id));

        (string, double?) NetworkOf(string id) => (Draft(id).Scenario.Cluster.System, Draft(id).Scenario.Cluster.Network.NicBandwidth);
    }

    [Fact]
    public void A_micro_batch_that_is_not_given_is_small_and_divides()
    {
        StepRecord record = Published["SC21-001"] with { MicroBatch = null };

        // 512 sequences over 32 ranks are 16 of each: 4 below a width of 4000, else 1.
        Assert.Equal(4, Draft(record).Scenario.Plan.MicroBatch);
        Assert.Equal(1, Draft(record with { Hidden = 4608 }).Scenario.Plan.MicroBatch);
        Assert.Equal(3, Draft(record with { GlobalBatchSequences = 96 }).Scenario.Plan.MicroBatch);
    }

    [Fact]
    public void Embeddings_are_shared_where_that_fits_the_published_size_better()
    {
        // 12·24·2304² = 1.529 billion in the layers and 0.118 billion for each table of 51,200.
        StepRecord record = Published["SC21-001"];
        Assert.True(Tied(record with { Parameters = 1.65e9 }));
        Assert.False(Tied(record with { Parameters = 1.77e9 }));
        Assert.True(Tied(record with { Parameters = null }));
        Assert.False(Tied(record with { Parameters = null, FeedForwardType = "swiglu" }));

        static bool Tied(StepRecord record) => Draft(record).Scenario.Model!.Architecture!.Traits.TiedEmbeddings;
    }

    [Fact]
    public void What_was_published_is_never_overwritten()
    {
        foreach (StepRecord record in Published.Values)
        {
            var (scenario, filled) = Draft(record);
            PlanSection plan = scenario.Plan;
            Assert.Equal((record.Tensor, record.Pipeline), (plan.Tensor, plan.Pipeline));
            Assert.Equal(record.Context ?? 1, plan.Context);
            Assert.Equal(record.Data ?? plan.Data, plan.Data);
            Assert.Equal(record.SequenceParallel ?? plan.SequenceParallel, plan.SequenceParallel);
            Assert.Equal(record.GlobalBatchSequences, scenario.Training.GlobalBatchSequences);
            Assert.Equal(record.SequenceLength, scenario.Training.SequenceLength);
            Assert.Equal(record.Layers, scenario.Model!.Architecture!.Layers);
            Assert.Equal(record.Devices, scenario.Cluster.Devices.Maximum);
            Assert.Equal(record.Vocabulary ?? 50_257, scenario.Model.Architecture.Vocabulary);
            Assert.All(filled.Values, field => Assert.NotEqual("", field.Rule));
        }
    }

    private static (Scenario Scenario, Dictionary<string, FilledField> Filled) Draft(string id) => Draft(Published[id]);

    private static (Scenario Scenario, Dictionary<string, FilledField> Filled) Draft(StepRecord record)
    {
        Assert.Null(RecordDefaults.Draft(record, Embedded, out ScenarioDraft draft));
        ScenarioReading reading = draft.Read();
        Assert.Empty(reading.Problems);
        return (reading.Scenario!, draft.Filled.ToDictionary(field => field.Field, StringComparer.Ordinal));
    }
}
