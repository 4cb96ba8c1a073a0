namespace CarbonScaling.Validation.Runs;

/// <summary>
/// Rules by which runs and footprints are no test of any method, or not of ours. A record file gives the reason in words
/// (<c>exclude_reason</c>); the rule is the first whose words it has.
/// </summary>
internal static class RunExclusions
{
    private static readonly (string Word, ExclusionRule Rule)[] Words =
    [
        ("power only", new("partial-training", "the run trains adapters or is too short for 6ND, so that only its power can be compared")),
        ("restatement", new("restated-run", "another run under other assumptions; the run itself is a row of its own")),
        ("duplicate", new("restated-run", "another run under other assumptions; the run itself is a row of its own")),
        ("aggregate", new("aggregate", "a sum over several models or stages, whose parts are not known or are rows of their own")),
        ("sum of", new("aggregate", "a sum over several models or stages, whose parts are not known or are rows of their own")),
        ("18 months", new("aggregate", "a sum over several models or stages, whose parts are not known or are rows of their own")),
        ("inconsistent", new("inconsistent-source", "the source contradicts itself about the figure")),
        ("distilled", new("distilled", "training ran a teacher beside the model, whose work is not published")),
        ("adapter", new("not-a-language-model", "what was trained is not a whole language model on text")),
        ("vlm", new("not-a-language-model", "what was trained is not a whole language model on text")),
        ("nas search", new("not-a-language-model", "what was trained is not a whole language model on text")),
        ("enc-dec", new("encoder-decoder-without-flops", "a token does not pass all parameters of an encoder and decoder, and the FLOPs are not published")),
        ("sparsity", new("unknown-work", "tokens, active parameters, hours or hardware are not published")),
        ("unknown", new("unknown-work", "tokens, active parameters, hours or hardware are not published")),
        ("token", new("unknown-work", "tokens, active parameters, hours or hardware are not published")),
    ];

    private static readonly ExclusionRule ByFile = new("excluded-by-file", "the record file leaves the row out for a reason of its own");

    /// <summary>An accelerator that no entry of the catalog describes.</summary>
    public static ExclusionRule NotADecoder { get; } = new(
        "not-a-decoder", "the equations cover stacks of equal layers, not encoders with decoders, recurrent networks or searches");

    /// <summary>No plan fits.</summary>
    public static ExclusionRule NoPlan { get; } = new(
        "no-feasible-plan", "no plan that divides the devices, the batch and the layers as published fits the memory");

    /// <summary>A footprint with another boundary.</summary>
    public static ExclusionRule OtherBoundary { get; } = new(
        "other-boundary", "the figure contains a share of the host, the building, transport or the end of life, which is not told apart");

    /// <summary>A footprint that is no measurement.</summary>
    public static ExclusionRule NotATruth { get; } = new(
        "convention-or-model", "the figure is a convention, a range or the result of a model: comparing with it would test that model");

    /// <summary>All of them, each once.</summary>
    public static IReadOnlyList<ExclusionRule> All { get; } =
        [.. Words.Select(static word => word.Rule).Distinct(), ByFile, NotADecoder, NoPlan, OtherBoundary, NotATruth];

    /// <summary>The rule that a run falls under for every method; null where it is a test.</summary>
    public static Exclusion? Of(RunRecord record)
    {
        if (record.ExcludeReason.Length == 0)
        {
            return null;
        }

        ExclusionRule? rule = Words.FirstOrDefault(
            word => record.ExcludeReason.Contains(word.Word, StringComparison.OrdinalIgnoreCase)).Rule;
        return new(rule ?? ByFile, record.ExcludeReason);
    }

    /// <summary>Whether the rule leaves the power of the run as a test.</summary>
    public static bool KeepsPower(this Exclusion exclusion) => exclusion.Rule.Name == Words[0].Rule.Name;

    /// <summary>The rule that a footprint falls under.</summary>
    public static Exclusion? Of(FootprintRecord record)
    {
        bool truth = record.UseAs.StartsWith("TRUTH", StringComparison.Ordinal)
            && !record.UseAs.Contains("convention", StringComparison.OrdinalIgnoreCase);
        return !truth ? new(NotATruth, record.UseAs.Length > 0 ? record.UseAs : "no use stated")
            : record.Per.Contains("card", StringComparison.Ordinal) || record.Per.Contains("baseboard", StringComparison.Ordinal) ? null
            : new(OtherBoundary, record.Per);
    }
}
