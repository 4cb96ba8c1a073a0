using CarbonScaling.Scenarios;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>What reading a record file gave.</summary>
/// <param name="Set">The rows, in order; rows with a problem are not among them.</param>
/// <param name="Problems">All that is wrong, by line; empty when nothing is.</param>
public sealed record RecordReading(RecordSet Set, IReadOnlyList<ScenarioProblem> Problems)
{
    /// <summary>The steps among the rows.</summary>
    public IReadOnlyList<StepRecord> Records => Set.Steps;
}

/// <summary>
/// Reads record files: tables of published training steps, of whole runs or of footprints, comma-separated, with named
/// columns; the header tells which.
/// </summary>
/// <remarks>An empty field was not published. Columns that are not known are passed over; their order is free.</remarks>
public static class RecordReader
{
    private const double BytesPerGibibyte = 1L << 30;

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="fileName">Its name in messages.</param>
    public static RecordReading Read(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ProblemList problems = new();
        List<CsvRow> rows = CsvText.Read(text, fileName, problems);
        RecordSet set = new();
        if (rows is not [var header, .. var others])
        {
            problems.Add(new(fileName, 1), "", "", "is empty; allowed: a header and a row for each measurement");
        }
        else if (Columns(header, fileName, problems) is { } columns)
        {
            set = RecordFileKinds.Of(columns.Keys) switch
            {
                RecordFileKind.Runs => new() { Runs = Records(RunReader.Run) },
                RecordFileKind.Footprints => new() { Footprints = Records(RunReader.Footprint) },
                _ => new() { Steps = Records(Step) },
            };

            List<T> Records<T>(Func<RecordFields, string, int, T> read)
                where T : class
            {
                Dictionary<string, int> seen = new(StringComparer.Ordinal);
                return [.. others.Select(row => Record(row, header, columns, fileName, seen, problems, read)).OfType<T>()];
            }
        }

        return new(set, problems.Any ? problems.Ordered() : []);
    }

    private static Dictionary<string, int>? Columns(CsvRow header, string file, ProblemList problems)
    {
        Place place = new(file, header.Line);
        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        bool sound = true;
        foreach ((int index, string name) in header.Fields.Index())
        {
            // A column without a name cannot be asked for, however many there are.
            if (name.Trim() is { Length: > 0 } column && !columns.TryAdd(column, index))
            {
                problems.Add(place, "", column, "is the name of two columns; allowed: each name once");
                sound = false;
            }
        }

        RecordFileKind kind = RecordFileKinds.Of(columns.Keys);
        foreach (string column in kind.Required().Where(column => !columns.ContainsKey(column)))
        {
            problems.Add(place, "", column, $"is a column that is missing{Hint.For(column, columns.Keys)}; needed: {string.Join(", ", kind.Required())}");
            sound = false;
        }

        if (kind == RecordFileKind.Steps && !RecordColumns.Measured.Any(columns.ContainsKey))
        {
            problems.Add(place, "", "", $"has no column of measurements; needed: one of {string.Join(", ", RecordColumns.Measured)}, or of a run {string.Join(", ", RunColumns.Measured)}");
            sound = false;
        }

        return sound ? columns : null;
    }

    private static T? Record<T>(
        CsvRow row,
        CsvRow header,
        IReadOnlyDictionary<string, int> columns,
        string file,
        Dictionary<string, int> seen,
        ProblemList problems,
        Func<RecordFields, string, int, T> read)
        where T : class
    {
        Place place = new(file, row.Line);
        RecordFields fields = new(row, columns, file, problems);
        if (row.Fields.Count != header.Fields.Count)
        {
            problems.Add(place, $"row {fields.Id}", "", $"has {row.Fields.Count} fields under {header.Fields.Count} columns; allowed: a field for each, which may be empty");
            return null;
        }

        if (fields.Id.Length == 0)
        {
            problems.Add(place, RecordColumns.Id, "", "is missing");
            return null;
        }

        if (!seen.TryAdd(fields.Id, row.Line))
        {
            problems.Add(place, RecordColumns.Id, fields.Id, $"is given twice, first in line {seen[fields.Id]}; allowed: each id once");
            return null;
        }

        int before = problems.Count;
        T record = read(fields, file, row.Line);
        return problems.Count == before ? record : null;
    }

