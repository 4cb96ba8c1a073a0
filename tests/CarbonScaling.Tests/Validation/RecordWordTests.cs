using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>What the words of record files mean: the class of software, the system, the bandwidth, the notes.</summary>
public sealed class RecordWordTests
{
    [Theory]
    [InlineData("Megatron-LM", "A100", "Megatron2022")]
    [InlineData("Megatron-LM style", "A100", "Megatron2022")]
    [InlineData("Megatron-DeepSpeed", "A100", "DeepSpeed")]
    [InlineData("Megatron-LM (TransformerEngine 2.11)", "B200", "MegatronCore")]
    [InlineData("Megatron-LM/Core", "H100", "MegatronCore")]
    [InlineData("NeMo/Megatron-Core", "H100", "MegatronCore")]
    [InlineData("NeMo (Megatron-Core)", "H100", "MegatronCore")]
    [InlineData("Megatron-Bridge/Megatron-Core", "GB200", "MegatronCore")]
    [InlineData("something of our own", "H100", "MegatronCore")]
    [InlineData("llm-foundry/Composer (PyTorch FSDP)", "H100", "Fsdp")]
    [InlineData("fms-fsdp (PyTorch FSDP + compile)", "A100", "Fsdp")]
    [InlineData("NeMo Automodel (PyTorch DTensor/FSDP2 + TE + DeepEP)", "H100", "Fsdp")]
    [InlineData("PyTorch + flash-attn", "A100", "Fsdp")]
    [InlineData("MaxText (JAX)", "H100", "Jax")]
    [InlineData("Paxml (JAX)", "A100", "Jax")]
    [InlineData("MaxText (JAX)", "TPU v5e", "Tpu")]
    public void The_class_of_software_is_told_by_its_name(string framework, string accelerator, string expected) =>
        Assert.Equal(expected, FrameworkClasses.Of(RecordTexts.Record(("framework", framework), ("accelerator", accelerator))).ToString());

    [Theory]
    [InlineData("V100-32GB (DGX-2)", "", "16", "dgx-2")]
    [InlineData("V100-16GB", "", "4", "jean-zay-v100-16gb")]
    [InlineData("V100-32GB", "", "4", "jean-zay-v100-32gb")]
    [InlineData("V100 16 GB", "", "8", "dgx-1-v100-16gb")]
    [InlineData("V100-SXM2-32GB", "", "", "dgx-1-v100")]
    [InlineData("A100 (DGX A100)", "", "8", "dgx-a100-40gb")]
    [InlineData("A100-40GB", "", "", "dgx-a100-40gb")]
    [InlineData("A100-80GB", "NVLink3 + 4x Omni-Path 100Gb/s per node (Jean Zay)", "8", "jean-zay-a100")]
    [InlineData("A100-80GB", "1600 Gb/s RoCE per node", "8", "hgx-a100-80gb-roce")]
    [InlineData("A100-80GB", "NVLink3", "8", "dgx-a100-80gb")]
    [InlineData("A100", "800 Gb/s inter-node per node", "8", "dgx-a100-80gb")]
    [InlineData("A100-80GB PCIe", "", "8", "a100-80gb-pcie-8")]
    [InlineData("H100-80GB", "NVLink4 + NDR", "8", "dgx-h100")]
    [InlineData("H100 NVL", "", "8", "h100-nvl-8")]
    [InlineData("H800-80GB", "", "8", "hgx-h800")]
    [InlineData("H200", "", "8", "dgx-h200")]
    [InlineData("H20", "", "8", "hgx-h20")]
    [InlineData("GH200", "", "1", "gh200")]
    [InlineData("GB200", "NVL72 NVLink5", "4", "gb200-nvl72")]
    [InlineData("B200-180GB", "DGX NVLink; scale-out NICs not stated", "8", "dgx-b200")]
    [InlineData("TPU v5e", "", "", "tpu-v5e-pod")]
    [InlineData("TPUv4", "", "", "tpu-v4-pod")]
    [InlineData("MI300X", "", "8", "mi300x-8")]
    [InlineData("abacus", "", "", null)]
    public void The_system_is_told_by_accelerator_node_and_links(string accelerator, string interconnect, string node, string? expected) =>
        Assert.Equal(
            expected,
            SystemRules.Of(RecordTexts.Record(("accelerator", accelerator), ("interconnect", interconnect), ("devices_per_node", node)))?.System);

