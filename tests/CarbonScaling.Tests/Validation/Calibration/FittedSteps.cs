using CarbonScaling.Tests.Planning;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Tests.Validation.Calibration;

/// <summary>The calibration that the program carries, made anew, and a part of its observations.</summary>
internal static class FittedSteps
{
    private static readonly string[] Few = ["MTNLG", "SC21", "TR3M", "MLM20", "FMS", "JAXT"];

    private static readonly Lazy<CalibrationOutcome> Made = new(MakeAll);
    private static readonly Lazy<Observation[]> FewMade = new(MakeFew);

    /// <summary>A calibrator over the embedded catalog.</summary>
    public static Calibrator Calibrator { get; } = new(LegalCases.Embedded);

    /// <summary>The fit to all published steps.</summary>
    public static CalibrationOutcome Outcome => Made.Value;

    /// <summary>The steps of a few sources.</summary>
    public static Observation[] Some => FewMade.Value;

    private static CalibrationOutcome MakeAll() =>
        Calibrator.Run("calibrated", [.. PublishedRecords.Fitted.SelectMany(PublishedRecords.Read)]);

    private static Observation[] MakeFew() =>
    [
        .. PublishedRecords.Read("throughput.csv")
            .Where(static record => Few.Contains(record.Source))
            .Select(static record => Calibrator.Observe(record).Observation)
            .OfType<Observation>(),
    ];

    /// <summary>The same observations, each measured as it is predicted under multipliers.</summary>
    public static Observation[] Synthetic(double[] logs)
    {
        Observations recorded = Observations.Record(Some, Calibrator.Space, new());
        double[] predicted = recorded.Predict(logs).Logarithms;
        return [.. recorded.All.Select((observation, i) => observation with { Measured = Math.Exp(predicted[i]) })];
    }

    /// <summary>Logarithms of multipliers, drawn from their priors; always the same.</summary>
    public static double[] Drawn(int seed)
    {
        Random random = new(seed);
        return [.. Calibrator.Space.Declaration.Parameters.Select(parameter => parameter.Spread * ((2 * random.NextDouble()) - 1))];
    }
}
