namespace CarbonScaling.Validation.Methods;

/// <summary>R5: the logarithm of the achieved model TFLOP/s of a device over those of peak, parameters and devices, leave-one-source-out.</summary>
internal sealed class ThroughputRegression(IReadOnlyList<ValidationCase> cases) : IPredictionMethod
{
    private const double ReferencePeak = 312e12;
    private const double ReferenceParameters = 10e9;
    private const double ReferenceDevices = 512;

    private readonly Dictionary<string, LogLinearFit?> _fits = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Id => "regression-throughput";

    /// <inheritdoc/>
    public string Name => "log TFLOP/s over log peak, parameters and devices";

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => 4;

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record)
    {
        if (table.Target is not (ValidationTargets.StepSeconds or ValidationTargets.TokenRate)
            || Row(record) is not { } row
            || Fit(record.Source) is not { } fit)
        {
            return Prediction.None;
        }

        double log = fit.Predict(row.X);
        double half = fit.HalfWidth(row.X);
        return StepRates.Of(table, record, Math.Exp(log), Math.Exp(half));
    }

    private LogLinearFit? Fit(string leftOut)
    {
        if (!_fits.TryGetValue(leftOut, out LogLinearFit? fit))
        {
            fit = LogLinearFit.Of([..
                from each in MeasuredSteps.Without(cases, leftOut)
                let row = Row(each.Record)
                where row is not null
                select (row.Value.X, Math.Log(row.Value.Scale / each.Seconds))]);
            _fits[leftOut] = fit;
        }

        return fit;
    }

    private static RegressionRow? Row(ValidationCase record) => Regressions.Row(
        record.Facts.Flops / record.Facts.Devices,
        record.Facts.Peak / ReferencePeak,
        record.Facts.ActiveParameters / ReferenceParameters,
        record.Facts.Devices / ReferenceDevices);
}
