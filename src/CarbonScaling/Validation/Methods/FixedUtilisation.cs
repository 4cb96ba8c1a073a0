using System.Globalization;

namespace CarbonScaling.Validation.Methods;

/// <summary>6·N·D FLOPs at a fixed share of the peak rate, with the thermal design power where energy is asked.</summary>
internal sealed class FixedUtilisation(double share, string id, string name, int fitted) : IPredictionMethod
{
    /// <summary>Geometric mean of the utilisation of public whole runs, against the 16-bit peak.</summary>
    private const double PublicMean = 0.294;

    /// <summary>The shares in use, and the mean of public runs.</summary>
    public static IReadOnlyList<FixedUtilisation> All { get; } =
    [
        .. new[] { 0.3, 0.4, 0.5 }.Select(static share => new FixedUtilisation(
            share, string.Create(CultureInfo.InvariantCulture, $"6nd-{share}"), $"6·N·D at {share:P0} of the peak", 0)),
        new(PublicMean, "6nd-geomean", "6·N·D at the geometric mean utilisation of public runs, 29.4 %", 1),
    ];

    /// <inheritdoc/>
    public string Id => id;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => fitted;

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record) =>
        table.Regime == Regime.ExAnte ? RateMethod.Of(table, record, share * record.Facts.Peak) : Prediction.None;
}
