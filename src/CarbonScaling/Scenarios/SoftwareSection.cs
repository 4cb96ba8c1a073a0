using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>The software of the training job.</summary>
public sealed record SoftwareSection
{
    /// <summary>The class of training software; Megatron-Core when not given.</summary>
    public SoftwareStack Stack { get; init; }

    /// <summary>The attention kernel; null, for <c>auto</c>, takes what suits the software and the accelerator.</summary>
    public AttentionKernel? AttentionKernel { get; init; }

    /// <summary>How tokens of a mixture of experts reach their experts; null takes the default.</summary>
    public MoeDispatcher? MoeDispatcher { get; init; }

    /// <summary>The month in which the software was released; null when not given.</summary>
    public DateOnly? Release { get; init; }

    /// <summary>Which communication is hidden.</summary>
    public OverlapSection Overlap { get; init; } = new();

    internal static SoftwareSection Read(FieldMap map)
    {
        var section = new SoftwareSection
        {
            Stack = map.Choice("stack", Vocabulary.Stacks) ?? SoftwareStack.MegatronCore,
            AttentionKernel = map.Word("attentionKernel", Vocabulary.AttentionKernels)?.Kernel,
            MoeDispatcher = map.Choice("moeDispatcher", Vocabulary.MoeDispatchers),
            Release = map.Month("release"),
            Overlap = OverlapSection.Read(map.Optional("overlap")),
        };
        map.Close();
        return section;
    }
}

/// <summary>Whether communication runs beside compute; a null property is what the software stack does.</summary>
public sealed record OverlapSection
{
    /// <summary>That of tensor-parallel ranks.</summary>
    public bool? Tensor { get; init; }

    /// <summary>That of data-parallel ranks: reducing gradients, gathering weights.</summary>
    public bool? Data { get; init; }

    /// <summary>Transfers between pipeline stages.</summary>
    public bool? Pipeline { get; init; }

    internal static OverlapSection Read(FieldMap map)
    {
        var section = new OverlapSection
        {
            Tensor = map.Flag("tensor"),
            Data = map.Flag("data"),
            Pipeline = map.Flag("pipeline"),
        };
        map.Close();
        return section;
    }
}
