using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Parts;

/// <summary>The search over pools, over what they share out, and over leaving some of them out.</summary>
public sealed class PoolSearchTests
{
    private const string Text = """
        model: { layers: 12, hidden: 1536, feedForward: 6144, heads: 12, vocabulary: 32000 }
        training: { tokens: 20G, sequenceLength: 2048, globalBatchSequences: 64 }
        cluster: { pools: [{ system: dgx-a100-80gb, devices: 8 }, { system: dgx-h100, devices: 16 }] }
        plan: { context: 1, recompute: none }
        site: { grid: us-va }
        objective: time
        """;

    [Fact]
    public void A_faster_pool_beside_never_slows_the_best_plan()
    {
        Random random = new(4711);
        string Of(params string[] choices) => choices[random.Next(choices.Length)];
        for (int i = 0; i < 8; i++)
        {
            string slow = $"{{system: {Of("dgx-a100-40gb", "dgx-a100-80gb", "dgx-1-v100")}, devices: {Of("8", "16", "32")}}}";
            string fast = $"{{system: {Of("dgx-h100", "dgx-h200", "dgx-b200")}, devices: {Of("8", "16", "24")}}}";
            string[] rest =
            [
                $"training.globalBatchSequences={Of("48", "64", "96")}", $"plan.microBatch={Of("1", "2")}", "training.precision=fp16",
                $"cluster.network.oversubscription={Of("1", "8")}",
            ];
            double alone = Jobs.Plan(Text, [$"cluster.pools=[{slow}]", .. rest]).Plans[0].Run.Days;
            double other = Jobs.Plan(Text, [$"cluster.pools=[{fast}]", .. rest]).Plans[0].Run.Days;
            double together = Jobs.Plan(Text, [$"cluster.pools=[{slow}, {fast}]", .. rest]).Plans[0].Run.Days;
            Assert.True(together <= Math.Min(alone, other) * (1 + 1e-12), $"{slow} and {fast}: {together} days instead of {alone} or {other}");
        }
    }

    [Fact]
    public void A_pool_that_would_only_hold_others_up_is_left_out()
    {
        PlanResult result = Jobs.Plan(Text, "cluster.pools=[{system: dgx-h100, devices: 8}, {system: dgx-1-v100, devices: 8}]", "training.precision=fp16", "objective=carbon");
        Estimate best = result.Plans[0];

        Assert.Equal("dgx-h100", best.Cluster.System);
        Assert.Equal(8, best.Cluster.Devices);
        Assert.Null(best.Plan.Pools);
        EstimatedPool only = Assert.Single(best.Pools!);
        Assert.Equal("h100-sxm", only.Accelerator);
        Assert.Equal(best.Carbon, only.Carbon);
    }

    [Fact]
    public void A_plan_found_is_what_it_is_when_stated()
    {
        // Enough that all pools are worth their exchange.
        const string Batch = "training.globalBatchSequences=192";
        foreach ((string form, int stages) in new[] { ("data", 2), ("pipeline", 3) })
        {
            Estimate[] found = [.. Jobs.Plan(Text, Batch, $"plan.pools={form}", $"plan.pipeline={stages}").Plans.Where(plan => plan.Plan.Pools == form)];
            Assert.NotEmpty(found);
            Estimate best = found[0];
            EstimatedPlan plan = best.Plan;
            Estimate alone = Jobs.Estimate(
                Text,
                Batch,
                $"cluster.pools=[{string.Join(", ", best.Pools!.Select(pool => $"{{system: {pool.System}, devices: {pool.Devices}}}"))}]",
                $"plan={{tensor: {plan.Tensor}, pipeline: {plan.Pipeline}, virtualStages: {plan.VirtualStages}, data: {plan.Data}, microBatch: {plan.MicroBatch}, sequenceParallel: {(plan.SequenceParallel ? "true" : "false")}, sharding: {plan.Sharding}{(plan.ShardGroup > 0 ? $", shardGroup: {plan.ShardGroup}" : "")}, schedule: {plan.Schedule}, pools: {form}}}");

            Assert.Equal(plan, alone.Plan);
            Assert.Equal(best.Step, alone.Step);
            Assert.Equal(best.Run, alone.Run);
            Assert.Equal(best.Carbon, alone.Carbon);
        }
    }

    // Every legal plan of both forms, tried one by one through the estimate of a stated scenario.
    [Fact]
    public void The_best_plan_is_that_of_trying_every_stated_one()
    {
        string[] fixedPart = ["plan={context: 1, recompute: none, microBatch: 1, sharding: zero1, sequenceParallel: false, schedule: 1f1b, virtualStages: 1}"];
        double best = double.PositiveInfinity;
        string[] clusters =
        [
            "cluster.pools=[{system: dgx-a100-80gb, devices: 8}, {system: dgx-h100, devices: 16}]",
            "cluster.pools=[{system: dgx-h100, devices: 16}, {system: dgx-a100-80gb, devices: 8}]",
            "cluster.pools=[{system: dgx-h100, devices: 16}]",
            "cluster.pools=[{system: dgx-a100-80gb, devices: 8}]",
        ];
        int legal = 0;
        foreach (string cluster in clusters)
        {
            foreach (string form in cluster.Contains("}, {", StringComparison.Ordinal) ? new[] { "data", "pipeline" } : ["null"])
            {
                for (int tensor = 1; tensor <= 12; tensor++)
                {
                    for (int pipeline = 1; pipeline <= 12; pipeline++)
                    {
                        try
                        {
                            Estimate one = Jobs.Estimate(
                                Text, [cluster, .. fixedPart, $"plan.tensor={tensor}", $"plan.pipeline={pipeline}", $"plan.pools={form}"]);
                            best = one.Violations.Count == 0 ? Math.Min(best, one.Run.Days) : best;
                            legal++;
                        }
                        catch (ScenarioException)
                        {
                            // Not legal: the next one.
                        }
                    }
                }
            }
        }

        Assert.True(legal > 20, $"only {legal} plans are legal");
        PlanResult result = Jobs.Plan(Text, fixedPart);
        Assert.True(result.Search.Exact);
        Assert.Equal(best, result.Plans[0].Run.Days, 1e-12 * best);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        string[] Found(int threads) =>
            [.. Jobs.Estimator.Plan(Tests.Planning.LegalCases.Read(Text), new(Threads: threads, Top: 8)).Plans.Select(plan => $"{plan.Plan} {plan.Cluster} {plan.Run}")];

        Assert.Equal(Found(1), Found(4));
    }

