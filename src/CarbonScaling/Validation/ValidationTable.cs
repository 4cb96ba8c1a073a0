namespace CarbonScaling.Validation;

/// <summary>What a prediction may know.</summary>
internal enum Regime
{
    /// <summary>Nothing that is only known afterwards: neither hours nor watts.</summary>
    ExAnte,

    /// <summary>The hours that the run took.</summary>
    HoursGiven,
}

/// <summary>A target over records of one kind, in one regime: what one table of errors is about.</summary>
/// <param name="Target">The target's path in results.</param>
/// <param name="Variant">What sets the table apart from others of the target; empty for the main one.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Regime">What predictions may know.</param>
/// <param name="About">The table in a few words.</param>
/// <param name="Measured">The measurement of a record; null where the record is not of the table.</param>
internal sealed record ValidationTable(
    string Target, string Variant, string Unit, Regime Regime, string About, Func<ValidationCase, double?> Measured)
{
    /// <summary>The id: the target, and after an at sign the variant.</summary>
    public string Id => Variant.Length == 0 ? Target : $"{Target}@{Variant}";
}
