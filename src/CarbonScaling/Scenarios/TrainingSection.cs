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

    /// <summary>How tokens of a mixture of experts spread over the experts.</summary>
    public RoutingSection Routing { get; init; } = new();

    /// <summary>In which formats training keeps what it could keep in fewer bytes.</summary>
    public StorageSection Storage { get; init; } = new();

    /// <summary>Phases in order, whose tokens sum to <see cref="Tokens"/>; none where the whole training is alike.</summary>
    public IReadOnlyList<PhaseSection> Phases { get; init; } = [];

    internal static TrainingSection Read(FieldMap map, PlanSection plan)
    {
        PhaseSection[] phases = ReadPhases(map, plan, out bool given);
        if (given)
        {
            map.AtMostOne("tokens", "compute", "targetLoss");
        }
        else
        {
            map.ExactlyOne("tokens", "compute", "targetLoss");
        }

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

        double? tokens = map.Quantity("tokens", Dimension.None, "1", new(1, ScenarioLimits.Tokens));
        CheckSum(map, tokens, phases);
        string? law = map.CatalogId("law", $"a catalog id such as {DefaultLaw}");
        var section = new TrainingSection
        {
            Tokens = tokens ?? (phases.Length == 0 ? null : phases.Sum(static phase => phase.Tokens)),
            ComputeFlops = map.Quantity("compute", Dimension.Flops, "FLOP", new(1, 1e40)),
            TargetLoss = map.Quantity("targetLoss", Dimension.None, "1", new(0.1, 20)),
            Law = fromLaw ? law ?? DefaultLaw : null,
            SequenceLength = map.Whole("sequenceLength", 1, ScenarioLimits.Sequence),
            GlobalBatchSequences = map.Whole("globalBatchSequences", 1, ScenarioLimits.Batch),
            GlobalBatchTokens = map.Quantity("globalBatchTokens", Dimension.None, "1", new(1, ScenarioLimits.BatchTokens)),
            BatchLaw = map.CatalogId("batchLaw", "a catalog id of a batch law"),
            Precision = map.Choice("precision", Vocabulary.Precisions) ?? NumberFormat.Bf16,
            Dropout = map.Flag("dropout") ?? false,
            Routing = RoutingSection.Read(map.Optional("routing")),
            Storage = StorageSection.Read(map.Optional("storage")),
            Phases = phases,
        };
        map.Close();
        return section;
    }

    private static PhaseSection[] ReadPhases(FieldMap map, PlanSection plan, out bool given)
    {
        const string Name = "phases";
        const string Wanted = "is not a list of phases; allowed: phases such as [{ tokens: 800G, sequenceLength: 131072 }]";
        Node? taken = map.Take(Name);
        given = taken is not (null or ListNode { Items: [] });
        switch (taken)
        {
            case null or ListNode { Items: [] }:
                return [];
            case ListNode list:
                List<PhaseSection> phases = [];
                foreach ((int index, Node item) in list.Items.Index())
                {
                    if (item is MapNode phase)
                    {
                        phases.Add(PhaseSection.Read(map.Item(Name, index, phase), plan));
                    }
                    else
                    {
                        map.Report(Name, Wanted);
                    }
                }

                return [.. phases];
            default:
                map.Report(Name, Wanted);
                return [];
        }
    }

    /// <summary>Reports tokens that are not those of the phases, but for rounding.</summary>
    private static void CheckSum(FieldMap map, double? tokens, PhaseSection[] phases)
    {
        const double Rounding = 1e-6;
        double sum = phases.Sum(static phase => phase.Tokens);
        if (phases.Length > 0 && (map.Has("compute") || map.Has("targetLoss")))
        {
            map.Report("phases", "has no meaning with compute or targetLoss, whose tokens a law gives; allowed: only with tokens, or without all three");
        }
        else if (phases.Length > 0 && Math.Abs((tokens ?? sum) - sum) > Rounding * sum)
        {
            string shown = UnitText.Format(sum, Dimension.None);
            map.Report("tokens", $"is not the sum of the tokens of the phases; allowed: {shown}, or none");
        }
    }
}
