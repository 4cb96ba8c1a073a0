using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation.Methods;

/// <summary>What follows from a rate of a device alone.</summary>
internal static class RateMethod
{
    private const double SecondsPerHour = 3600;
    private const double WattsPerKilowatt = 1000;

    /// <summary>The figure of a table for a device that computes at a rate, and takes its thermal design power.</summary>
    /// <param name="table">The table.</param>
    /// <param name="record">The record.</param>
    /// <param name="rate">Model FLOP/s of a device; null where it is not known.</param>
    public static Prediction Of(ValidationTable table, ValidationCase record, double? rate)
    {
        CaseFacts facts = record.Facts;
        double? hours = facts.Flops / rate / SecondsPerHour;
        double? energy = hours * facts.DesignWatts / WattsPerKilowatt;
        return Prediction.Of(table.Target switch
        {
            ValidationTargets.StepSeconds => facts.Flops / rate / facts.Devices,
            ValidationTargets.TokenRate => rate / (facts.Flops / facts.Tokens),
            ValidationTargets.DeviceHours => hours,
            ValidationTargets.Energy => energy,
            ValidationTargets.Operational => Emissions(record.Run, energy),
            _ => null,
        });
    }

    /// <summary>Emissions of an energy with the run's own PUE and intensity, in kg.</summary>
    public static double? Emissions(RunRecord? run, double? energy) => energy * run?.Pue * run?.IntensityGramsPerKwh / 1000;
}
