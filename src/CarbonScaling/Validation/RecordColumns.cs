using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Validation;

/// <summary>The columns of record files that are read; others may stand beside them.</summary>
internal static class RecordColumns
{
    public const string Id = "id";
    public const string ModelName = "model_name";
    public const string Parameters = "params_total";
    public const string Layers = "n_layers";
    public const string Hidden = "d_model";
    public const string Heads = "n_heads";
    public const string KeyValueHeads = "n_kv_heads";
    public const string HeadDimension = "d_head";
    public const string FeedForward = "d_ff";
    public const string FeedForwardType = "ffn_type";
    public const string Vocabulary = "vocab";
    public const string SequenceLength = "seq_len";
    public const string Experts = "n_experts";
    public const string ExpertsPerToken = "top_k";
    public const string ExpertFeedForward = "moe_ffn_dim";
    public const string SharedExperts = "n_shared_experts";
    public const string Attention = "attention";
    public const string Accelerator = "accelerator";
    public const string Devices = "n_devices";
    public const string DevicesPerNode = "devices_per_node";
    public const string Interconnect = "interconnect";
    public const string Precision = "precision";
    public const string Framework = "framework";
    public const string Tensor = "tp";
    public const string Pipeline = "pp";
    public const string VirtualStages = "vpp";
    public const string Context = "cp";
    public const string Expert = "ep";
    public const string Data = "dp";
    public const string Sharding = "sharding";
    public const string SequenceParallel = "sequence_parallel";
    public const string Recompute = "recompute";
    public const string MicroBatch = "micro_batch";
    public const string GlobalBatchSequences = "global_batch_sequences";
    public const string AttentionKernel = "attention_kernel";
    public const string Notes = "notes";
    public const string StepSeconds = "measured_step_time_s";
    public const string TokensPerSecondPerDevice = "measured_tokens_per_s_per_device";
    public const string PeakGibibytes = "measured_peak_allocated_gib";

    /// <summary>Columns that a file must have: no default can fill them.</summary>
    public static readonly string[] Required =
    [
        Id, Layers, Hidden, Heads, SequenceLength, Accelerator, Devices, Precision, Framework, Tensor, Pipeline, GlobalBatchSequences,
    ];

    /// <summary>Columns of measurements, of which a file must have one.</summary>
    public static readonly string[] Measured = [StepSeconds, TokensPerSecondPerDevice, PeakGibibytes];

    public static readonly Choices<RecordAttention> Attentions = new(
        [
            ("mha", RecordAttention.Grouped),
            ("gqa", RecordAttention.Grouped),
            ("mqa", RecordAttention.Grouped),
            ("mla", RecordAttention.Latent),
        ]);

    public static readonly Choices<RecordSharding> Shardings = new(
        [
            ("none", RecordSharding.None),
            ("zero1", RecordSharding.Zero1),
            ("zero2", RecordSharding.Zero2),
            ("zero3", RecordSharding.Fsdp),
            ("fsdp", RecordSharding.Fsdp),
            ("hsdp", RecordSharding.Hsdp),
        ]);

    public static readonly Choices<RecordRecompute> Recomputes = new(
        [("none", RecordRecompute.None), ("selective", RecordRecompute.Selective), ("full", RecordRecompute.Full)]);

    public static readonly Choices<bool> Flags = new([("true", true), ("false", false)]);
}
