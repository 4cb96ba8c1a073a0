using CarbonScaling.Scenarios;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>
/// What a scenario may ask for that the equations do not cover yet. All of it is refused here, so that nothing is
/// silently ignored.
/// </summary>
internal static class NotModelled
{
    private static readonly PipelineScheduleKind[] Schedules =
        [PipelineScheduleKind.GPipe, PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.Interleaved];

    private static readonly SoftwareStack[] Stacks =
        [SoftwareStack.Megatron2022, SoftwareStack.MegatronCore, SoftwareStack.Fsdp, SoftwareStack.Jax];

    /// <summary>Reports every field whose value is not modelled.</summary>
    public static void Report(Scenario scenario, ProblemSink problems)
    {
        Plan(scenario.Plan, problems);
        Software(scenario.Software, problems);
        Refuse(problems, scenario.Training.Phases.Count > 0, "training.phases", "null");
        Refuse(problems, scenario.Cluster.Pools.Count > 1, "cluster.pools", "one pool");
        Refuse(problems, scenario.Cluster.Pools[0].Network.Contention is < 1, "cluster.network.contention", "1");
    }

    private static void Plan(PlanSection plan, ProblemSink problems)
    {
        RefuseOthers(problems, plan.Schedule, Schedules, "plan.schedule", Vocabulary.Schedules);
    }

    private static void Software(SoftwareSection software, ProblemSink problems)
    {
        RefuseOthers<SoftwareStack>(problems, software.Stack, Stacks, "software.stack", Vocabulary.Stacks);
        Refuse(problems, software.Release is not null, "software.release", "null");
    }

    private static void RefuseOthers<T>(ProblemSink problems, T? value, T[] modelled, string field, Choices<T> words)
        where T : struct
    {
        bool refused = value is { } given && !modelled.Contains(given);
        Refuse(problems, refused, field, string.Join(", ", modelled.Select(words.NameOf)));
    }

    private static void Refuse(ProblemSink problems, bool refused, string field, string allowed)
    {
        if (refused)
        {
            problems.Add(field, $"is not modelled yet; allowed: {allowed}");
        }
    }
}
