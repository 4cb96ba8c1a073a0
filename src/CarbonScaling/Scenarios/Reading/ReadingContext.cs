namespace CarbonScaling.Scenarios.Reading;

/// <summary>A value that the user gave.</summary>
/// <param name="Place">Where.</param>
/// <param name="Path">The path as it was written.</param>
/// <param name="Text">The value as a message shows it.</param>
internal sealed record GivenValue(Place Place, string Path, string Text);

/// <summary>What reading a scenario gathers on the way.</summary>
internal sealed class ReadingContext
{
    public ProblemList Problems { get; } = new();

    /// <summary>Reads a file that the scenario names; null where no files are read.</summary>
    public Func<string, string>? ReadFile { get; init; }

    /// <summary>The values given, by path; the root has the empty path.</summary>
    public Dictionary<string, GivenValue> Given { get; } = new(StringComparer.Ordinal);

    /// <summary>Every path that was asked for.</summary>
    public HashSet<string> Known { get; } = new(StringComparer.Ordinal);
}
