using CarbonScaling.Scenarios;

namespace CarbonScaling.Planning;

/// <summary>
/// What a scenario may ask for that the equations do not cover yet. All of it is refused here, so that nothing is
/// silently ignored.
/// </summary>
internal static class NotModelled
{
    /// <summary>Reports every field whose value is not modelled.</summary>
    public static void Report(Scenario scenario, ProblemSink problems)
    {
        Refuse(problems, scenario.Software.Release is not null, "software.release", "null");
    }

    private static void Refuse(ProblemSink problems, bool refused, string field, string allowed)
    {
        if (refused)
        {
            problems.Add(field, $"is not modelled yet; allowed: {allowed}");
        }
    }
}
