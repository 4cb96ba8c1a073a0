namespace CarbonScaling.Validation.Methods;

/// <summary>The regressions over historical runs R1 to R4, each leave-one-source-out.</summary>
internal static class Regressions
{
    private const double ReferenceFlops = 1e23;
    private const double ReferencePeak = 312e12;
    private const double ReferencePeakPerWatt = 0.78e12;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LogLinearMethod> All(IReadOnlyList<ValidationCase> cases) =>
    [
        new("regression-compute", "log hours over log compute", 2, ValidationTargets.DeviceHours, cases, Compute),
        new("regression-compute-peak", "log hours over log compute and log peak", 3, ValidationTargets.DeviceHours, cases, ComputePeak),
        new("regression-energy-compute", "log energy over log compute", 2, ValidationTargets.Energy, cases, Compute),
        new("regression-energy", "log energy over log compute and log peak per watt", 3, ValidationTargets.Energy, cases, ComputeEfficiency),
        new("regression-emissions", "log emissions over intensity, over log compute", 2, ValidationTargets.Operational, cases, Emissions),
    ];

    private static RegressionRow? Compute(ValidationCase record) => Row(1, record.Facts.Flops / ReferenceFlops);

    private static RegressionRow? ComputePeak(ValidationCase record) =>
        Row(1, record.Facts.Flops / ReferenceFlops, record.Facts.Peak / ReferencePeak);

    private static RegressionRow? ComputeEfficiency(ValidationCase record) =>
        Row(1, record.Facts.Flops / ReferenceFlops, record.Facts.Peak / record.Facts.DesignWatts / ReferencePeakPerWatt);

    private static RegressionRow? Emissions(ValidationCase record) =>
        Row(record.Run?.IntensityGramsPerKwh, record.Facts.Flops / ReferenceFlops);

    /// <summary>A row of logarithms of ratios; null where one of them is not known.</summary>
    public static RegressionRow? Row(double? scale, params ReadOnlySpan<double?> ratios)
    {
        double[] x = new double[ratios.Length];
        for (int i = 0; i < ratios.Length; i++)
        {
            if (ratios[i] is not > 0)
            {
                return null;
            }

            x[i] = Math.Log(ratios[i]!.Value);
        }

        return scale is > 0 ? new(x, scale.Value) : null;
    }
}