    [Fact]
    public void Three_pools_are_searched_in_every_order_and_set()
    {
        PlanResult result = Jobs.Plan(
            Text,
            "cluster.pools=[{system: dgx-a100-80gb, devices: 8}, {system: dgx-h100, devices: 8}, {system: dgx-h200, devices: 8}]",
            "plan={tensor: 4, context: 1, recompute: none, microBatch: 1, sharding: zero1, schedule: 1f1b}",
            "limits.memoryHeadroom=0");

        Assert.Equal(result.Search.Space, result.Infeasible.Values.Sum() + result.Search.Feasible);
        Assert.Contains(result.Plans, plan => plan.Pools!.Count == 3);
        Assert.All(result.Plans, plan => Assert.Equal(plan.Cluster.Devices, plan.Pools!.Sum(pool => pool.Devices)));
    }

    [Fact]
    public void A_search_over_phases_uses_the_same_pools_in_all()
    {
        const string Small = "tokens: 10G, globalBatchSequences: 32";
        const string Great = "tokens: 10G, globalBatchSequences: 512";
        Estimate Alone(string phase) => Jobs.Plan(Text, $"training={{sequenceLength: 2048, {phase}}}").Plans[0];
        PlanResult result = Jobs.Plan(Text, $"training={{sequenceLength: 2048, phases: [{{{Small}}}, {{{Great}}}]}}");
        Estimate best = result.Plans[0];

        // Alone, the small batch leaves the slower pool out and the great one takes both.
        Assert.Equal((16, 24), (Alone(Small).Cluster.Devices, Alone(Great).Cluster.Devices));
        Assert.All(result.Plans, plan => Assert.All(plan.Phases!, phase => Assert.Equal(
            plan.Pools!.Select(pool => pool.System).Order(), phase.Pools!.Select(pool => pool.System).Order())));
        double[] sets = [.. new[] { "{system: dgx-h100, devices: 16}", "{system: dgx-a100-80gb, devices: 8}, {system: dgx-h100, devices: 16}" }
            .Select(pools => Jobs.Plan(
                Text, $"cluster.pools=[{pools}]", $"training={{sequenceLength: 2048, phases: [{{{Small}}}, {{{Great}}}]}}").Plans[0].Run.Days)];
        Assert.Equal(sets.Min(), best.Run.Days, 1e-12 * best.Run.Days);
        Assert.Equal(1, best.Phases!.Sum(phase => phase.Run.Days) / best.Run.Days, 1e-12);
    }

    [Fact]
    public void Memory_that_no_pool_has_is_told_as_a_share()
    {
        PlanResult result = Jobs.Plan(
            Text, "plan={tensor: 1, pipeline: 1, context: 1, microBatch: 2, recompute: none, sharding: none}", "training.sequenceLength=131072");

        Assert.Empty(result.Plans);
        Assert.Equal(("memory", 1.0), (result.Binding!.Limit, result.Binding.Allowed));
        Assert.True(result.Binding.Best > 1);
    }

    [Fact]
    public void The_time_of_a_replica_never_falls_with_more_micro_batches()
    {
        Scenario scenario = Tests.Planning.LegalCases.Read(Text);
        ResolvedScenario resolved = JobBuilder.Build(scenario, Jobs.Catalog);
        JobModel<Scalar> model = new(resolved.Phases[0].Pools[1].Job);
        foreach (Sharding sharding in Enum.GetValues<Sharding>())
        {
            foreach (PipelineScheduleKind schedule in Enum.GetValues<PipelineScheduleKind>())
            {
                int chunks = schedule switch { PipelineScheduleKind.Interleaved => 3, PipelineScheduleKind.ZeroBubbleV => 2, _ => 1 };
                double before = 0;
                for (int microBatches = 8; microBatches <= 128; microBatches += 4)
                {
                    TrainingPlan plan = new(2, 4, chunks, 2, 1, microBatches, true, sharding, RecomputePlan.None, schedule)
                    {
                        ShardGroup = sharding == Sharding.Hsdp ? 2 : 0,
                    };
                    SplitPlan split = new(plan, new(3, 3, 3, 6));
                    PoolPart<Scalar> part = PoolPart<Scalar>.Of(resolved.Phases[0].Pools[1].Job, model, split, number => new(split[number]));
                    double seconds = PoolCosts<Scalar>.StepOf(part).Duration.Value.Value;
                    Assert.True(seconds > before, $"{sharding} {schedule} {microBatches}: {seconds} after {before}");
                    before = seconds;
                }
            }
        }
    }
}
