using System.Globalization;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CsCheck;

namespace CarbonScaling.Tests.Searching;

/// <summary>A field of the plan that the scenario fixes is the only choice.</summary>
public sealed class FixedFieldTests
{
    private static readonly string[] Fields =
    [
        "tensor", "pipeline", "virtualStages", "context", "contextMode", "expert", "expertTensor", "data", "microBatch",
        "sequenceParallel", "sharding", "recompute", "schedule",
    ];

    /// <summary>Fields of a legal plan, so that there is one at least.</summary>
    [Theory]
    [InlineData(nameof(Spaces.Llama))]
    [InlineData(nameof(Spaces.Inline))]
    [InlineData(nameof(Spaces.Volta))]
    [InlineData(nameof(Spaces.Experts))]
    public void Fixing_fields_of_a_feasible_plan_leaves_the_plans_that_share_them(string space)
    {
        BruteForce free = new(Spaces.Scenario(space));
        Tried[] feasible = [.. Spaces.Legal(space).Where(free.Meets)];
        Gen.Select(Gen.Int[0, feasible.Length - 1], Gen.Int[1, (1 << Fields.Length) - 1]).Sample(
            (index, chosen) =>
            {
                EstimatedPlan plan = EstimateBuilder.PlanOf(feasible[index].Plan);
                string[] settings = [.. Fields.Where((_, i) => (chosen >> i & 1) == 1).Select(field => $"plan.{field}={ValueOf(plan, field)}")];
                Scenario scenario = Spaces.Scenario(space, settings);
                BruteForce oracle = new(scenario);
                IReadOnlyList<Tried> left = oracle.Feasible();
                PlanResult result = Spaces.Plan(scenario, new(Top: 2));

                Assert.NotEmpty(result.Plans);
                Assert.Equal(left.Count, result.Search.Feasible);
                Assert.All(result.Plans, found => Assert.All(settings, setting =>
                {
                    string field = setting["plan.".Length..setting.IndexOf('=', StringComparison.Ordinal)];
                    Assert.Equal(ValueOf(plan, field), ValueOf(found.Plan, field));
                }));
                double best = left.Min(oracle.Objective);
                Tried same = left.Single(one => EstimateBuilder.PlanOf(one.Plan) == result.Plans[0].Plan);
                Assert.Equal(1, oracle.Objective(same) / best, 1e-12);
            },
            iter: 5,
            threads: 1);
    }

    private static string ValueOf(EstimatedPlan plan, string field) => field switch
    {
        "tensor" => Text(plan.Tensor),
        "pipeline" => Text(plan.Pipeline),
        "virtualStages" => Text(plan.VirtualStages),
        "context" => Text(plan.Context),
        "contextMode" => plan.ContextMode,
        "expert" => Text(plan.Expert),
        "expertTensor" => Text(plan.ExpertTensor),
        "data" => Text(plan.Data),
        "microBatch" => Text(plan.MicroBatch),
        "sequenceParallel" => plan.SequenceParallel ? "true" : "false",
        "sharding" => plan.Sharding,
        "recompute" => plan.Recompute,
        _ => plan.Schedule,
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