    // Every kernel with a name of its own is a fused one.
    private static bool IsFused(string kernel) => kernel.ToLowerInvariant() is not ("none" or "unfused");

    private static StepRecord Step(RecordFields fields, string file, int line) => new()
    {
        Id = fields.Id,
        File = file,
        Line = line,
        ModelName = fields.Text(RecordColumns.ModelName),
        Parameters = fields.Positive(RecordColumns.Parameters),
        ActiveParameters = fields.Positive(RunColumns.ActiveParameters),
        Layers = fields.RequiredWhole(RecordColumns.Layers),
        Hidden = fields.RequiredWhole(RecordColumns.Hidden),
        Heads = fields.RequiredWhole(RecordColumns.Heads),
        KeyValueHeads = fields.Whole(RecordColumns.KeyValueHeads),
        HeadDimension = fields.Whole(RecordColumns.HeadDimension),
        FeedForward = fields.Whole(RecordColumns.FeedForward),
        FeedForwardType = fields.Text(RecordColumns.FeedForwardType).ToLowerInvariant(),
        Vocabulary = fields.Whole(RecordColumns.Vocabulary),
        SequenceLength = fields.RequiredWhole(RecordColumns.SequenceLength),
        Experts = fields.Whole(RecordColumns.Experts),
        ExpertsPerToken = fields.Whole(RecordColumns.ExpertsPerToken),
        ExpertFeedForward = fields.Whole(RecordColumns.ExpertFeedForward),
        SharedExperts = fields.Whole(RecordColumns.SharedExperts, least: 0),
        Attention = fields.Word(RecordColumns.Attention, RecordColumns.Attentions) ?? RecordAttention.Grouped,
        Accelerator = fields.RequiredText(RecordColumns.Accelerator),
        Devices = fields.RequiredWhole(RecordColumns.Devices),
        DevicesPerNode = fields.Whole(RecordColumns.DevicesPerNode),
        Interconnect = fields.Text(RecordColumns.Interconnect),
        Precision = fields.RequiredText(RecordColumns.Precision).ToLowerInvariant(),
        Framework = fields.RequiredText(RecordColumns.Framework),
        Tensor = fields.RequiredWhole(RecordColumns.Tensor),
        Pipeline = fields.RequiredWhole(RecordColumns.Pipeline),
        VirtualStages = fields.Whole(RecordColumns.VirtualStages),
        Context = fields.Whole(RecordColumns.Context),
        Expert = fields.Whole(RecordColumns.Expert),
        Data = fields.Whole(RecordColumns.Data),
        Sharding = fields.Word(RecordColumns.Sharding, RecordColumns.Shardings),
        SequenceParallel = fields.Word(RecordColumns.SequenceParallel, RecordColumns.Flags),
        Recompute = fields.Word(RecordColumns.Recompute, RecordColumns.Recomputes),
        MicroBatch = fields.Whole(RecordColumns.MicroBatch),
        GlobalBatchSequences = fields.RequiredWhole(RecordColumns.GlobalBatchSequences),
        FusedAttention = fields.Text(RecordColumns.AttentionKernel) is { Length: > 0 } kernel ? IsFused(kernel) : null,
        Notes = fields.Text(RecordColumns.Notes),
        StepSeconds = fields.Positive(RecordColumns.StepSeconds),
        TokensPerSecondPerDevice = fields.Positive(RecordColumns.TokensPerSecondPerDevice),
        PeakBytes = fields.Positive(RecordColumns.PeakGibibytes) * BytesPerGibibyte,
        Missing = [.. fields.Missing],
        Unknown = [.. fields.Unknown],
    };
}
