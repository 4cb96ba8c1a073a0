using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Scenarios;

public class OverrideTests
{
    private const string Pool = """
        model: gpt3-175b
        training: { tokens: 300G }
        cluster:
          pools:
            - { system: dgx-a100-80gb, devices: 1024 }
        site: { grid: fr }
        """;

    [Fact]
    public void A_value_is_replaced_and_missing_maps_are_made()
    {
        var scenario = Example.Scenario(Example.Small, "training.tokens=1T", "plan.tensor=4", "cluster.network.oversubscription = 2 ");

        Assert.Equal(1e12, scenario.Training.Tokens);
        Assert.Equal(4, scenario.Plan.Tensor);
        Assert.Equal(2, scenario.Cluster.Network.Oversubscription);
        Assert.True(scenario.IsGiven("cluster.network.oversubscription"));
    }

    [Fact]
    public void The_last_of_a_path_wins() =>
        Assert.Equal(8, Example.Scenario(Example.Small, "plan.tensor=wrong", "plan.tensor=8").Plan.Tensor);

    [Fact]
    public void A_wrong_value_of_the_file_may_be_set_right() =>
        Assert.Equal(2, Example.Scenario(Example.Small + "\nplan: { tensor: x }", "plan.tensor=2").Plan.Tensor);

    [Fact]
    public void Nothing_takes_a_value_away()
    {
        var scenario = Example.Scenario(Example.Small, "training.tokens=", "training.compute=1e24", "model=null");

        Assert.Null(scenario.Training.Tokens);
        Assert.False(scenario.IsGiven("training.tokens"));
        Assert.Null(scenario.Model);
    }

    [Theory]
    [InlineData("name=a: b # c", "a: b # c")]
    [InlineData("name=a=b", "a=b")]
    [InlineData("name=\"null\"", "null")]
    [InlineData("name='it''s'", "it's")]
    public void Text_is_taken_as_it_stands_or_quoted(string change, string expected) =>
        Assert.Equal(expected, Example.Scenario(Example.Small, change).Name);

    [Theory]
    [InlineData("cluster.system=dgx-h100", "cluster.devices=[8, 64]")]
    [InlineData("cluster.pools[0].system=dgx-h100", "cluster.pools[0].devices=[8, 64]")]
    [InlineData("cluster.pools[0]={system: dgx-h100, devices: [8, 64]}", "name=x")]
    [InlineData("cluster={system: dgx-h100}", "cluster.devices=[8, 64]")]
    public void The_only_pool_takes_the_paths_of_the_short_form(string system, string devices)
    {
        var scenario = Example.Scenario(Pool, system, devices);

        Assert.Equal("dgx-h100", scenario.Cluster.System);
        Assert.Equal(new DeviceRange(8, 64), scenario.Cluster.Devices);
    }

    [Fact]
    public void A_model_of_either_form_replaces_the_other()
    {
        Assert.Equal("gpt3-175b", Example.Scenario(Example.Inline, "model=gpt3-175b").Model?.Id);
        Assert.Equal(
            64,
            Example.Scenario(Example.Small, "model={layers: 1, hidden: 64, feedForward: 256, heads: 1, vocabulary: 100}")
                .Model?.Architecture?.HeadDimension);
    }

    [Theory]
    [InlineData("", "--set:1: is not an override; allowed: path=value")]
    [InlineData("plan.tensor", "--set:1: 'plan.tensor' is not an override; allowed: path=value")]
    [InlineData("=8", "--set:1: '=8' is not an override")]
    [InlineData("plan..tensor=8", "is not an override")]
    [InlineData("plan.ten sor=8", "is not an override")]
    [InlineData("cluster.pools[=8", "is not an override")]
    [InlineData("cluster.pools[]=8", "is not an override")]
    [InlineData("cluster.pools[-1]=8", "is not an override")]
    [InlineData("cluster.pools[99999999999]=8", "is not an override")]
    [InlineData("model.layers=8", "--set:1: model: 'gpt3-175b' is not a map in the file, so that nothing can be set in it")]
    [InlineData("cluster.pools[1].system=a", "--set:1: cluster.pools[1]: is not a map in the file")]
    [InlineData("cluster.pools[1]=a", "--set:1: cluster.pools[1]: is not an item of a list in the file")]
    [InlineData("plan={tensor: 4", "--set:1: is not valid YAML or JSON: ")]
    [InlineData("plan={tensor: 4} x", "--set:1: is not valid YAML or JSON: ")]
    [InlineData("plan={tensor: &a 4}", "--set:1: anchors")]
    public void A_wrong_override_is_told(string change, string expected) =>
        Assert.Contains(expected, Assert.Single(Example.Problems(Pool, change)), StringComparison.Ordinal);

    [Fact]
    public void Overrides_are_checked_beside_a_broken_file()
    {
        var problems = Example.Problems("model: [", "nonsense");

        Assert.Equal(2, problems.Length);
        Assert.StartsWith("--set:1: 'nonsense'", problems[1], StringComparison.Ordinal);
    }
}
