using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>A phase of the training: a ramp of the batch, a longer context, annealing. What is null is as in the whole training.</summary>
public sealed record PhaseSection
{
    /// <summary>What people call it; null when not given.</summary>
    public string? Name { get; init; }

    /// <summary>Tokens of the phase.</summary>
    public required double Tokens { get; init; }

    /// <summary>Tokens in a sequence.</summary>
    public int? SequenceLength { get; init; }

    /// <summary>Sequences in a global batch; null when given in tokens or not at all.</summary>
    public int? GlobalBatchSequences { get; init; }

    /// <summary>Tokens in a global batch; null when given in sequences or not at all.</summary>
    public double? GlobalBatchTokens { get; init; }

    /// <summary>What the phase changes in the plan.</summary>
    public required PlanSection Plan { get; init; }

    internal static PhaseSection Read(FieldMap map, PlanSection basis)
    {
        map.Require("tokens");
        map.AtMostOne("globalBatchSequences", "globalBatchTokens");
        var section = new PhaseSection
        {
            Name = map.Text("name"),
            Tokens = map.Quantity("tokens", Dimension.None, "1", new(1, ScenarioLimits.Tokens)) ?? double.NaN,
            SequenceLength = map.Whole("sequenceLength", 1, ScenarioLimits.Sequence),
            GlobalBatchSequences = map.Whole("globalBatchSequences", 1, ScenarioLimits.Batch),
            GlobalBatchTokens = map.Quantity("globalBatchTokens", Dimension.None, "1", new(1, ScenarioLimits.BatchTokens)),
            Plan = PlanSection.Read(map.Optional("plan"), basis),
        };
        map.Close();
        return section;
    }
}
