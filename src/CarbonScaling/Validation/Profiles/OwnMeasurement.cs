using CarbonScaling.Scenarios;

namespace CarbonScaling.Validation.Profiles;

/// <summary>What was measured of a job on one's own cluster.</summary>
/// <param name="Scenario">The job with the plan that it ran with.</param>
/// <param name="Source">Where the measurement comes from, such as the names of its files.</param>
/// <param name="StepSeconds">Duration of a step in s; null where it was not measured.</param>
/// <param name="DeviceWatts">Mean power of an accelerator in W; null where it was not measured.</param>
public sealed record OwnMeasurement(Scenario Scenario, string Source, double? StepSeconds, double? DeviceWatts);
