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
    private const int Wanted = 160;

    public static readonly string[] Models =
    [
        "llama-2-7b", "gpt3-175b", "llama-3.1-405b", "bloom-7b1", "mistral-7b", "mixtral-8x7b", "deepseek-v2-lite",
        "deepseek-v3", "llama-4-maverick",
    ];

    public static readonly string[] Systems = ["dgx-a100-80gb", "dgx-h100", "dgx-1-v100", "dgx-b200", "gb200-nvl72", "mi300x-8", "tpu-v5p-pod"];

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
        bool old = random.Next(2) == 0;
        string schedule = old
            ? Of("gpipe", "1f1b", "interleaved")
            : Of("1f1b", "interleaved", "zb-h1", "zb-h2", "zbv", "dualpipe");
        string chunks = schedule switch { "interleaved" => Of("2", "3", "4", "8"), "zbv" => "2", _ => "1" };
        string model = Of(Models);
        bool dense = !model.StartsWith("mixtral", StringComparison.Ordinal) && !model.StartsWith("deepseek", StringComparison.Ordinal)
            && !model.StartsWith("llama-4", StringComparison.Ordinal);
        string sharding = Of("none", "zero1", "zero2", "zero3", "hsdp", $"hsdp, shardGroup: {Of("2", "4", "16")}");
        string recompute = Of("none", "selective", "full", "{ layers: 2 }", "{ modules: [norm, mlp, latent] }", "{ modules: [attention, mlp] }");
        string experts = dense ? "" : $"expert: {Of("1", "2", "4", "8", "16", "64")}, expertTensor: {Of("1", "1", "1", "2")}, ";
        return $$"""
            model: {{model}}
            training: { tokens: 300G, sequenceLength: {{Of("2048", "4096", "16384")}}, globalBatchSequences: {{Of("256", "1536")}}, precision: {{Of("bf16", "bf16", "fp16", "fp8", "fp8-block", "mxfp8", "nvfp4", "fp32")}}, dropout: {{Flag()}} }
            software: { stack: {{Of("megatron-2022", "deepspeed", "megatron-core", "fsdp", "jax")}}, attentionKernel: {{Of("auto", "auto", "unfused", "flash1", "flash2", "flash3")}}, moeDispatcher: {{Of("alltoall", "deepep", "hybridep", "allgather")}} }
            cluster: { system: {{Of(Systems)}}, devices: {{Of("8", "48", "128", "512", "2304")}}, failures: {{Of("default", "none")}}, checkpoint: { asynchronous: {{Flag()}} } }
            plan: { tensor: {{Of("1", "1", "2", "4", "8", "16")}}, context: {{Of("1", "1", "2", "4")}}, contextMode: {{Of("ring", "ulysses", "allgather")}}, {{experts}}pipeline: {{Of("1", "2", "3", "4", "8", "16")}}, virtualStages: {{chunks}}, microBatch: {{Of("1", "2", "3", "4")}}, sequenceParallel: {{Of("true", "true", "false")}}, sharding: {{sharding}}, recompute: {{recompute}}, schedule: {{schedule}}, tensorOverlap: {{Of("none", "none", "ring", "pipe")}}, offload: {{Of("none", "none", "optimizer", "activations", "[weights, activations]")}} }
            site: { grid: {{Of("fr", "us-va", "pl")}}, pue: 1.2 }
            """;
    }
}
