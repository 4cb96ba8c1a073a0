using System.Collections.Concurrent;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Scenarios;

namespace CarbonScaling.Tests.Searching;

/// <summary>Small problems that can be searched by trying everything.</summary>
internal static class Spaces
{
    /// <summary>A catalog model on two nodes.</summary>
    public const string Llama = """
        model: llama-2-7b
        training: { tokens: 100G, sequenceLength: 4096, globalBatchSequences: 16 }
        cluster: { system: dgx-h100, devices: 16 }
        site: { grid: fr }
        """;

    /// <summary>A model with fewer key-value heads, a sequence that few degrees divide, and one to four nodes.</summary>
    public const string Inline = """
        model: { layers: 18, hidden: 1536, feedForward: 4224, heads: 12, keyValueHeads: 4, vocabulary: 32000 }
        training: { tokens: 20G, sequenceLength: 1000, globalBatchSequences: 24 }
        cluster: { system: dgx-a100-40gb, devices: [8, 32] }
        site: { grid: pl }
        objective: time
        """;

    /// <summary>Old devices in half precision with the software of their time, where memory is short.</summary>
    public const string Volta = """
        model: { layers: 22, hidden: 2560, feedForward: 10240, heads: 32, vocabulary: 50304, activation: gelu, normalisation: layernorm, biases: all, tiedEmbeddings: true }
        training: { tokens: 30G, sequenceLength: 1024, globalBatchSequences: 32, precision: fp16, dropout: true }
        software: { stack: megatron-2022 }
        cluster: { system: dgx-1-v100-16gb, devices: [8, 16] }
        site: { grid: de }
        objective: energy
        """;

    /// <summary>A small mixture with latent attention on long sequences, whose experts may lie on one node or on two.</summary>
    public const string Experts = """
        model: { layers: 7, hidden: 1024, feedForward: 2816, heads: 8, headDimension: 96, keyValueRank: 256, ropeHeadDimension: 32, vocabulary: 32000, experts: 12, expertsPerToken: 3, expertFeedForward: 704, sharedFeedForward: 704, leadingDenseLayers: 1, predictionLayers: 1 }
        training: { tokens: 20G, sequenceLength: 8192, globalBatchSequences: 8 }
        software: { moeDispatcher: deepep }
        cluster: { system: dgx-h100, devices: 16 }
        site: { grid: se }
        objective: time
        """;

    public static readonly Catalog Embedded = Catalog.OpenEmbedded();

    private static readonly ConcurrentDictionary<string, IReadOnlyList<Tried>> Known = new(StringComparer.Ordinal);

    public static string Text(string name) => name switch
    {
        nameof(Llama) => Llama,
        nameof(Inline) => Inline,
        nameof(Experts) => Experts,
        _ => Volta,
    };

    public static Scenario Scenario(string name, params string[] settings) => Example.Scenario(Text(name), settings);

    /// <summary>Every legal plan of a space, whatever its limits.</summary>
    public static IReadOnlyList<Tried> Legal(string name) => Known.GetOrAdd(name, static known => new BruteForce(Scenario(known)).Legal());

    public static PlanResult Plan(Scenario scenario, PlanOptions? options = null) => new Estimator(Embedded).Plan(scenario, options);
}
