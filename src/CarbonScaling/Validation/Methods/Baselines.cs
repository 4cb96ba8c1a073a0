namespace CarbonScaling.Validation.Methods;

/// <summary>Every method that this program is compared with.</summary>
internal static class Baselines
{
    /// <summary>All of them, in the order of results.</summary>
    public static IReadOnlyList<IPredictionMethod> All(IReadOnlyList<ValidationCase> cases) =>
    [
        .. FixedUtilisation.All,
        .. LlmCarbon.All,
        .. Calculators.All,
        .. Regressions.All(cases),
        new ThroughputRegression(cases),
        new UtilisationByDevice(cases),
        .. RecordedMethod.All(),
    ];
}