    // Worked by hand: adapters × Gb/s / 8 bit / devices of a node.
    [Theory]
    [InlineData("NVLink3 single node", null)]
    [InlineData("NVLink3", null)]
    [InlineData("NVL72 NVLink5 domain; scale-out NICs not stated", null)]
    [InlineData("ICI 2D torus 16x16 per slice + DCN between slices", null)]
    [InlineData("800 Gb/s inter-node per node", 12.5e9)]
    [InlineData("1600 Gb/s RoCE per node", 25e9)]
    [InlineData("400Gbps inter-node", 6.25e9)]
    [InlineData("NVLink3 + 4x Omni-Path 100Gb/s per node (Jean Zay)", 6.25e9)]
    [InlineData("NVLink3/NVSwitch + 8x HDR 200Gb/s IB per node (Selene)", 25e9)]
    [InlineData("NVLink3 + 8x HDR IB per node (Selene)", 25e9)]
    [InlineData("8 x 400 Gb/s", 50e9)]
    [InlineData("4x NDR", 25e9)]
    public void The_bandwidth_between_nodes_is_that_of_the_adapters_over_the_devices(string text, double? expected) =>
        Assert.Equal(expected, InterconnectText.BytesPerSecondAndDevice(text, 8));

    [Fact]
    public void Notes_are_read_by_their_patterns()
    {
        Assert.Equal(new DateOnly(2026, 4, 1), RecordNotes.Release(Noted("release 26.04.01; precision label BF16")));
        Assert.Equal(new DateOnly(2024, 5, 1), RecordNotes.Release(Noted("container 24.05; VP not stated")));
        Assert.Null(RecordNotes.Release(Noted("release 26.13; earlier revision")));
        Assert.True(RecordNotes.IsMicroscaled(Noted("precision label FP8-MX; more")));
        Assert.True(RecordNotes.IsMicroscaled(Noted("precision label MXFP8")));
        Assert.False(RecordNotes.IsMicroscaled(Noted("precision label FP8-CS")));
        Assert.Equal(128, RecordNotes.AlternatingWindow(Noted("x; alternating sliding-window 128 attention; y")));
        Assert.Equal(2, RecordNotes.ExpertLayerInterval(Noted("MoE every 2nd layer, dense ff 16384 otherwise; ETP=4")));
        Assert.Equal(4, RecordNotes.ExpertTensor(Noted("MoE every 2nd layer, dense ff 16384 otherwise; ETP=4")));
        Assert.Equal(1, RecordNotes.LeadingDenseLayers(Noted("VP column 4; MLA; 61 layers (1 dense); Muon")));
        Assert.Equal(1, RecordNotes.LeadingDenseLayers(Noted("deepseek rows: 1 dense layer, MLA dims")));
        Assert.Null(RecordNotes.LeadingDenseLayers(Noted("MoE every 2nd layer, dense ff 16384 otherwise")));
        Assert.Equal(16, RecordNotes.Slices(Noted("16 slice(s) of v5e-256, FSDP 256 inside slice")));
        Assert.Equal(2, RecordNotes.Slices(Noted("2x v5p-128 (=TensorCores; chips=64 per slice)")));
        Assert.True(RecordNotes.HasNoOverlap(Noted("4 micro-batches per data-parallel rank; no TP, DP or p2p overlap; fp32")));
        Assert.True(RecordNotes.HasAllToAllContext(Noted("fused cross-entropy; CP uses all-to-all; more")));
    }

    [Theory]
    [InlineData("2 slice(s) of v5e-256, FSDP 16 inside slice, DP across slices over DCN", 512, 16)]
    [InlineData("FSDP group 64/128/256 for first three, then FSDP=128 x DP", 512, 128)]
    [InlineData("FSDP=128 (dcn16 x ici8) x DP, except 256 GPUs FSDP=256", 512, 128)]
    [InlineData("FSDP=128 (dcn16 x ici8) x DP, except 256 GPUs FSDP=256", 256, 256)]
    [InlineData("FSDP group 32; recompute not stated", 256, 32)]
    [InlineData("FSDP group size not stated per scale", 256, null)]
    public void A_shard_group_may_depend_on_the_devices(string notes, int devices, int? expected) =>
        Assert.Equal(expected, RecordNotes.ShardGroup(RecordTexts.Record(("notes", notes), ("n_devices", $"{devices}"))));

    [Theory]
    [InlineData("full (block) recompute of 5/32 layers", "1", "", 5)]
    [InlineData("full (block) recompute of 8/32 layers", "4", "", 2)]
    [InlineData("recompute not stated", "1", "", null)]
    public void Layers_that_are_computed_again_are_those_of_a_stage(string notes, string stages, string chunks, int? expected) =>
        Assert.Equal(expected, RecordNotes.RecomputedLayers(RecordTexts.Record(("notes", notes), ("pp", stages), ("vpp", chunks))));

    private static StepRecord Noted(string notes) => RecordTexts.Record(("notes", notes));
}
