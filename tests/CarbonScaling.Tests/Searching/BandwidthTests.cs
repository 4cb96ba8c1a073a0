using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Searching;

/// <summary>Faster memory and links never slow a job.</summary>
public sealed class BandwidthTests
{
    [Theory]
    [InlineData(nameof(Spaces.Llama))]
    [InlineData(nameof(Spaces.Inline))]
    [InlineData(nameof(Spaces.Volta))]
    public void More_bandwidth_never_slows_the_best_plan(string space)
    {
        Scenario scenario = Spaces.Scenario(space, "objective=time", "limits.memoryHeadroom=0.2");
        ResolvedScenario resolved = JobBuilder.Build(scenario, Spaces.Embedded);
        double before = Best(scenario, resolved);
        Gen.Select(Gen.Int[1, 7], Gen.Double[1, 4]).Sample(
            (kinds, factor) =>
            {
                ResolvedScenario faster = resolved with { Job = Faster(resolved.Job, kinds, factor) };
                double after = Best(scenario, faster);
                Assert.True(after <= before * (1 + 1e-12), $"{before} days became {after}");
            },
            iter: 6,
            threads: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Each_bandwidth_matters_to_some_plan(int kinds)
    {
        Scenario scenario = Spaces.Scenario(nameof(Spaces.Llama), "objective=time", "plan={ tensor: 4, pipeline: 2 }");
        ResolvedScenario resolved = JobBuilder.Build(scenario, Spaces.Embedded);

        Assert.True(Best(scenario, resolved with { Job = Faster(resolved.Job, kinds, 2) }) < Best(scenario, resolved));
    }

    private static double Best(Scenario scenario, ResolvedScenario resolved) =>
        new PlanSearch(scenario, resolved, new(Top: 1)).Run(null, TestContext.Current.CancellationToken).Plans[0].Run.Days;

    // Bit 0: memory, bit 1: links inside the domain with every collective on them, bit 2: network interfaces.
    private static CarbonJob Faster(CarbonJob job, int kinds, double factor)
    {
        Cluster cluster = job.Training.Cluster;
        NodeSystem system = cluster.System;
        ModelParameters parameters = job.Training.Parameters;
        if ((kinds & 1) != 0)
        {
            Accelerator device = system.Accelerator;
            system = system with { Accelerator = device with { MemoryBandwidth = Times(device.MemoryBandwidth, factor) } };
        }

        if ((kinds & 2) != 0)
        {
            system = system with { ScaleUp = system.ScaleUp with { Bandwidth = Times(system.ScaleUp.Bandwidth!.Value, factor) } };
            string prefix = $"collective.{system.ScaleUp.Id}.";
            foreach (string name in parameters.Figures.Keys.Where(name =>
                name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".busBandwidth", StringComparison.Ordinal)))
            {
                parameters = parameters.With(name, parameters[name].Value * factor);
            }
        }

        if ((kinds & 4) != 0)
            system = system with { NicBandwidth = Times(system.NicBandwidth, factor) };

        return job with { Training = job.Training with { Cluster = cluster with { System = system }, Parameters = parameters } };
    }

    private static Figure Times(Figure figure, double factor) => figure with { Value = figure.Value * factor };
}
