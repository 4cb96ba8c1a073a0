namespace CarbonScaling.Validation;

/// <summary>Predictions against published measurements.</summary>
/// <param name="ProgramVersion">The version of the program.</param>
/// <param name="ModelVersion">The parameter set.</param>
/// <param name="Targets">Errors by target.</param>
/// <param name="Exclusions">Rules by which rows are left out, those that apply to any.</param>
/// <param name="Rows">A row for every measurement and method.</param>
/// <param name="Records">What was filled in each record.</param>
public sealed record ValidationOutcome(
    string ProgramVersion,
    string ModelVersion,
    IReadOnlyList<TargetScore> Targets,
    IReadOnlyList<ExclusionCount> Exclusions,
    IReadOnlyList<ValidatedRow> Rows,
    IReadOnlyList<RecordFilling> Records)
{
    /// <summary>The form of the document.</summary>
    public string Schema { get; } = "carbonscaling/validation/1";
}

/// <summary>Errors of the methods that predict a target.</summary>
/// <param name="Target">The target, such as <c>step.seconds</c>.</param>
/// <param name="Methods">The methods.</param>
public sealed record TargetScore(string Target, IReadOnlyList<MethodScore> Methods);

/// <summary>Errors of a method.</summary>
/// <param name="Method">The method: <c>carbonscaling</c>, or the id of a baseline.</param>
/// <param name="FittedConstants">Constants that were fitted to records.</param>
/// <param name="Errors">Errors over all rows.</param>
/// <param name="MedianOfSources">Median over the sources of their median errors, as a fraction; null without rows.</param>
/// <param name="BySource">Errors over the rows of each source.</param>
public sealed record MethodScore(
    string Method, int FittedConstants, ErrorMetrics Errors, double? MedianOfSources, IReadOnlyList<SourceScore> BySource);

/// <summary>Errors over the rows of a source.</summary>
/// <param name="Source">The part of the ids before the first hyphen.</param>
/// <param name="Errors">The errors.</param>
public sealed record SourceScore(string Source, ErrorMetrics Errors);

/// <summary>A rule and how many records it leaves out.</summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Reason">Why such a row cannot be predicted.</param>
/// <param name="Records">Records that it leaves out.</param>
/// <param name="Details">What it applies to, and how many records each leaves out.</param>
public sealed record ExclusionCount(string Rule, string Reason, int Records, IReadOnlyDictionary<string, int> Details);

/// <summary>A measurement and its prediction by one method.</summary>
/// <param name="Id">The id of the record.</param>
/// <param name="Source">The source of the record.</param>
/// <param name="Target">The target.</param>
/// <param name="Method">The method.</param>
/// <param name="Measured">The measurement.</param>
/// <param name="Predicted">The prediction; null where the row is left out.</param>
/// <param name="Low">Low end of its 90 % interval; null without one.</param>
/// <param name="High">High end of its 90 % interval; null without one.</param>
/// <param name="Excluded">The name of the rule by which the row is left out; null where it is not.</param>
/// <param name="Detail">What in the row the rule applies to.</param>
public sealed record ValidatedRow(
    string Id,
    string Source,
    string Target,
    string Method,
    double Measured,
    double? Predicted,
    double? Low,
    double? High,
    string? Excluded,
    string? Detail)
{
    /// <summary>Error as a fraction of the measurement; null where the row is left out.</summary>
    public double? Error => (Predicted / Measured) - 1;
}

/// <summary>What was filled in a record.</summary>
/// <param name="Id">The id of the record.</param>
/// <param name="Filled">The fields with their values and the rules that filled them.</param>
public sealed record RecordFilling(string Id, IReadOnlyList<FilledField> Filled);
