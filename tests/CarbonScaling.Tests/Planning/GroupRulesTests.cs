using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Tests.Planning;

/// <summary>Groups of ranks lie inside the ranks that they are made of.</summary>
public sealed class GroupRulesTests
{
    private const string Mixture = """
        model: { layers: 8, hidden: 2048, heads: 16, vocabulary: 32000, experts: 96, expertsPerToken: 2, expertFeedForward: 1024 }
        training: { tokens: 1G, sequenceLength: 2048, globalBatchSequences: 16 }
        cluster: { system: dgx-h100, devices: 16 }
        plan: { tensor: 2, context: 2 }
        site: { grid: fr }
        """;

    // Megatron folds context ranks into data ranks, and experts spread over the tensor ranks too: 2 × 2 × 4.
    [Theory]
    [InlineData(1, 1, 0, null)]
    [InlineData(16, 1, 0, null)]
    [InlineData(8, 2, 0, null)]
    [InlineData(3, 1, 0, "plan.expert")]
    [InlineData(32, 1, 0, "plan.expert")]
    [InlineData(16, 2, 0, "plan.expert")]
    [InlineData(1, 1, 8, null)]
    [InlineData(1, 1, 3, "plan.shardGroup")]
    [InlineData(1, 1, 16, "plan.shardGroup")]
    public void A_group_divides_its_ranks(int expert, int expertTensor, int shardGroup, string? field)
    {
        Scenario scenario = Example.Scenario(Mixture);
        TrainingJob job = JobBuilder.Build(scenario, Catalog.OpenEmbedded()).Job.Training;
        TrainingPlan plan = FixedPlan.Of(scenario, job).Plan with
        {
            Expert = expert,
            ExpertTensor = expertTensor,
            Sharding = shardGroup > 0 ? Sharding.Hsdp : Sharding.Zero1,
            ShardGroup = shardGroup,
        };

        Assert.Equal((4, 16), (plan.Data, plan.Devices));
        Assert.Equal(field, PlanRules.Check(job, plan, out _)?.Field);
        if (field is null)
        {
            Assert.Equal(16 / expert / expertTensor, plan.ExpertData);
        }
    }
}
