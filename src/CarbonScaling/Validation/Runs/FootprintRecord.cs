namespace CarbonScaling.Validation.Runs;

/// <summary>A published footprint of making hardware: the row of a record file.</summary>
public sealed record FootprintRecord
{
    /// <summary>The id, unique in its file; the part before the first hyphen names the source.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the file.</summary>
    public required string File { get; init; }

    /// <summary>The line on which the row starts.</summary>
    public required int Line { get; init; }

    /// <summary>The device or server as published.</summary>
    public string Device { get; init; } = "";

    /// <summary>What the figure is for: a card, a baseboard, a chip with its share of the host, …</summary>
    public string Per { get; init; } = "";

    /// <summary>Emissions per accelerator, in kg.</summary>
    public double? KilogramsPerDevice { get; init; }

    /// <summary>What the figure serves as: TRUTH, a convention, a model, a baseline or a range.</summary>
    public string UseAs { get; init; } = "";

    /// <summary>The source: the id up to its first hyphen.</summary>
    public string Source => Id.IndexOf('-', StringComparison.Ordinal) is > 0 and var hyphen ? Id[..hyphen] : Id;
}
