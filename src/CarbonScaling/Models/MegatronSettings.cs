namespace CarbonScaling.Models;

/// <summary>What of a launch script of Megatron-LM concerns the batch and the parallel plan.</summary>
public sealed record MegatronSettings
{
    /// <summary>Tensor-parallel degree.</summary>
    public int Tensor { get; init; } = 1;

    /// <summary>Pipeline-parallel degree.</summary>
    public int Pipeline { get; init; } = 1;

    /// <summary>Layers of a virtual pipeline stage; null without virtual stages, or where their number is given.</summary>
    public int? LayersPerVirtualStage { get; init; }

    /// <summary>Virtual stages of a pipeline rank; null without them, or where their layers are given.</summary>
    public int? VirtualStages { get; init; }

    /// <summary>Layers of the first pipeline stage; null for an even split.</summary>
    public int? FirstStageLayers { get; init; }

    /// <summary>Layers of the last pipeline stage; null for an even split.</summary>
    public int? LastStageLayers { get; init; }

    /// <summary>The layers of every chunk of every stage, such as <c>Et*3|(t*4|)*13,t*3|t*3mL</c>; empty where not given.</summary>
    public string StageLayout { get; init; } = "";

    /// <summary>Whether the embedding counts as a layer when layers are split over stages.</summary>
    public bool EmbeddingCountsAsLayer { get; init; }

    /// <summary>Whether the loss counts as a layer when layers are split over stages.</summary>
    public bool LossCountsAsLayer { get; init; }

    /// <summary>Context-parallel degree.</summary>
    public int Context { get; init; } = 1;

    /// <summary>How context-parallel ranks exchange keys and values.</summary>
    public MegatronContextMode ContextMode { get; init; }

    /// <summary>Expert-parallel degree.</summary>
    public int Expert { get; init; } = 1;

    /// <summary>Tensor-parallel degree inside an expert; null for that of the other layers.</summary>
    public int? ExpertTensor { get; init; }

    /// <summary>How tokens reach their experts.</summary>
    public MegatronDispatcher Dispatcher { get; init; }

    /// <summary>Whether the experts of a rank run as one grouped product.</summary>
    public bool GroupsExperts { get; init; }

    /// <summary>Whether tokens are spread evenly over the experts by force, as for measurements.</summary>
    public bool ForcesBalance { get; init; }

    /// <summary>Whether norms and residuals are split along the sequence.</summary>
    public bool SequenceParallel { get; init; }

    /// <summary>What is computed again in the backward pass.</summary>
    public MegatronRecomputation Recomputation { get; init; }

    /// <summary>With full recomputation, layers of a unit or of a stage that are recomputed; null where not given.</summary>
    public int? RecomputedLayers { get; init; }

    /// <summary>With full recomputation, whether only the first layers of a stage are recomputed ("block"); else all are, in units.</summary>
    public bool RecomputesBlock { get; init; }

    /// <summary>With selective recomputation, the modules separated by blanks; empty for the attention core.</summary>
    public string RecomputedModules { get; init; } = "";

    /// <summary>
    /// Sequences of a micro-batch; null where not given, as in a file of a model alone: nothing is launched without it.
    /// </summary>
    public int? MicroBatch { get; init; }

    /// <summary>Sequences of a step; null for one micro-batch per data-parallel rank.</summary>
    public int? GlobalBatch { get; init; }

    /// <summary>Tokens of a sequence; null where not given.</summary>
    public int? SequenceLength { get; init; }

    /// <summary>What is sharded over data-parallel ranks.</summary>
    public MegatronSharding Sharding { get; init; }

    /// <summary>Copies of what is sharded, each over a part of the data-parallel ranks; null where not given, for one.</summary>
    public int? OptimizerInstances { get; init; }

    /// <summary>Format of activations and weights.</summary>
    public MegatronPrecision Precision { get; init; }

    /// <summary>Format of the matrix products in 8 bits.</summary>
    public MegatronFp8 Fp8 { get; init; }

    /// <summary>How the scales of the 8-bit format are found.</summary>
    public MegatronFp8Recipe Fp8Recipe { get; init; }

    /// <summary>Whether the matrix products run in 4 bits, in the format of NVFP4.</summary>
    public bool Fp4 { get; init; }

    /// <summary>Whether weights are kept and gathered in the 8-bit or 4-bit format alone.</summary>
    public bool QuantisedParameters { get; init; }

    /// <summary>Format of the optimizer's first moment.</summary>
    public MegatronMoment FirstMoment { get; init; }

