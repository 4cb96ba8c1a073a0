namespace CarbonScaling.Validation.Methods;

/// <summary>Steps by the rate of a device, with an interval.</summary>
internal static class StepRates
{
    /// <summary>The figure of a table for a rate in model FLOP/s that is known up to a factor.</summary>
    public static Prediction Of(ValidationTable table, ValidationCase record, double rate, double factor)
    {
        if (RateMethod.Of(table, record, rate).Value is not { } value)
        {
            return Prediction.None;
        }

        return new(value, value / factor, value * factor);
    }
}
