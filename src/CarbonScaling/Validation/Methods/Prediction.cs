namespace CarbonScaling.Validation.Methods;

/// <summary>What a method says of a record: a value, a rule by which it says none, or nothing at all.</summary>
/// <param name="Value">The value; null where there is none.</param>
/// <param name="Low">Low end of its 90 % interval; null without one.</param>
/// <param name="High">High end of its 90 % interval; null without one.</param>
/// <param name="Excluded">The rule by which there is no value; null where the method does not predict such records at all.</param>
internal readonly record struct Prediction(double? Value, double? Low = null, double? High = null, Exclusion? Excluded = null)
{
    /// <summary>Nothing: the record is not of the method's kind.</summary>
    public static Prediction None => default;

    /// <summary>A record that a rule leaves out.</summary>
    public static Prediction LeftOut(Exclusion excluded) => new(null, Excluded: excluded);

    /// <summary>A value, or nothing where it is not a positive number.</summary>
    public static Prediction Of(double? value) => value is > 0 and < double.PositiveInfinity ? new(value) : None;

    /// <summary>The same times a factor.</summary>
    public Prediction Times(double factor) => new(Value * factor, Low * factor, High * factor, Excluded);
}
