namespace CarbonScaling.Validation;

/// <summary>The published measurements that the library carries.</summary>
public static class PublishedRecords
{
    private const string Prefix = "CarbonScaling.records.";

    /// <summary>The names of the record files: steps, memory, and steps kept for testing alone.</summary>
    public static IReadOnlyList<string> Files { get; } = ["throughput.csv", "memory.csv", "throughput_test.csv"];

    /// <summary>Reads one of <see cref="Files"/>.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static IReadOnlyList<StepRecord> Read(string file)
    {
        using Stream stream = typeof(PublishedRecords).Assembly.GetManifestResourceStream(Prefix + file)
            ?? throw new ArgumentException($"The library carries no records '{file}'.", nameof(file));
        using StreamReader reader = new(stream);
        RecordReading reading = RecordReader.Read(reader.ReadToEnd(), file);
        return reading.Problems.Count == 0
            ? reading.Records
            : throw new InvalidOperationException(reading.Problems[0].ToString());
    }

    /// <summary>Reads all of them.</summary>
    public static IReadOnlyList<StepRecord> ReadAll() => [.. Files.SelectMany(Read)];
}
