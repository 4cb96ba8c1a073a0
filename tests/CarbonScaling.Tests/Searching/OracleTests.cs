using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Searching;

/// <summary>The search finds what trying every plan finds.</summary>
public sealed class OracleTests
{
    public static TheoryData<string, string[]> Problems { get; } = new()
    {
        { nameof(Spaces.Llama), [] },
        { nameof(Spaces.Llama), ["objective=time", "limits.memoryHeadroom=0.4"] },
        { nameof(Spaces.Llama), ["limits.powerMegawatts=0.014", "limits.days=60"] },
        { nameof(Spaces.Llama), ["training.precision=fp8", "cluster.failures=none"] },
        { nameof(Spaces.Inline), [] },
        { nameof(Spaces.Inline), ["objective=carbon", "limits.days=12"] },
        { nameof(Spaces.Inline), ["limits.carbonTonnes=0.9", "software.stack=fsdp"] },
        { nameof(Spaces.Inline), ["objective={ time: 2, energy: 0.5, carbon: 1 }"] },
        { nameof(Spaces.Volta), [] },
        { nameof(Spaces.Volta), ["objective={ time: 1, carbon: 1 }", "limits.memoryHeadroom=0.1"] },
        { nameof(Spaces.Experts), [] },
        { nameof(Spaces.Experts), ["objective=carbon", "limits.memoryHeadroom=0.9"] },
        { nameof(Spaces.Experts), ["plan={ sharding: hsdp, tensorOverlap: ring, sequenceParallel: true, offload: optimizer }"] },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Best_plan_counts_and_front_are_those_of_trying_everything(string space, string[] settings)
    {
        Scenario scenario = Spaces.Scenario(space, settings);
        BruteForce oracle = new(scenario);
        bool isOtherJob = settings.Any(setting => !setting.StartsWith("limits", StringComparison.Ordinal) && !setting.StartsWith("objective", StringComparison.Ordinal));
        IReadOnlyList<Tried> legal = isOtherJob ? oracle.Legal() : Spaces.Legal(space);
        IReadOnlyList<Tried> feasible = [.. legal.Where(oracle.Meets)];
        PlanResult result = Spaces.Plan(scenario, new(Top: 4));

        Assert.NotEmpty(feasible);
        Assert.Equal(legal.Count, result.Search.Evaluated);
        Assert.Equal(feasible.Count, result.Search.Feasible);
        Assert.True(result.Search.Exact);
        Tried[] best = [.. feasible.OrderBy(oracle.Objective)];
        Assert.Equal(Math.Min(4, best.Length), result.Plans.Count);
        for (int i = 0; i < result.Plans.Count; i++)
        {
            // Plans that are equally good may come in any order here.
            Estimate found = result.Plans[i];
            Tried same = Assert.Single(feasible, one => EstimateBuilder.PlanOf(one.Plan) == found.Plan);
            Assert.Equal(1, oracle.Objective(same) / oracle.Objective(best[i]), 1e-12);
            Assert.Equal(1, found.Run.Days / same.Days, 1e-12);
            Assert.Equal(1, found.Carbon.TotalKg / same.CarbonKg, 1e-12);
            Assert.Empty(found.Violations);
        }

        IReadOnlyList<(double Days, double CarbonKg)> front = BruteForce.Front(feasible);
        Assert.Equal(front.Count, result.Pareto.Count);
        Assert.All(front.Zip(result.Pareto), pair =>
        {
            Assert.Equal(1, pair.Second.Days / pair.First.Days, 1e-12);
            Assert.Equal(1, pair.Second.CarbonKg / pair.First.CarbonKg, 1e-12);
        });
    }

    [Theory]
    [InlineData(nameof(Spaces.Llama))]
    [InlineData(nameof(Spaces.Inline))]
    [InlineData(nameof(Spaces.Volta))]
    [InlineData(nameof(Spaces.Experts))]
    public void What_is_not_feasible_is_counted_by_reason(string space)
    {
        Scenario scenario = Spaces.Scenario(space, "limits.days=25", "limits.carbonTonnes=2");
        BruteForce oracle = new(scenario);
        PlanResult result = Spaces.Plan(scenario);
        string[] limits = ["memory", "failures", "limits.days", "limits.carbonTonnes"];

        long failed = result.Infeasible.Where(reason => limits.Contains(reason.Key)).Sum(reason => reason.Value);
        Assert.Equal(Spaces.Legal(space).Count(one => !oracle.Meets(one)), failed);
        Assert.Equal(result.Search.Space - result.Search.Evaluated, result.Infeasible.Values.Sum() - failed);
    }

    [Theory]
    [InlineData(nameof(Spaces.Llama))]
    [InlineData(nameof(Spaces.Inline))]
    [InlineData(nameof(Spaces.Volta))]
    [InlineData(nameof(Spaces.Experts))]
    public void The_best_plan_estimated_alone_is_the_same(string space)
    {
        Estimate best = Spaces.Plan(Spaces.Scenario(space)).Plans[0];
        EstimatedPlan plan = best.Plan;
        Scenario stated = Spaces.Scenario(
            space,
            $"cluster.devices={best.Cluster.Devices}",
            $"plan={{ tensor: {plan.Tensor}, pipeline: {plan.Pipeline}, virtualStages: {plan.VirtualStages}, context: {plan.Context}, contextMode: {plan.ContextMode}, expert: {plan.Expert}, expertTensor: {plan.ExpertTensor}, data: {plan.Data}, microBatch: {plan.MicroBatch}, sequenceParallel: {(plan.SequenceParallel ? "true" : "false")}, sharding: {plan.Sharding}, recompute: {plan.Recompute}, schedule: {plan.Schedule} }}");
        Estimate alone = new Estimator(Spaces.Embedded).Estimate(stated);

        Assert.Equal(plan, alone.Plan);
        Assert.Equal(best.Step, alone.Step);
        Assert.Equal(best.Run, alone.Run);
        Assert.Equal(best.Energy, alone.Energy);
        Assert.Equal(best.Carbon, alone.Carbon);
    }
}
