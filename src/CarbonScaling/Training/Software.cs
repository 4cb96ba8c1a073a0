namespace CarbonScaling.Training;

/// <summary>The class of training software, which indexes host-side parameters.</summary>
public enum SoftwareStack
{
    /// <summary>Megatron-LM of 2020 to 2022: no overlap of the gradient reduction.</summary>
    Megatron2022,

    /// <summary>Megatron-DeepSpeed of 2021 to 2023: layers of Megatron-LM in the pipeline engine of DeepSpeed.</summary>
    DeepSpeed,

    /// <summary>Megatron-Core, NeMo and their like: fused kernels, gradient reduction and transfers overlapped.</summary>
    MegatronCore,

    /// <summary>Fully sharded data parallel in PyTorch.</summary>
    Fsdp,

    /// <summary>JAX, compiled by XLA for GPUs or TPUs (MaxText, Paxml).</summary>
    Jax,
}

/// <summary>The generation of the attention kernel.</summary>
public enum AttentionKernel
{
    /// <summary>Batched matrix products with the scores in memory.</summary>
    Unfused,

    /// <summary>FlashAttention, 2022.</summary>
    Flash1,

    /// <summary>FlashAttention-2, 2023.</summary>
    Flash2,

    /// <summary>FlashAttention-3, cuDNN and Transformer Engine fused attention, from 2024.</summary>
    Flash3,
}

/// <summary>How tokens of a mixture-of-experts layer reach their experts.</summary>
public enum MoeDispatcher
{
    /// <summary>An all-to-all of the collective library among the expert-parallel ranks, dropless.</summary>
    AllToAll,

    /// <summary>Kernels that send a token once per node (DeepEP and its like).</summary>
    DeepEp,

    /// <summary>
    /// As DeepEP, with counts that stay on the device and the products of experts as one group, so that the host never
    /// waits (HybridEP of Megatron-Core from mid-2026).
    /// </summary>
    HybridEp,

    /// <summary>Every rank gathers all tokens.</summary>
    AllGather,
}

/// <summary>What dispatchers have in common.</summary>
internal static class MoeDispatchers
{
    /// <summary>Whether a token goes once to each place that holds experts of its.</summary>
    public static bool SendsOnce(this MoeDispatcher dispatcher) => dispatcher is MoeDispatcher.DeepEp or MoeDispatcher.HybridEp;
}

/// <summary>What runs the training job.</summary>
/// <param name="Stack">The class of training software.</param>
/// <param name="Attention">The attention kernel.</param>
public readonly record struct Software(SoftwareStack Stack, AttentionKernel Attention)
{
    /// <summary>How tokens reach their experts.</summary>
    public MoeDispatcher MoeDispatcher { get; init; }

    /// <summary>Whether communication of tensor-parallel ranks is hidden; null for what the stack does.</summary>
    public bool? OverlapTensor { get; init; }

    /// <summary>Whether communication of data-parallel ranks is hidden; null for what the stack does.</summary>
    public bool? OverlapData { get; init; }

    /// <summary>Whether transfers between stages are hidden; null for what the stack does.</summary>
    public bool? OverlapPipeline { get; init; }

    /// <summary>Whether the gradient reduction runs beside the backward pass.</summary>
    public bool OverlapsGradientReduction => OverlapData ?? !Stack.IsEarlyMegatron();

    /// <summary>Whether transfers between stages run beside the compute of other chunks, where there are other chunks.</summary>
    public bool OverlapsTransfers => OverlapPipeline ?? !Stack.IsEarlyMegatron();
}

/// <summary>What stacks have in common.</summary>
internal static class SoftwareStacks
{
    /// <summary>Whether it runs the layers of Megatron-LM as they were until 2022, without overlap or fused attention.</summary>
    public static bool IsEarlyMegatron(this SoftwareStack stack) => stack is SoftwareStack.Megatron2022 or SoftwareStack.DeepSpeed;
}
