using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>What the rows of a record file are.</summary>
internal enum RecordFileKind
{
    /// <summary>Training steps.</summary>
    Steps,

    /// <summary>Training runs.</summary>
    Runs,

    /// <summary>Footprints of making hardware.</summary>
    Footprints,
}

/// <summary>Tells the kind of a record file by its header.</summary>
internal static class RecordFileKinds
{
    /// <summary>Steps where a step's measurement is a column; else runs or footprints where theirs are; else steps.</summary>
    public static RecordFileKind Of(IReadOnlyCollection<string> columns)
    {
        bool Any(IEnumerable<string> names) => names.Any(columns.Contains);
        return Any(RecordColumns.Measured) ? RecordFileKind.Steps
            : Any(RunColumns.Measured) ? RecordFileKind.Runs
            : columns.Contains(RunColumns.KilogramsPerDevice) ? RecordFileKind.Footprints
            : RecordFileKind.Steps;
    }

    /// <summary>Columns that a file of a kind must have.</summary>
    public static IReadOnlyList<string> Required(this RecordFileKind kind) => kind switch
    {
        RecordFileKind.Runs => RunColumns.Required,
        RecordFileKind.Footprints => RunColumns.RequiredOfFootprints,
        _ => RecordColumns.Required,
    };
}
