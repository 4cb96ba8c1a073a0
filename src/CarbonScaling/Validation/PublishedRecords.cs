namespace CarbonScaling.Validation;

/// <summary>The published measurements that the library carries.</summary>
public static class PublishedRecords
{
    private const string Prefix = "CarbonScaling.records.";

    /// <summary>The names of the files of steps: throughput, memory, and steps kept for testing alone.</summary>
    public static IReadOnlyList<string> Files { get; } = ["throughput.csv", "memory.csv", "throughput_test.csv"];

    /// <summary>The names of the other files: whole runs, and footprints of making hardware.</summary>
    public static IReadOnlyList<string> OtherFiles { get; } = ["runs.csv", "footprints.csv"];

    /// <summary>The names of those that the model is fitted to.</summary>
    public static IReadOnlyList<string> Fitted { get; } = [.. Files.Where(static file => !IsForTesting(file))];

    /// <summary>Whether the records of a file are kept for testing, and never fitted.</summary>
    internal static bool IsForTesting(string file) => Path.GetFileName(file) == "throughput_test.csv";

    /// <summary>Reads one of <see cref="Files"/>.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static IReadOnlyList<StepRecord> Read(string file) => ReadSet(file).Steps;

    /// <summary>Reads one of <see cref="Files"/> or <see cref="OtherFiles"/>.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static RecordSet ReadSet(string file)
    {
        RecordReading reading = RecordReader.Read(Text(file), file);
        return reading.Problems.Count == 0
            ? reading.Set
            : throw new InvalidOperationException(reading.Problems[0].ToString());
    }

    /// <summary>Reads the steps of <see cref="Files"/>.</summary>
    public static IReadOnlyList<StepRecord> ReadAll() => [.. Files.SelectMany(Read)];

    /// <summary>Reads all files.</summary>
    public static RecordSet ReadSet() => RecordSet.Of(Files.Concat(OtherFiles).Select(ReadSet));

    internal static string Text(string file)
    {
        using Stream stream = typeof(PublishedRecords).Assembly.GetManifestResourceStream(Prefix + file)
            ?? throw new ArgumentException($"The library carries no records '{file}'.", nameof(file));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
