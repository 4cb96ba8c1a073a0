using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>The search against a plain enumeration, on one thread and on several.</summary>
public sealed class SearchTests
{
    private const string Small = """
        model: llama-2-7b
        training: { tokens: 100G, sequenceLength: 4096, globalBatchSequences: 16 }
        cluster: { system: dgx-h100, devices: [8, 16] }
        site: { grid: fr }
        """;

    private const string Tiny = """
        model: { layers: 12, hidden: 2048, feedForward: 8192, heads: 16, vocabulary: 32000, activation: gelu, normalisation: layernorm, biases: all, tiedEmbeddings: true }
        training: { tokens: 20G, sequenceLength: 2048, globalBatchSequences: 24, precision: fp16 }
        software: { stack: megatron-2022 }
        cluster: { system: dgx-1-v100-16gb, devices: [8, 24] }
        site: { grid: pl }
        """;

    public static TheoryData<string, string> Problems { get; } = new()
    {
        { Small, "objective=time" },
        { Small, "objective=carbon" },
        { Small, "objective={carbon: 0.7, time: 0.3}" },
        { Small, "limits={days: 30, memoryHeadroom: 0.3}" },
        { Tiny, "objective=energy" },
        { Tiny, "plan={pipeline: 4, recompute: full}" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_best_plan_is_that_of_a_plain_enumeration(string text, string setting)
    {
        Scenario scenario = LegalCases.Read(text, setting);
        PlanResult result = new Estimator(LegalCases.Embedded).Plan(scenario, new(Top: 3));
        CarbonJob job = JobBuilder.Build(scenario, LegalCases.Embedded).Job;
        IReadOnlyList<Limit> limits = Limits.Of(scenario, job);
        long feasible = 0;
        double best = double.PositiveInfinity;
        List<(double Days, double Kg)> points = [];
        foreach (SplitPlan plan in Enumerate(scenario, job))
        {
            LegalCase one = new(scenario, job, plan, text);
            JobCost<Scalar> cost = one.Builder.Assess<Scalar>(plan).Cost;
            if (Limits.Exceeded(limits, cost).Count > 0)
            {
                continue;
            }

            feasible++;
            double days = cost.Run.WallTime.Value.Value / 86_400;
            double kilograms = cost.Footprint.Total.Value.Value;
            points.Add((days, kilograms));
            best = Math.Min(best, Objective(scenario, days, cost.Footprint.FacilityEnergy.Value.Value / 3.6e6, kilograms));
        }

        Assert.True(feasible > 0);
        Assert.Equal(feasible, result.Search.Feasible);
        Estimate found = result.Plans[0];
        double value = Objective(scenario, found.Run.Days, found.Energy.FacilityKwh, found.Carbon.TotalKg);
        Assert.Equal(1, value / best, 1e-12);
        (double Days, double Kg)[] front = [.. points
            .Where(point => !points.Exists(other => Beats(other, point)))
            .Distinct()
            .OrderBy(point => point.Days)];
        Assert.Equal(front.Length, result.Pareto.Count);
        Assert.All(front.Zip(result.Pareto), pair =>
        {
            Assert.Equal(1, pair.Second.Days / pair.First.Days, 1e-12);
            Assert.Equal(1, pair.Second.CarbonKg / pair.First.Kg, 1e-12);
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Results_do_not_depend_on_threads(int threads)
    {
        Scenario scenario = LegalCases.Read(Small);
        Estimator estimator = new(LegalCases.Embedded);
        PlanResult one = estimator.Plan(scenario, new(Threads: 1));
        PlanResult several = estimator.Plan(scenario, new(Threads: threads));
        Assert.Equal(Text(one), Text(several));

        static string Text(PlanResult result)
        {
            using MemoryStream stream = new();
            ResultJson.Write(stream, result with { Search = result.Search with { Seconds = 0 } });
            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    [Theory]
    [InlineData("nic")]
    [InlineData("memory")]
    [InlineData("scaleUp")]
    public void More_bandwidth_never_slows_the_optimum(string kind)
    {
        Scenario scenario = LegalCases.Read(Small, "cluster.devices=16", "objective=time");
        CarbonJob job = JobBuilder.Build(scenario, LegalCases.Embedded).Job;
        double slower = double.PositiveInfinity;
        foreach (double factor in new[] { 0.25, 0.5, 1, 2, 4 })
        {
            PlanResult result = new PlanSearch(scenario, new(Faster(job, kind, factor), null, "fr"), new(Top: 1))
                .Run(null, TestContext.Current.CancellationToken);
            Assert.True(result.Plans[0].Run.Days <= slower * (1 + 1e-12), $"{kind} × {factor}");
            slower = result.Plans[0].Run.Days;
        }
    }

    [Fact]
    public void A_limit_that_no_plan_meets_is_named_with_the_least_that_is_needed()
    {
        Scenario scenario = LegalCases.Read(Small, "limits.days=1");
        PlanResult result = new Estimator(LegalCases.Embedded).Plan(scenario);
        Assert.Empty(result.Plans);
        Assert.Equal("limits.days", result.Binding!.Limit);
        double least = new Estimator(LegalCases.Embedded).Plan(LegalCases.Read(Small, "objective=time")).Plans[0].Run.Days;
        Assert.Equal(1, result.Binding.Best / least, 1e-12);
    }

    private static CarbonJob Faster(CarbonJob job, string kind, double factor)
    {
        TrainingJob training = job.Training;
        var system = training.Cluster.System;
        var accelerator = system.Accelerator;
        switch (kind)
        {
            case "nic":
                system = system with { NicBandwidth = Scaled(system.NicBandwidth) };
                break;
            case "memory":
                system = system with { Accelerator = accelerator with { MemoryBandwidth = Scaled(accelerator.MemoryBandwidth) } };
                break;
            default:
                ModelParameters parameters = training.Parameters;
                foreach (string name in parameters.Figures.Keys.Where(name => name.EndsWith(".busBandwidth", StringComparison.Ordinal)))
                {
                    parameters = parameters.With(name, parameters[name].Value * factor);
                }

                training = training with { Parameters = parameters };
                break;
        }

        return job with { Training = training with { Cluster = training.Cluster with { System = system } } };

        Figure Scaled(Figure figure) => figure with { Value = figure.Value * factor };
    }

    // Written from the rules, without the search's own enumeration.
    private static IEnumerable<SplitPlan> Enumerate(Scenario scenario, CarbonJob job)
    {
        int batch = (int)job.Training.GlobalBatch.Value;
        int layers = job.Training.Model.LayerCount;
        PlanSection fixedBy = scenario.Plan;
        for (int devices = scenario.Cluster.Devices.Minimum; devices <= scenario.Cluster.Devices.Maximum; devices++)
        {
            if (devices % 8 != 0)
            {
                continue;
            }

            for (int tensor = 1; tensor <= devices; tensor++)
            {
                for (int pipeline = 1; pipeline <= Math.Min(layers, devices / tensor); pipeline++)
                {
                    if (devices % (tensor * pipeline) != 0 || (fixedBy.Pipeline is { } stages && stages != pipeline))
                    {
                        continue;
                    }

                    int data = devices / tensor / pipeline;
                    for (int micro = 1; micro <= batch / data; micro++)
                    {
                        foreach (SplitPlan plan in Variants(tensor, pipeline, data, micro))
                        {
                            yield return plan;
                        }
                    }
                }
            }
        }

        IEnumerable<SplitPlan> Variants(int tensor, int pipeline, int data, int micro)
        {
            foreach (PipelineScheduleKind schedule in Enum.GetValues<PipelineScheduleKind>())
            {
                for (int chunks = 1; chunks <= layers + 2; chunks++)
                {
                    foreach (bool split in new[] { false, true })
                    {
                        foreach (Sharding sharding in Enum.GetValues<Sharding>())
                        {
                            foreach (Recomputation recomputation in Enum.GetValues<Recomputation>())
                            {
                                TrainingPlan plan = new(
                                    tensor, pipeline, chunks, data, micro, batch / data / micro, split, sharding, recomputation, schedule);
                                bool same = (pipeline == 1 && schedule != PipelineScheduleKind.OneForwardOneBackward)
                                    || (tensor == 1 && split)
                                    || (data == 1 && sharding != Sharding.None)
                                    || (fixedBy.Recompute is { } only && only != recomputation)
                                    || (pipeline == 1 && chunks > 1);
                                if (!same && PlanRules.Check(job.Training, plan, out LayerSplit split2) is null)
                                {
                                    yield return new(plan, split2);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static bool Beats((double Days, double Kg) left, (double Days, double Kg) right) =>
        left.Days <= right.Days && left.Kg <= right.Kg && (left.Days < right.Days || left.Kg < right.Kg);

    private static double Objective(Scenario scenario, double days, double kilowattHours, double kilograms) => Math.Exp(
        (scenario.Objective.Time * Math.Log(days)) + (scenario.Objective.Energy * Math.Log(kilowattHours))
        + (scenario.Objective.Carbon * Math.Log(kilograms)));
}
