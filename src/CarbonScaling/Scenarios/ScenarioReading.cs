using System.Diagnostics.CodeAnalysis;

namespace CarbonScaling.Scenarios;

/// <summary>What reading a scenario gave: the scenario, or everything that is wrong with it.</summary>
/// <param name="Scenario">The scenario; null when there is a problem.</param>
/// <param name="Problems">All problems, those of the file first, by line; empty when there is none.</param>
public sealed record ScenarioReading(Scenario? Scenario, IReadOnlyList<ScenarioProblem> Problems)
{
    /// <summary>Whether there is a scenario.</summary>
    [MemberNotNullWhen(true, nameof(Scenario))]
    public bool IsValid => Scenario is not null;
}
