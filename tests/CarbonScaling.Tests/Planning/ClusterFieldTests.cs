using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Scenarios;

namespace CarbonScaling.Tests.Planning;

/// <summary>Fields of the cluster and what changes nothing.</summary>
public sealed class ClusterFieldTests
{
    private static readonly Estimator Estimator = new(Catalog.OpenEmbedded());

    [Theory]
    [InlineData("plan={context: 1, contextMode: ulysses, expert: 1, expertTensor: 1, tensorOverlap: none, offload: [], recompute: {modules: [attention]}}")]
    [InlineData("cluster.network.contention=1")]
    [InlineData("training.phases=[]")]
    public void What_changes_nothing_is_accepted(string change)
    {
        string[] basis = ["plan.tensor=8", "plan.pipeline=16", "training.globalBatchSequences=1536", "plan.recompute=selective"];
        double expected = Estimator.Estimate(Example.Scenario(Example.Small, basis)).Step.Seconds;
        string[] after = change.StartsWith("plan=", StringComparison.Ordinal) ? [change, .. basis[..3]] : [.. basis, change];

        Assert.Equal(expected, Estimator.Estimate(Example.Scenario(Example.Small, after)).Step.Seconds);
    }

    [Fact]
    public void The_bandwidth_between_nodes_takes_the_place_of_that_of_the_system()
    {
        string[] basis = ["plan.tensor=8", "plan.pipeline=16", "training.globalBatchSequences=1536"];
        double Seconds(params string[] changes) => Estimator.Estimate(Example.Scenario(Example.Small, [.. basis, .. changes])).Step.Seconds;

        double half = Seconds("cluster.network.oversubscription=2");
        Assert.Equal(Seconds(), Seconds("cluster.network.nicBandwidth=25 GB/s"));
        Assert.Equal(half, Seconds("cluster.network.nicBandwidth=12.5 GB/s"));
        Assert.Equal(half, Seconds("cluster={pools: [{system: dgx-a100-80gb, devices: 1024, network: {nicBandwidth: 12.5 GB/s}}]}"));
        Assert.True(half > Seconds());
    }

    [Theory]
    [InlineData("cluster={system: dgx-h100, devices: 12}", "cluster.devices: '12' does not fill nodes of dgx-h100; allowed: multiples of 8, or one number that divides it")]
    [InlineData("cluster={system: dgx-h100, devices: 6}", "cluster.devices: '6' does not fill nodes of dgx-h100")]
    [InlineData("cluster={system: dgx-h100, devices: 16, domain: 16}", "cluster.domain: '16' is more than the 8 accelerators of a scale-up domain of dgx-h100; allowed: 1 to 8")]
    public void Devices_fill_nodes_and_a_domain_is_no_larger_than_that_of_the_system(string change, string expected) =>
        Assert.Contains(expected, Refusal(() => Estimator.Estimate(Example.Scenario(Example.Inline, change))), StringComparison.Ordinal);

    [Fact]
    public void A_part_of_a_node_is_estimated_and_planned()
    {
        Scenario scenario = Example.Scenario(Example.Inline, "cluster.devices=4", "training.globalBatchSequences=64");

        Assert.Equal(4, Estimator.Estimate(scenario).Cluster.Devices);
        Assert.All(Estimator.Plan(scenario).Plans, plan => Assert.Equal(4, plan.Cluster.Devices));
    }

    [Fact]
    public void A_smaller_domain_sends_more_between_nodes()
    {
        string[] basis = ["plan.tensor=4", "cluster.devices=64", "training.globalBatchSequences=64"];
        double Comm(params string[] changes) =>
            Estimator.Estimate(Example.Scenario(Example.Inline, [.. basis, .. changes])).Step.TensorCommSeconds;

        Assert.Equal(Comm(), Comm("cluster.domain=8"));
        Assert.True(Comm("cluster.domain=2") > 2 * Comm());
    }

    [Fact]
    public void Overlap_may_be_switched_on_and_off()
    {
        string[] basis = ["plan={tensor: 8, pipeline: 4, virtualStages: 2, recompute: full}", "training.globalBatchSequences=1536"];
        double Seconds(params string[] changes) => Estimator.Estimate(Example.Scenario(Example.Small, [.. basis, .. changes])).Step.Seconds;

        Assert.True(Seconds("software.overlap.data=false") > Seconds());
        Assert.True(Seconds("software.overlap.pipeline=false") > Seconds());
        Assert.Equal(Seconds(), Seconds("software.overlap={data: true, pipeline: true}"));
    }

    private static ScenarioException Refused(Func<object> run) => Assert.Throws<ScenarioException>(() => { run(); });

    private static string Refusal(Func<object> run) => Assert.Single(Refused(run).Problems).ToString();
}
