namespace CarbonScaling.Validation.Calibration;

/// <summary>
/// What a fitted parameter may be indexed by. Nothing finer is allowed: no model, source, system or row has a constant of
/// its own.
/// </summary>
public enum FitIndex
{
    /// <summary>The generation of the accelerator, such as <c>hopper</c>.</summary>
    Generation,

    /// <summary>The number format of matrix products, such as <c>fp8</c>; both 16-bit formats are one.</summary>
    Precision,

    /// <summary>The generation of the attention kernel, such as <c>flash2</c>.</summary>
    AttentionKernel,

    /// <summary>One of the declared classes of training software, such as <c>fsdp</c>.</summary>
    SoftwareClass,
}

/// <summary>The names of indices in files.</summary>
internal static class FitIndices
{
    /// <summary>All, in the order in which ids name their values.</summary>
    public static IReadOnlyList<FitIndex> All { get; } = Enum.GetValues<FitIndex>();

    /// <summary>The name of an index.</summary>
    public static string NameOf(this FitIndex index) => index switch
    {
        FitIndex.Generation => "generation",
        FitIndex.Precision => "precision",
        FitIndex.AttentionKernel => "attentionKernel",
        _ => "softwareClass",
    };
}
