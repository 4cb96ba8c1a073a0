namespace CarbonScaling.Validation.Methods;

/// <summary>The durations of the steps to which baselines are fitted.</summary>
internal static class MeasuredSteps
{
    /// <summary>Steps of all sources but one with their durations in s, printed or from the tokens of a second.</summary>
    public static IEnumerable<(ValidationCase Record, double Seconds)> Without(IReadOnlyList<ValidationCase> cases, string source) =>
        from each in cases
        where each.Step is not null && each.Excluded is null && each.Source != source
        let seconds = each.Step!.StepSeconds ?? (each.Facts.Tokens / each.Facts.Devices / each.Step.TokensPerSecondPerDevice)
        where seconds > 0
        select (each, seconds.Value);
}
