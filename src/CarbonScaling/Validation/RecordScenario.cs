using CarbonScaling.Scenarios;

namespace CarbonScaling.Validation;

/// <summary>A record as a scenario.</summary>
/// <param name="Record">The record.</param>
/// <param name="Scenario">The scenario; null where the row is left out.</param>
/// <param name="Filled">What the record did not give, with its value and the rule that filled it.</param>
/// <param name="Exclusion">Why the row is left out; null where it is not.</param>
public sealed record RecordScenario(
    StepRecord Record, Scenario? Scenario, IReadOnlyList<FilledField> Filled, Exclusion? Exclusion);
