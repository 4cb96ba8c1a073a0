namespace CarbonScaling.Validation;

/// <summary>How the keys and values of a published model are formed.</summary>
public enum RecordAttention
{
    /// <summary>Heads that are projected: multi-head, grouped-query or multi-query attention.</summary>
    Grouped,

    /// <summary>Multi-head latent attention.</summary>
    Latent,
}

/// <summary>What data-parallel ranks split, in the words of record files.</summary>
public enum RecordSharding
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The optimizer state.</summary>
    Zero1,

    /// <summary>The optimizer state and the gradients.</summary>
    Zero2,

    /// <summary>Everything.</summary>
    Fsdp,

    /// <summary>Everything, inside groups that each hold one copy.</summary>
    Hsdp,
}

/// <summary>What is computed again, in the words of record files.</summary>
public enum RecordRecompute
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What the framework calls selective.</summary>
    Selective,

    /// <summary>All layers.</summary>
    Full,
}

/// <summary>A published measurement of a training step: the row of a record file. What is null or empty was not published.</summary>
public sealed record StepRecord
{
    /// <summary>The id, unique in its file; the part before the first hyphen names the source.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the file.</summary>
    public required string File { get; init; }

    /// <summary>The line on which the row starts.</summary>
    public required int Line { get; init; }

    /// <summary>Columns that no default can fill and that are empty all the same; such a row cannot be evaluated.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Words that stand for nothing known, each with its column; such a row cannot be evaluated.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>What people call the model.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>Published number of parameters.</summary>
    public double? Parameters { get; init; }

    /// <summary>Published number of parameters that a token uses.</summary>
    public double? ActiveParameters { get; init; }

    /// <summary>Layers.</summary>
    public int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public int Hidden { get; init; }

    /// <summary>Query heads.</summary>
    public int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public int? HeadDimension { get; init; }

    /// <summary>Inner width of a dense feed-forward block.</summary>
    public int? FeedForward { get; init; }

    /// <summary>The nonlinearity as published, in lower case.</summary>
    public string FeedForwardType { get; init; } = "";

    /// <summary>Rows of the embedding.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Tokens of a sequence.</summary>
    public int SequenceLength { get; init; }

    /// <summary>Routed experts of a layer; null for a dense model.</summary>
    public int? Experts { get; init; }

    /// <summary>Routed experts that a token visits.</summary>
    public int? ExpertsPerToken { get; init; }

    /// <summary>Inner width of an expert.</summary>
    public int? ExpertFeedForward { get; init; }

    /// <summary>Shared experts of a layer.</summary>
    public int? SharedExperts { get; init; }

    /// <summary>How keys and values are formed.</summary>
    public RecordAttention Attention { get; init; }

    /// <summary>The accelerator as published.</summary>
    public string Accelerator { get; init; } = "";

    /// <summary>Accelerators.</summary>
    public int Devices { get; init; }

    /// <summary>Accelerators in a node.</summary>
    public int? DevicesPerNode { get; init; }

    /// <summary>The links as published.</summary>
    public string Interconnect { get; init; } = "";

    /// <summary>The number format as published, in lower case.</summary>
    public string Precision { get; init; } = "";

    /// <summary>The training software as published.</summary>
    public string Framework { get; init; } = "";

    /// <summary>Tensor-parallel degree.</summary>
    public int Tensor { get; init; }

    /// <summary>Pipeline-parallel degree.</summary>
    public int Pipeline { get; init; }

    /// <summary>Chunks of a stage.</summary>
    public int? VirtualStages { get; init; }

    /// <summary>Context-parallel degree.</summary>
    public int? Context { get; init; }

    /// <summary>Expert-parallel degree.</summary>
    public int? Expert { get; init; }

    /// <summary>Data-parallel degree.</summary>
    public int? Data { get; init; }

    /// <summary>What data-parallel ranks split.</summary>
    public RecordSharding? Sharding { get; init; }

    /// <summary>Whether the residual stream is split over the tensor-parallel ranks.</summary>
    public bool? SequenceParallel { get; init; }

    /// <summary>What is computed again.</summary>
    public RecordRecompute? Recompute { get; init; }

    /// <summary>Sequences of a micro-batch.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Sequences of a step.</summary>
    public int GlobalBatchSequences { get; init; }

    /// <summary>Whether attention is fused in one kernel.</summary>
    public bool? FusedAttention { get; init; }

    /// <summary>What else was published.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Measured duration of a step in seconds.</summary>
    public double? StepSeconds { get; init; }

    /// <summary>Measured tokens per second and device.</summary>
    public double? TokensPerSecondPerDevice { get; init; }

    /// <summary>Measured greatest memory that tensors of a device took, in bytes.</summary>
    public double? PeakBytes { get; init; }

    /// <summary>The source: the id up to its first hyphen.</summary>
    public string Source => Id.IndexOf('-', StringComparison.Ordinal) is > 0 and var hyphen ? Id[..hyphen] : Id;
}
