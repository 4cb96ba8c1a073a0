namespace CarbonScaling.Tracking;

/// <summary>Which figures of a run have an interval.</summary>
internal static class RunFigures
{
    /// <summary>The figures of an estimate that have an interval, and their names in totals of a run.</summary>
    public static IReadOnlyList<(string Path, string Name)> PredictedPaths { get; } =
    [
        ("run.days", "days"),
        ("run.deviceHours", "deviceHours"),
        ("energy.itKwh", "itKwh"),
        ("carbon.operationalKg", "operationalKg"),
        ("carbon.embodiedKg", "embodiedKg"),
        ("carbon.totalKg", "totalKg"),
    ];
}
