using CarbonScaling.Planning;

namespace CarbonScaling.Validation.Methods;

/// <summary>Reads from an estimate what was measured, inside the boundary in which it was.</summary>
internal static class OurFigures
{
    /// <summary>The figure of a table.</summary>
    public static Prediction Of(ValidationTable table, ValidationCase record, Estimate estimate) => table.Target switch
    {
        ValidationTargets.StepSeconds => Ranged(estimate, ValidationTargets.StepSeconds, estimate.Step.Seconds),
        ValidationTargets.TokenRate => Rate(estimate),
        ValidationTargets.PeakBytes => new(Peak(estimate)),
        ValidationTargets.DeviceHours => Ranged(estimate, ValidationTargets.DeviceHours, estimate.Run.DeviceHours),
        ValidationTargets.Goodput => new(estimate.Run.Goodput),
        ValidationTargets.Watts => Power(record, estimate),
        ValidationTargets.Energy => Energy(table, record, estimate),
        ValidationTargets.Operational => Operational(table, record, estimate),
        _ => Prediction.None,
    };

    private static Prediction Ranged(Estimate estimate, string path, double value)
    {
        (double low, double high) = estimate.Intervals.Ranges[path];
        return new(value, low, high);
    }

    // The slowest step is the lowest rate.
    private static Prediction Rate(Estimate estimate)
    {
        (double low, double high) = estimate.Intervals.Ranges[ValidationTargets.StepSeconds];
        double rate = estimate.Step.TokensPerSecondPerDevice;
        return new(rate, rate * estimate.Step.Seconds / high, rate * estimate.Step.Seconds / low);
    }

    // What tensors take at most is measured: without the runtime, its libraries and fragmentation.
    private static double Peak(Estimate estimate) => estimate.Memory.Stages.Max(static stage =>
        stage.WeightsBytes + stage.GradientsBytes + stage.OptimizerBytes + stage.ActivationsBytes);

    // Meters on the devices alone, on servers, or on all that a run takes inside the information technology.
    private static double Share(ValidationCase record, Estimate estimate)
    {
        EstimatedEnergy energy = estimate.Energy;
        string boundary = record.Run?.Boundary ?? "";
        double inside = boundary.StartsWith("gpu-only", StringComparison.Ordinal) ? energy.AcceleratorKwh
            : boundary.StartsWith("gpu+", StringComparison.Ordinal) || boundary.StartsWith("server", StringComparison.Ordinal)
                ? energy.AcceleratorKwh + energy.HostKwh
                : energy.ItKwh;
        return inside / energy.ItKwh;
    }

    private static Prediction Power(ValidationCase record, Estimate estimate)
    {
        double inside = estimate.Energy.ItKwh * Share(record, estimate) / estimate.Run.DeviceHours * 1000;
        return Ranged(estimate, ValidationTargets.Watts, estimate.Energy.AverageDeviceWatts).Times(inside / estimate.Energy.AverageDeviceWatts);
    }

    private static Prediction Energy(ValidationTable table, ValidationCase record, Estimate estimate) =>
        table.Regime == Regime.HoursGiven
            ? record.Run?.DeviceHours is { } hours ? Power(record, estimate).Times(hours / 1000) : Prediction.None
            : Ranged(estimate, ValidationTargets.Energy, estimate.Energy.ItKwh).Times(Share(record, estimate));

    private static Prediction Operational(ValidationTable table, ValidationCase record, Estimate estimate) =>
        record.Run is { Pue: { } pue, IntensityGramsPerKwh: { } intensity }
            ? Energy(table, record, estimate).Times(pue * intensity / 1000)
            : Prediction.None;
}
