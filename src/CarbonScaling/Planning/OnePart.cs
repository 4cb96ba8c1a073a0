using CarbonScaling.Scenarios;

namespace CarbonScaling.Planning;

/// <summary>Where only one phase on one pool makes sense: what a running job is held against, and what is fitted.</summary>
internal static class OnePart
{
    /// <summary>Refuses several phases or pools.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="command">The command that takes one.</param>
    /// <exception cref="ScenarioException">There are several.</exception>
    public static void Require(Scenario scenario, string command)
    {
        ProblemSink problems = new(scenario);
        if (scenario.Training.Phases.Count > 0)
        {
            problems.Add("training.phases", $"is not for {command}, which takes one phase; allowed here: null, and the fields of that phase in training and plan");
        }

        if (scenario.Cluster.Pools.Count > 1)
        {
            problems.Add("cluster.pools", $"is not for {command}, which takes one pool; allowed here: one pool");
        }

        problems.ThrowIfAny();
    }
}
