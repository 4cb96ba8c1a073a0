using CarbonScaling.Planning;

namespace CarbonScaling.Tests.Parts;

/// <summary>The search of a training in phases.</summary>
public sealed class PhaseSearchTests
{
    private const string Text = """
        model: { layers: 16, hidden: 2048, feedForward: 8192, heads: 16, keyValueHeads: 8, vocabulary: 32000 }
        training:
          sequenceLength: 4096
          phases:
            - { tokens: 20G, globalBatchSequences: 32 }
            - { tokens: 200G, globalBatchSequences: 128 }
            - { tokens: 10G, sequenceLength: 32768, globalBatchSequences: 16 }
        cluster: { system: dgx-h100, devices: 16 }
        plan: { schedule: 1f1b }
        site: { grid: us-va }
        """;

    private static readonly string[] Trainings =
    [
        "training={tokens: 20G, sequenceLength: 4096, globalBatchSequences: 32}",
        "training={tokens: 200G, sequenceLength: 4096, globalBatchSequences: 128}",
        "training={tokens: 10G, sequenceLength: 32768, globalBatchSequences: 16}",
    ];

    [Theory]
    [InlineData("time")]
    [InlineData("energy")]
    [InlineData("carbon")]
    public void Without_a_limit_each_phase_has_its_own_best_plan(string objective)
    {
        PlanResult result = Jobs.Plan(Text, "objective=" + objective);
        Estimate best = result.Plans[0];

        Assert.True(result.Search.Exact);
        for (int i = 0; i < Trainings.Length; i++)
        {
            Estimate alone = Jobs.Plan(Text, Trainings[i], "objective=" + objective).Plans[0];
            Assert.Equal(alone.Plan, best.Phases![i].Plan);
            Assert.Equal(alone.Carbon, best.Phases[i].Carbon);
        }
    }

    [Fact]
    public void All_phases_have_the_same_devices()
    {
        PlanResult result = Jobs.Plan(Text, "cluster.devices=[8, 32]", "objective={time: 0.3, carbon: 0.7}");

        Assert.All(result.Plans, plan => Assert.All(plan.Phases!, phase => Assert.Equal(plan.Cluster.Devices, Devices(phase.Plan))));

        // One number of devices after the other finds the same.
        Estimate[] fixedCounts = [.. new[] { 8, 16, 24, 32 }
            .SelectMany(devices => Jobs.Plan(Text, $"cluster.devices={devices}", "objective={time: 0.3, carbon: 0.7}").Plans.Take(1))];
        double Objective(Estimate one) => Math.Pow(one.Run.Days, 0.3) * Math.Pow(one.Carbon.TotalKg, 0.7);
        Assert.Equal(fixedCounts.Min(Objective), Objective(result.Plans[0]), 1e-9 * Objective(result.Plans[0]));
    }

    [Fact]
    public void A_limit_on_days_is_met_by_the_phases_together()
    {
        Estimate green = Jobs.Plan(Text, "cluster.devices=[8, 64]", "objective=carbon").Plans[0];
        double days = 0.6 * green.Run.Days;
        PlanResult result = Jobs.Plan(Text, "cluster.devices=[8, 64]", "objective=carbon", FormattableString.Invariant($"limits.days={days}"));

        Assert.InRange(result.Plans[0].Run.Days, 0, days);
        Assert.True(result.Plans[0].Carbon.TotalKg >= green.Carbon.TotalKg);
        Assert.Equal("limits.days", result.Binding!.Limit);
        Assert.All(result.Pareto, point => Assert.True(point.Days <= days));
    }

    [Fact]
    public void A_limit_that_no_plan_meets_is_told_with_the_least()
    {
        double fastest = Jobs.Plan(Text, "objective=time").Plans[0].Run.Days;
        PlanResult result = Jobs.Plan(Text, "limits.days=0.01");

        Assert.Empty(result.Plans);
        Assert.Equal("limits.days", result.Binding!.Limit);
        Assert.Equal(fastest, result.Binding.Best, 1e-9 * fastest);
    }

    [Fact]
    public void A_phase_that_fits_nowhere_is_told()
    {
        PlanResult result = Jobs.Plan(
            Text, "training.phases=[{tokens: 20G, globalBatchSequences: 32}, {tokens: 10G, sequenceLength: 8388608, globalBatchSequences: 1}]", "plan.context=1");

        Assert.Empty(result.Plans);
        Assert.Equal("memory", result.Binding!.Limit);
        Assert.True(result.Binding.Best > result.Binding.Allowed);
    }

    [Fact]
    public void The_best_plan_stated_is_the_same()
    {
        Estimate best = Jobs.Plan(Text, "objective=carbon").Plans[0];
        string phases = string.Join(", ", best.Phases!.Select(phase => FormattableString.Invariant(
            $"{{tokens: {phase.Tokens}, sequenceLength: {phase.SequenceLength}, globalBatchSequences: {phase.GlobalBatchSequences}, plan: {Stated(phase.Plan)}}}")));
        Estimate alone = Jobs.Estimate(Text, $"training.phases=[{phases}]", "plan={}");

        Assert.Equal(best.Run, alone.Run);
        Assert.Equal(best.Energy, alone.Energy);
        Assert.Equal(best.Carbon, alone.Carbon);
    }

    private static string Stated(EstimatedPlan plan) =>
        $"{{tensor: {plan.Tensor}, pipeline: {plan.Pipeline}, context: {plan.Context}, contextMode: {plan.ContextMode}, microBatch: {plan.MicroBatch}, "
        + $"sequenceParallel: {(plan.SequenceParallel ? "true" : "false")}, sharding: {plan.Sharding}{(plan.ShardGroup > 0 ? $", shardGroup: {plan.ShardGroup}" : "")}, "
        + $"recompute: {plan.Recompute}, schedule: {plan.Schedule}}}";

    private static long Devices(EstimatedPlan plan) => (long)plan.Tensor * plan.Context * plan.Pipeline * plan.Data;
}
