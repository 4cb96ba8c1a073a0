namespace CarbonScaling.Validation;

/// <summary>A rule by which rows are left out of the errors.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why such a row cannot be predicted.</param>
public sealed record ExclusionRule(string Name, string Reason)
{
    /// <summary>A row without what no default can fill.</summary>
    public static ExclusionRule IncompleteRow { get; } = new(
        "incomplete-row", "the row lacks a column that fixes the work or the machine and that no default can fill");

    /// <summary>A row with a word that stands for nothing known.</summary>
    public static ExclusionRule UnknownWord { get; } = new(
        "unknown-word", "the row says how the work is laid out in a word that stands for nothing known");

    /// <summary>A row whose accelerator no system of the catalog has.</summary>
    public static ExclusionRule UnknownSystem { get; } = new(
        "unknown-system", "no system of the catalog has the accelerator, so that its rates are not known");

    /// <summary>A row that contradicts itself.</summary>
    public static ExclusionRule Contradiction { get; } = new(
        "contradictory-row", "the numbers of the row contradict each other, or are beyond what a scenario may say");

    /// <summary>A row whose device or kernels were never measured.</summary>
    public static ExclusionRule NotMeasured { get; } = new(
        "not-measured", "no rate is known of the device in this number format or with this kernel");

    /// <summary>A row whose plan breaks a rule.</summary>
    public static ExclusionRule IllegalPlan { get; } = new(
        "illegal-plan", "the layers, heads or micro-batches cannot be split as the row says, so that its ranks did unequal work that is not described");

    /// <summary>All rules.</summary>
    public static IReadOnlyList<ExclusionRule> All { get; } =
        [IncompleteRow, UnknownWord, UnknownSystem, Contradiction, NotMeasured, IllegalPlan];
}

/// <summary>Why a row is left out.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Detail">What in the row it applies to.</param>
public sealed record Exclusion(ExclusionRule Rule, string Detail);
