using CarbonScaling.Training;

namespace CarbonScaling.Validation;

/// <summary>The class of a record's training software, whose defaults fill what was not published.</summary>
internal enum FrameworkClass
{
    /// <summary>Megatron-LM of 2020 to 2022.</summary>
    Megatron2022,

    /// <summary>Megatron-DeepSpeed.</summary>
    DeepSpeed,

    /// <summary>Megatron-Core, NeMo and their like, and whatever is not known.</summary>
    MegatronCore,

    /// <summary>Fully sharded data parallel in PyTorch.</summary>
    Fsdp,

    /// <summary>JAX on GPUs.</summary>
    Jax,

    /// <summary>JAX on TPUs.</summary>
    Tpu,
}

/// <summary>Tells the class of a record's software, and what the class does by default.</summary>
internal static class FrameworkClasses
{
    private static readonly string[] JaxNames = ["jax", "maxtext", "paxml", "pax ", "t5x"];
    private static readonly string[] CoreNames = ["megatron-core", "lm/core", "megatron-bridge", "nemo", "transformerengine"];
    private static readonly string[] FsdpNames = ["fsdp", "pytorch", "llm-foundry", "composer", "torchtitan"];
    private static readonly string[] DeepSpeedNames = ["deepspeed"];
    private static readonly string[] OldNames = ["megatron"];

    /// <summary>The class: by the names in its text, in this order, so that NeMo Automodel is FSDP and Megatron-LM/Core is not old.</summary>
    public static FrameworkClass Of(StepRecord record)
    {
        string framework = record.Framework.ToLowerInvariant();
        bool Names(string[] names) => names.Any(name => framework.Contains(name, StringComparison.Ordinal));
        return record.Accelerator.Contains("TPU", StringComparison.OrdinalIgnoreCase) ? FrameworkClass.Tpu
            : Names(JaxNames) ? FrameworkClass.Jax
            : Names(FsdpNames) ? FrameworkClass.Fsdp
            : Names(CoreNames) ? FrameworkClass.MegatronCore
            : Names(DeepSpeedNames) ? FrameworkClass.DeepSpeed
            : Names(OldNames) ? FrameworkClass.Megatron2022
            : FrameworkClass.MegatronCore;
    }

    /// <summary>The software stack of a class.</summary>
    public static SoftwareStack Stack(this FrameworkClass framework) => framework switch
    {
        FrameworkClass.Megatron2022 => SoftwareStack.Megatron2022,
        FrameworkClass.DeepSpeed => SoftwareStack.DeepSpeed,
        FrameworkClass.Fsdp => SoftwareStack.Fsdp,
        FrameworkClass.Jax or FrameworkClass.Tpu => SoftwareStack.Jax,
        _ => SoftwareStack.MegatronCore,
    };

    /// <summary>What the class splits among data-parallel ranks unless told otherwise.</summary>
    public static Sharding Sharding(this FrameworkClass framework) => framework switch
    {
        FrameworkClass.Megatron2022 or FrameworkClass.DeepSpeed => Training.Sharding.None,
        FrameworkClass.MegatronCore => Training.Sharding.Zero1,
        _ => Training.Sharding.Zero3,
    };

    /// <summary>Whether it runs the layers of Megatron-LM as they were until 2022.</summary>
    public static bool IsEarlyMegatron(this FrameworkClass framework) => framework.Stack().IsEarlyMegatron();

    /// <summary>Whether it is JAX, on whatever device.</summary>
    public static bool IsJax(this FrameworkClass framework) => framework is FrameworkClass.Jax or FrameworkClass.Tpu;
}
