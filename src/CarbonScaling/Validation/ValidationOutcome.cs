namespace CarbonScaling.Validation;

/// <summary>Predictions against published measurements.</summary>
/// <param name="ProgramVersion">The version of the program.</param>
/// <param name="ModelVersion">The parameter set.</param>
/// <param name="Targets">Errors by target.</param>
/// <param name="Exclusions">Rules by which records are left out, those that apply to any.</param>
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

    /// <summary>Records that were read.</summary>
    public int RecordCount { get; init; }

    /// <summary>What the records cannot test, and why.</summary>
    public IReadOnlyList<NotTestable> NotTestable { get; init; } = [];
}

/// <summary>Errors of the methods that predict a target, over records of one kind and in one regime.</summary>
/// <param name="Id">The target; after an at sign what sets the table apart: <c>hours</c> where they are given, <c>benchmark</c>, <c>runs</c>.</param>
/// <param name="Methods">The methods, this program first.</param>
public sealed record TargetScore(string Id, IReadOnlyList<MethodScore> Methods)
{
    /// <summary>The target, such as <c>step.seconds</c>.</summary>
    public string Target => Id.Split('@')[0];

    /// <summary>The unit of its measurements.</summary>
    public required string Unit { get; init; }

    /// <summary>What predictions may know: <c>ex-ante</c>, or <c>hours-given</c>.</summary>
    public required string Regime { get; init; }

    /// <summary>The table in a few words.</summary>
    public required string About { get; init; }

    /// <summary>This program against each baseline on the rows that both predict.</summary>
    public IReadOnlyList<MethodComparison> Comparisons { get; init; } = [];
}

/// <summary>Errors of a method.</summary>
/// <param name="Method">The method: <c>carbonscaling</c> or another of this program, or the id of a baseline.</param>
/// <param name="FittedConstants">Constants that were fitted to records.</param>
/// <param name="Errors">Errors over all rows.</param>
/// <param name="MedianOfSources">Median over the sources of their median errors, as a fraction; null without rows.</param>
/// <param name="BySource">Errors over the rows of each source.</param>
public sealed record MethodScore(
    string Method, int FittedConstants, ErrorMetrics Errors, double? MedianOfSources, IReadOnlyList<SourceScore> BySource)
{
    /// <summary>The method in a few words.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is this program.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Median of the median errors of sets of rows with the same source, model, hardware and precision.</summary>
    public double? MedianOfSets { get; init; }

    /// <summary>Mean of Spearman's correlation in groups of three or more layouts on one cluster; null where there are none.</summary>
    public double? LayoutCorrelation { get; init; }

    /// <summary>The groups that <see cref="LayoutCorrelation"/> is of.</summary>
    public int LayoutGroups { get; init; }

    /// <summary>Errors by hardware, size and kind of model.</summary>
    public IReadOnlyList<GroupScore> ByGroup { get; init; } = [];
}

/// <summary>Errors over the rows of a source.</summary>
/// <param name="Source">The group that shares method, machine or authors.</param>
/// <param name="Errors">The errors.</param>
public sealed record SourceScore(string Source, ErrorMetrics Errors);

/// <summary>Errors over the rows of a group.</summary>
/// <param name="By">What the group shares: hardware, size or kind.</param>
/// <param name="Group">The group.</param>
/// <param name="Errors">The errors.</param>
public sealed record GroupScore(string By, string Group, ErrorMetrics Errors);

/// <summary>This program against a baseline on the same rows.</summary>
/// <param name="Method">The method of this program.</param>
/// <param name="Baseline">The baseline.</param>
/// <param name="N">Rows that both predict.</param>
/// <param name="Sources">Their sources.</param>
/// <param name="Difference">Mean of |ln error| of this program less that of the baseline: below 0, this program is nearer.</param>
/// <param name="Interval95">95 % interval of the difference over draws of whole sources; null with fewer than four.</param>
public sealed record MethodComparison(
    string Method, string Baseline, int N, int Sources, double Difference, IReadOnlyList<double>? Interval95)
{
    /// <summary>Whether this program is nearer and the interval excludes 0.</summary>
    public bool Beats => Interval95 is [_, < 0];

    /// <summary>Whether the baseline is nearer and the interval excludes 0.</summary>
    public bool IsBeaten => Interval95 is [> 0, _];
}

/// <summary>What records cannot test.</summary>
/// <param name="Target">The target.</param>
/// <param name="Records">Records with such a figure.</param>
/// <param name="Reason">Why they do not test it.</param>
public sealed record NotTestable(string Target, int Records, string Reason);

/// <summary>A rule and how many records it leaves out.</summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Reason">Why such a row cannot be predicted.</param>
/// <param name="Records">Records that it leaves out.</param>
/// <param name="Details">What it applies to, and how many records each leaves out.</param>
public sealed record ExclusionCount(string Rule, string Reason, int Records, IReadOnlyDictionary<string, int> Details)
{
    /// <summary>Whether the rule leaves records out for every method, or for this program alone.</summary>
    public bool ForEveryMethod { get; init; }
}

/// <summary>A measurement and its prediction by one method.</summary>
/// <param name="Id">The id of the record.</param>
/// <param name="Source">The source of the record.</param>
/// <param name="Table">The table of errors that the row enters: the target, and after an at sign what sets it apart.</param>
/// <param name="Method">The method; after an at sign <c>hours</c> where this program was given them.</param>
/// <param name="Measured">The measurement.</param>
/// <param name="Predicted">The prediction; null where the row is left out.</param>
/// <param name="Low">Low end of its 90 % interval; null without one.</param>
/// <param name="High">High end of its 90 % interval; null without one.</param>
/// <param name="Excluded">The name of the rule by which the row is left out; null where it is not.</param>
/// <param name="Detail">What in the row the rule applies to.</param>
public sealed record ValidatedRow(
    string Id,
    string Source,
    string Table,
    string Method,
    double Measured,
    double? Predicted,
    double? Low,
    double? High,
    string? Excluded,
    string? Detail)
{
    /// <summary>The target.</summary>
    public string Target => Table.Split('@')[0];

    /// <summary>The accelerator.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>Error as a fraction of the measurement; null where the row is left out.</summary>
    public double? Error => (Predicted / Measured) - 1;
}

/// <summary>What was filled in a record.</summary>
/// <param name="Id">The id of the record.</param>
/// <param name="Filled">The fields with their values and the rules that filled them.</param>
public sealed record RecordFilling(string Id, IReadOnlyList<FilledField> Filled);
