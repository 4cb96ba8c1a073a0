using CarbonScaling.Catalogs;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>A legal scenario drawn at random, with everything made of it.</summary>
internal sealed record RandomJob(string Text, Scenario Scenario, ResolvedScenario Resolved, Estimate Estimate)
{
    /// <summary>Its plan.</summary>
    public SplitPlan Plan { get; } = FixedPlan.Of(Scenario, Resolved.Job.Training);

    /// <summary>Evaluates its plan.</summary>
    public Assessment<T> Assess<T>(FlopsConvention convention = FlopsConvention.ModelFull)
        where T : struct, IReal<T> => Assess<T>(Resolved.Job, convention);

    /// <summary>Evaluates its plan for a changed job.</summary>
    public Assessment<T> Assess<T>(CarbonJob job, FlopsConvention convention = FlopsConvention.ModelFull)
        where T : struct, IReal<T> =>
        new EstimateBuilder(Scenario, Resolved with { Job = job }, convention, chosen: false).Assess<T>(Plan);

    /// <summary>The same scenario with fields set; null where that is not legal.</summary>
    public RandomJob? With(params string[] overrides) => RandomJobs.TryMake(Text, overrides);

    /// <summary>The scenario's text, which names the case in messages.</summary>
    public override string ToString() => Text;
}

/// <summary>Legal scenarios over models, systems and every discrete choice; the same ones in every run.</summary>
internal static class RandomJobs
{
    /// <summary>Enough that every choice occurs; <see cref="RandomJobsTests"/> checks it.</summary>
    private const int Wanted = 72;

    public static readonly string[] Models = ["llama-2-7b", "gpt3-175b", "llama-3.1-405b", "bloom-7b1", "mistral-7b"];

    public static readonly string[] Systems = ["dgx-a100-80gb", "dgx-h100", "dgx-1-v100", "dgx-b200"];

    public static Catalog Embedded { get; } = Catalog.OpenEmbedded();

    public static Estimator Estimator { get; } = new(Embedded);

    public static IReadOnlyList<RandomJob> All { get; } = Draw(new(7_041));

    /// <summary>Fewer of them, for tests that evaluate each several times.</summary>
    public static IEnumerable<RandomJob> Some => All.Take(32);

    /// <summary>The job of a text that reads without problems; null where its plan or its figures are not legal.</summary>
    public static RandomJob? TryMake(string text, params string[] overrides)
    {
        ScenarioReading reading = ScenarioReader.Read(text, "random.yaml", overrides);
        Assert.Empty(reading.Problems);
        Scenario scenario = reading.Scenario!;
        try
        {
            Estimate estimate = Estimator.Estimate(scenario);
            return new(text, scenario, JobBuilder.Build(scenario, Embedded), estimate);
        }
        catch (ScenarioException)
        {
            return null;
        }
    }

    private static List<RandomJob> Draw(Random random)
    {
        List<RandomJob> jobs = [];
        while (jobs.Count < Wanted)
        {
            if (TryMake(Text(random)) is { } job)
            {
                jobs.Add(job);
            }
        }

        return jobs;
    }

    private static string Text(Random random)
    {
        string Of(params string[] choices) => choices[random.Next(choices.Length)];
        string Flag() => Of("true", "false");
        string schedule = Of("gpipe", "1f1b", "interleaved");
        string chunks = schedule == "interleaved" ? Of("2", "3", "4", "8") : "1";
        return $$"""
            model: {{Of(Models)}}
            training: { tokens: 300G, sequenceLength: {{Of("2048", "4096")}}, globalBatchSequences: {{Of("256", "1536")}}, precision: {{Of("bf16", "fp16", "fp8", "fp8-block", "mxfp8", "nvfp4", "fp32")}}, dropout: {{Flag()}} }
            software: { stack: {{Of("megatron-2022", "megatron-core", "fsdp")}}, attentionKernel: {{Of("auto", "unfused", "flash1", "flash2", "flash3")}} }
            cluster: { system: {{Of(Systems)}}, devices: {{Of("8", "48", "128", "512", "2304")}}, failures: {{Of("default", "none")}}, checkpoint: { asynchronous: {{Flag()}} } }
            plan: { tensor: {{Of("1", "2", "4", "8", "16")}}, pipeline: {{Of("1", "2", "3", "4", "8", "16")}}, virtualStages: {{chunks}}, microBatch: {{Of("1", "2", "3", "4")}}, sequenceParallel: {{Flag()}}, sharding: {{Of("none", "zero1", "zero2", "zero3")}}, recompute: {{Of("none", "selective", "full")}}, schedule: {{schedule}} }
            site: { grid: {{Of("fr", "us-va", "pl")}}, pue: 1.2 }
            """;
    }
}
