using CarbonScaling.Planning;
using CarbonScaling.Tests.Evaluations;
using CarbonScaling.Training;

namespace CarbonScaling.Tests.Planning;

/// <summary>Groups of ranks lie inside the ranks that they are made of.</summary>
public sealed class GroupRulesTests
{
    // Megatron folds context ranks into data ranks, and experts spread over the tensor ranks too.
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
        RandomJob job = RandomJobs.TryMake(
            """
            model: { layers: 8, hidden: 1024, heads: 16, vocabulary: 32000, experts: 96, expertsPerToken: 2, expertFeedForward: 512 }
            training: { tokens: 1G, sequenceLength: 2048, globalBatchSequences: 16 }
            cluster: { system: dgx-h100, devices: 8 }
            plan: { tensor: 2 }
            site: { grid: fr }
            """)!;
        TrainingPlan plan = job.Plan.Plan with
        {
            Context = 2,
            Expert = expert,
            ExpertTensor = expertTensor,
            Sharding = shardGroup == 0 ? Sharding.Zero1 : Sharding.Hsdp,
            ShardGroup = shardGroup,
        };

        Assert.Equal(2 * 2 * 4, plan.Devices);
        Assert.Equal(field, PlanRules.Check(job.Resolved.Job.Training, plan, out _)?.Field);
        if (field is null)
        {
            Assert.Equal(16 / expert / expertTensor, plan.ExpertData);
        }
    }
}
