using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>Published measurements of every kind.</summary>
public sealed record RecordSet
{
    /// <summary>Training steps.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>Training runs.</summary>
    public IReadOnlyList<RunRecord> Runs { get; init; } = [];

    /// <summary>Footprints of making hardware.</summary>
    public IReadOnlyList<FootprintRecord> Footprints { get; init; } = [];

    /// <summary>Records of every kind.</summary>
    public int Count => Steps.Count + Runs.Count + Footprints.Count;

    /// <summary>Several sets as one.</summary>
    public static RecordSet Of(IEnumerable<RecordSet> sets)
    {
        RecordSet[] all = [.. sets];
        return new()
        {
            Steps = [.. all.SelectMany(static set => set.Steps)],
            Runs = [.. all.SelectMany(static set => set.Runs)],
            Footprints = [.. all.SelectMany(static set => set.Footprints)],
        };
    }
}
