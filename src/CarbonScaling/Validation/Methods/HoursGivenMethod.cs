namespace CarbonScaling.Validation.Methods;

/// <summary>A calculator that is told the hours: watts of a device times hours, times what it adds for the site.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
/// <param name="Watts">Watts that it counts for a device with its share of the node; null where it knows none.</param>
/// <param name="Pue">Whether it multiplies emissions by the PUE of the site.</param>
/// <param name="Intensity">The intensity that it uses of that of the site, both in g/kWh.</param>
internal sealed record HoursGivenMethod(
    string Id, string Name, Func<CaseFacts, double?> Watts, bool Pue, Func<double, double> Intensity) : IPredictionMethod
{
    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => 0;

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record)
    {
        double? watts = Watts(record.Facts);
        double? energy = table.Regime == Regime.HoursGiven ? watts * record.Run?.DeviceHours / 1000 : null;
        return Prediction.Of(table.Target switch
        {
            ValidationTargets.Watts => watts,
            ValidationTargets.Energy => energy,
            ValidationTargets.Operational when record.Run is { IntensityGramsPerKwh: { } intensity } run =>
                energy * (Pue ? run.Pue : 1) * Intensity(intensity) / 1000,
            _ => null,
        });
    }
}