    /// <summary>Format of the optimizer's second moment.</summary>
    public MegatronMoment SecondMoment { get; init; }

    /// <summary>Whether the optimizer's state is kept in the memory of the host.</summary>
    public bool OffloadsOptimizer { get; init; }

    /// <summary>Modules whose inputs are kept in the memory of the host, separated by blanks; empty for none.</summary>
    public string OffloadedModules { get; init; } = "";

    /// <summary>What computes attention.</summary>
    public MegatronAttention Attention { get; init; }

    /// <summary>Whether gradients are reduced beside the backward pass.</summary>
    public bool OverlapsGradients { get; init; }

    /// <summary>Whether parameters are gathered beside the forward pass.</summary>
    public bool OverlapsParameters { get; init; }

    /// <summary>Whether tensor-parallel communication runs beside the products, by tiles.</summary>
    public bool OverlapsTensor { get; init; }

    /// <summary>Whether transfers between pipeline stages run beside the compute of other chunks, where there are other chunks.</summary>
    public bool OverlapsTransfers { get; init; } = true;

    /// <summary>Whether dropout is applied.</summary>
    public bool Dropout { get; init; } = true;

    /// <summary>Steps; null where not given.</summary>
    public long? Iterations { get; init; }

    /// <summary>Sequences of the whole training; null where not given.</summary>
    public long? Samples { get; init; }
}

/// <summary>How context-parallel ranks exchange keys and values.</summary>
public enum MegatronContextMode
{
    /// <summary>In a ring, <c>p2p</c>.</summary>
    Ring,

    /// <summary>All-to-all over heads, <c>a2a</c>.</summary>
    AllToAll,

    /// <summary>All-gather, <c>allgather</c>.</summary>
    AllGather,

    /// <summary>All-to-all inside groups that form a ring, <c>a2a+p2p</c>.</summary>
    AllToAllAndRing,
}

/// <summary>What is computed again in the backward pass.</summary>
public enum MegatronRecomputation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Chosen modules.</summary>
    Selective,

    /// <summary>Whole layers.</summary>
    Full,
}

/// <summary>What is sharded over data-parallel ranks.</summary>
public enum MegatronSharding
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The optimizer's state, by the distributed optimizer.</summary>
    Optimizer,

    /// <summary>The optimizer's state and the gradients.</summary>
    OptimizerAndGradients,

    /// <summary>The optimizer's state, the gradients and the parameters.</summary>
    All,
}

/// <summary>Format of activations and weights.</summary>
public enum MegatronPrecision
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>Half precision.</summary>
    Fp16,

    /// <summary>bfloat16.</summary>
    Bf16,
}

/// <summary>Format of the matrix products in 8 bits.</summary>
public enum MegatronFp8
{
    /// <summary>None.</summary>
    None,

    /// <summary>E4M3 everywhere.</summary>
    E4m3,

    /// <summary>E4M3, with E5M2 for gradients.</summary>
    Hybrid,
}

/// <summary>How the scales of the 8-bit format are found.</summary>
public enum MegatronFp8Recipe
{
    /// <summary>One for a tensor, from the greatest values of earlier steps.</summary>
    Delayed,

    /// <summary>One for a tensor, from its own greatest value.</summary>
    Tensorwise,

    /// <summary>One for every block of elements, in 32 bits.</summary>
    Blockwise,

    /// <summary>One for every 32 elements, in 8 bits.</summary>
    Mxfp8,
}

/// <summary>Format in which a moment of the optimizer is kept.</summary>
public enum MegatronMoment
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>Half precision.</summary>
    Fp16,

    /// <summary>bfloat16.</summary>
    Bf16,

    /// <summary>8-bit floating point.</summary>
    Fp8,
}

/// <summary>How tokens reach their experts.</summary>
public enum MegatronDispatcher
{
    /// <summary>Every rank gathers all tokens.</summary>
    AllGather,

    /// <summary>All-to-all of the collective library.</summary>
    AllToAll,

    /// <summary>Kernels that send a token once per node, such as DeepEP.</summary>
    Flex,
}

/// <summary>What computes attention.</summary>
public enum MegatronAttention
{
    /// <summary>What the software chooses.</summary>
    Auto,

    /// <summary>FlashAttention.</summary>
    Flash,

    /// <summary>The fused kernels of cuDNN.</summary>
    Fused,

    /// <summary>Matrix products with the scores in memory.</summary>
    Unfused,

    /// <summary>Matrix products of Megatron-LM itself.</summary>
    Local,
}
