using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Tracking;
using CarbonScaling.Validation.Profiles;

namespace CarbonScaling.Tests.Parts;

/// <summary>What takes one phase on one pool refuses several with one line.</summary>
public sealed class OnePartTests
{
    private const string Text = """
        model: llama-3.1-8b
        training: { tokens: 1T, sequenceLength: 8192, globalBatchSequences: 512 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 2, pipeline: 2, microBatch: 1, schedule: 1f1b, sharding: zero1, recompute: selective }
        site: { grid: us-va }
        """;

    private const string Phases = "training.phases=[{tokens: 500G}, {tokens: 500G, globalBatchSequences: 256}]";
    private const string Pools = "cluster={pools: [{system: dgx-h100, devices: 32}, {system: dgx-a100-80gb, devices: 32}]}";

    [Theory]
    [InlineData(Phases, "training.phases: '[…]' is not for {0}, which takes one phase; allowed here: null")]
    [InlineData(Pools, "cluster.pools: '[…]' is not for {0}, which takes one pool; allowed here: one pool")]
    public void Several_are_refused(string change, string expected)
    {
        Scenario scenario = LegalCases.Read(Text, change);
        void Refuses(string command, Action run) => Assert.Contains(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, command),
            Assert.Single(Assert.Throws<ScenarioException>(run).Problems).ToString(),
            StringComparison.Ordinal);

        Refuses("track", () => new Tracker(Jobs.Estimator).Of(scenario, []));
        Refuses("calibrate", () => new Profiler(Jobs.Catalog).Measure(scenario, []));
        Refuses("calibrate", () => new Profiler(Jobs.Catalog).Fit("own", [new(scenario, "log", 1.0, null)]));
    }
}
