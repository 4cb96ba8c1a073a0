using BenchmarkDotNet.Attributes;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Benchmarks;

/// <summary>A whole search: a model of a trillion parameters on 1,024 to 8,192 A100.</summary>
public class SearchBenchmarks
{
    private const string Text = """
        model: megatron-1t
        training: { tokens: 450G, sequenceLength: 2048, globalBatchSequences: 3072 }
        cluster: { system: dgx-a100-80gb, devices: [1024, 8192] }
        limits: { days: 120 }
        site: { grid: us }
        """;

    private readonly Estimator _estimator = new(Catalog.OpenEmbedded());
    private readonly Scenario _scenario = ScenarioReader.Read(Text, "benchmark", []).Scenario!;

    /// <summary>On one thread or two.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Candidates evaluated; divide by the time.</summary>
    [Benchmark]
    public long Candidates() => _estimator.Plan(_scenario, new(Top: 1, Threads: Threads)).Search.Evaluated;
}
