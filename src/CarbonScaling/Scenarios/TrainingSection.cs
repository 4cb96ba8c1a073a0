using CarbonScaling.Hardware;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>How much is trained, and how. Exactly one of tokens, compute and target loss is set.</summary>
public sealed record TrainingSection
{
    /// <summary>The loss law used when a scenario with a compute budget or a target loss names none.</summary>
    public const string DefaultLaw = "besiroglu-2024";

    /// <summary>Tokens to train on; null when a law gives them.</summary>
    public double? Tokens { get; init; }

    /// <summary>Compute budget in FLOP (<c>compute</c>); null when not given.</summary>
    public double? ComputeFlops { get; init; }

    /// <summary>Loss to reach; null when not given.</summary>
    public double? TargetLoss { get; init; }

    /// <summary>Catalog id of the loss law; null with tokens.</summary>
    public string? Law { get; init; }

    /// <summary>Tokens in a sequence; null takes the model's.</summary>
    public int? SequenceLength { get; init; }

    /// <summary>Sequences in a global batch; null when given in tokens or not at all.</summary>
    public int? GlobalBatchSequences { get; init; }

    /// <summary>Tokens in a global batch; null when given in sequences or not at all.</summary>
    public double? GlobalBatchTokens { get; init; }

    /// <summary>Catalog id of the law that gives the global batch; null when the batch is given, or for the default law.</summary>
    public string? BatchLaw { get; init; }

    /// <summary>Number format of the matrix products; bf16 when not given.</summary>
    public NumberFormat Precision { get; init; }

    /// <summary>Whether dropout is used; false when not given.</summary>
    public bool Dropout { get; init; }

    internal static TrainingSection Read(FieldMap map)
    {
        map.ExactlyOne("tokens", "compute", "targetLoss");
        map.AtMostOne("globalBatchSequences", "globalBatchTokens");
        bool fromLaw = map.Has("compute") || map.Has("targetLoss");
        if (!fromLaw && map.Has("law"))
        {
            map.Report("law", "has no effect; allowed: only with compute or targetLoss");
        }

        if (map.Has("batchLaw") && (map.Has("globalBatchSequences") || map.Has("globalBatchTokens")))
        {
            map.Report("batchLaw", "has no effect; allowed: only without globalBatchSequences and globalBatchTokens");
        }

        map.NotYet("phases");
        string? law = map.CatalogId("law", $"a catalog id such as {DefaultLaw}");
        var section = new TrainingSection
        {
            Tokens = map.Quantity("tokens", Dimension.None, "1", new(1, ScenarioLimits.Tokens)),
            ComputeFlops = map.Quantity("compute", Dimension.Flops, "FLOP", new(1, 1e40)),
            TargetLoss = map.Quantity("targetLoss", Dimension.None, "1", new(0.1, 20)),
            Law = fromLaw ? law ?? DefaultLaw : null,
            SequenceLength = map.Whole("sequenceLength", 1, ScenarioLimits.Sequence),
            GlobalBatchSequences = map.Whole("globalBatchSequences", 1, ScenarioLimits.Batch),
            GlobalBatchTokens = map.Quantity("globalBatchTokens", Dimension.None, "1", new(1, 1e15)),
            BatchLaw = map.CatalogId("batchLaw", "a catalog id of a batch law"),
            Precision = map.Choice("precision", Vocabulary.Precisions) ?? NumberFormat.Bf16,
            Dropout = map.Flag("dropout") ?? false,
        };
        map.Close();
        return section;
    }
}
