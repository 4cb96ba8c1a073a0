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

    internal static SoftwareSection Read(FieldMap map)
    {
        var section = new SoftwareSection
        {
            Stack = map.Choice("stack", Vocabulary.Stacks) ?? SoftwareStack.MegatronCore,
            AttentionKernel = map.Word("attentionKernel", Vocabulary.AttentionKernels)?.Kernel,
        };
        map.Close();
        return section;
    }
}
