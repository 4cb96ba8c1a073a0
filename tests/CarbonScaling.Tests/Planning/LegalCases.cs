using CarbonScaling.Catalogs;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Tests.Planning;

/// <summary>A scenario with a legal plan, drawn at random.</summary>
internal sealed record LegalCase(Scenario Scenario, CarbonJob Job, SplitPlan Plan, string Text)
{
    internal EstimateBuilder Builder => new(Scenario, new(Job, null, Job.Site.Id), FlopsConvention.ModelFull, chosen: false);
}

/// <summary>Legal scenarios over models, systems, formats, stacks and every discrete choice of a plan; always the same ones.</summary>
internal static class LegalCases
{
    private const int Wanted = 150;

    public static Catalog Embedded { get; } = Catalog.OpenEmbedded();

    public static IReadOnlyList<LegalCase> All { get; } = Draw();

    public static Scenario Read(string text, params string[] overrides)
    {
        ScenarioReading reading = ScenarioReader.Read(text, "test", overrides);
        Assert.Empty(reading.Problems);
        return reading.Scenario!;
    }

    private static List<LegalCase> Draw()
    {
        Random random = new(20_251_123);
        List<LegalCase> cases = [];
        while (cases.Count < Wanted)
        {
            string text = Text(random);
            ScenarioReading reading = ScenarioReader.Read(text, "random", []);
            Assert.Empty(reading.Problems);
            try
            {
                CarbonJob job = JobBuilder.Build(reading.Scenario!, Embedded).Job;
                cases.Add(new(reading.Scenario!, job, FixedPlan.Of(reading.Scenario!, job.Training), text));
            }
            catch (ScenarioException)
            {
                // Not legal: draw again.
            }
        }

        return cases;
    }

    private static string Text(Random random)
    {
        string T(params string[] choices) => choices[random.Next(choices.Length)];
        string tensor = T("1", "2", "4", "8", "16");
        string pipeline = T("1", "1", "2", "4", "8", "16");
        string chunks = T("1", "1", "2", "4");
        string schedule = chunks == "1" ? T("gpipe", "1f1b") : "interleaved";
        string devices = T("8", "16", "64", "128", "512", "4096");
        return $$"""
            model: {{T("llama-2-7b", "gpt3-175b", "llama-3.1-405b", "bloom-7b1", "mistral-7b", "megatron-22b", "qwen2.5-72b", "starcoder-15b")}}
            training: { tokens: 300G, sequenceLength: {{T("1024", "2048", "8192")}}, globalBatchSequences: {{T("64", "512", "1536")}}, precision: {{T("bf16", "fp16", "fp8", "fp32")}}, dropout: {{T("true", "false")}} }
            software: { stack: {{T("megatron-2022", "megatron-core", "fsdp")}}, attentionKernel: {{T("auto", "unfused")}} }
            cluster: { system: {{T("dgx-a100-80gb", "dgx-a100-40gb", "dgx-h100", "dgx-h200", "dgx-b200", "dgx-1-v100", "dgx-2")}}, devices: {{devices}}, failures: {{T("default", "none")}}, checkpoint: { asynchronous: {{T("true", "false")}} } }
            plan: { tensor: {{tensor}}, pipeline: {{pipeline}}, virtualStages: {{chunks}}, microBatch: {{T("1", "2", "4")}}, sequenceParallel: {{T("true", "false")}}, sharding: {{T("none", "zero1", "zero2", "zero3")}}, recompute: {{T("none", "selective", "full")}}, schedule: {{schedule}} }
            site: { grid: {{T("fr", "us-va", "pl")}}, pue: 1.2 }
            """;
    }
}
