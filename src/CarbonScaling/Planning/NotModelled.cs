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
    private static readonly Sharding[] Shardings = [Sharding.None, Sharding.Zero1, Sharding.Zero2, Sharding.Zero3];

    private static readonly PipelineScheduleKind[] Schedules =
        [PipelineScheduleKind.GPipe, PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.Interleaved];

    private static readonly SoftwareStack[] Stacks =
        [SoftwareStack.Megatron2022, SoftwareStack.MegatronCore, SoftwareStack.Fsdp];

    /// <summary>Reports every field whose value is not modelled.</summary>
    public static void Report(Scenario scenario, ProblemSink problems)
    {
        Plan(scenario.Plan, problems);
        Software(scenario.Software, problems);
        Refuse(problems, scenario.Training.Phases.Count > 0, "training.phases", "null");
        Refuse(problems, scenario.Training.Routing.Imbalance is not null, "training.routing.imbalance", "null");
        Refuse(problems, scenario.Training.Routing.CapacityFactor is not null, "training.routing.capacityFactor", "null");
        Refuse(problems, scenario.Cluster.Pools.Count > 1, "cluster.pools", "one pool");
        Refuse(problems, scenario.Cluster.Pools[0].Network.Contention is < 1, "cluster.network.contention", "1");
    }

    private static void Plan(PlanSection plan, ProblemSink problems)
    {
        Refuse(problems, plan.Context > 1, "plan.context", "1");
        Refuse(problems, plan.Expert > 1, "plan.expert", "1");
        Refuse(problems, plan.ExpertTensor > 1, "plan.expertTensor", "1");
        RefuseOthers(problems, plan.Sharding, Shardings, "plan.sharding", Vocabulary.Shardings);
        Refuse(problems, plan.Recompute is { IsNamed: false }, "plan.recompute", Vocabulary.Recomputations.Allowed);
        RefuseOthers(problems, plan.Schedule, Schedules, "plan.schedule", Vocabulary.Schedules);
        RefuseOthers(problems, plan.TensorOverlap, [TensorOverlap.None], "plan.tensorOverlap", Vocabulary.TensorOverlaps);
        RefuseOthers(problems, plan.Offload, [Offload.None], "plan.offload", Vocabulary.Offloads);
    }

    private static void Software(SoftwareSection software, ProblemSink problems)
    {
        RefuseOthers<SoftwareStack>(problems, software.Stack, Stacks, "software.stack", Vocabulary.Stacks);
        Refuse(problems, software.MoeDispatcher is not null, "software.moeDispatcher", "null");
        Refuse(problems, software.Release is not null, "software.release", "null");
        Refuse(problems, software.Overlap.Tensor is not null, "software.overlap.tensor", "null");
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
