using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Scenarios;

/// <summary>Scenario texts that tests start from.</summary>
internal static class Example
{
    /// <summary>The scenario of the file format's documentation, with every field.</summary>
    public const string Full = """
        name: Llama 3.1 405B, 8k phase, 16,384 H100
        model: llama-3.1-405b            # catalog id | path to a Hugging Face config.json | inline architecture
        training:
          tokens: 15.6T                  # or  compute: 3.8e25  or  targetLoss: 1.90
          sequenceLength: 8192
          globalBatchSequences: 2048     # or globalBatchTokens
          precision: bf16                # bf16 | fp16 | fp8 | fp32
          routing: { imbalance: 1, capacityFactor: 1.25 }
          phases: []
        software:
          stack: megatron-core
          attentionKernel: flash3
          moeDispatcher: alltoall
          release: 2026-04
          overlap: { tensor: false, data: true, pipeline: true }
        cluster:
          pools: [ { system: dgx-h100, devices: 16384, domain: 8 } ]
          network: { oversubscription: 1.0, nicBandwidth: 400 Gb/s, contention: 0.5 }
          powerCapWatts: null            # per device; or `search`
          failures: { perDeviceHour: 1.97e-5, restartMinutes: 10 }
          checkpoint: { storageBytesPerSecond: 200 GB/s, asynchronous: true }
        plan:
          tensor: 8
          pipeline: 16
          virtualStages: 8
          context: 1
          contextMode: ring
          expert: 1
          expertTensor: 1
          data: 128
          microBatch: 1
          sequenceParallel: true
          sharding: zero1
          recompute: none
          schedule: interleaved
          tensorOverlap: none
          offload: none
        limits: { days: 90, powerMegawatts: 30, carbonTonnes: null, cost: null, memoryHeadroom: 0 }
        site:
          grid: us-va
          intensityKind: lifecycle
          pue: 1.10
          start: 2026-01-15T00:00Z
          lifetimeYears: 5
          allocation: time
        prices: { deviceHour: 2.50 USD, kWh: 0.08 USD }
        assumptions: default
        calibration: default
        objective: carbon
        """;

    /// <summary>The least that a scenario needs.</summary>
    public const string Small = """
        model: gpt3-175b
        training: { tokens: 300G }
        cluster: { system: dgx-a100-80gb, devices: 1024, domain: null }
        site: { grid: fr }
        """;

    /// <summary>Several phases and pools, with values that are lists or maps.</summary>
    public const string Phased = """
        model: gpt3-175b
        training:
          tokens: 300G
          phases:
            - { name: ramp, tokens: 100G, globalBatchSequences: 256 }
            - { tokens: 200G, sequenceLength: 16Ki, globalBatchTokens: 16M, plan: { context: 4, recompute: { layers: 3 } } }
        cluster:
          pools:
            - { system: dgx-a100-80gb, devices: 1024 }
            - { system: dgx-h100, devices: [8, 512], network: { nicBandwidth: 50 GB/s, oversubscription: 2 } }
        plan: { recompute: { modules: [norm, mlp] }, offload: [optimizer, activations], sharding: hsdp, shardGroup: 8 }
        site: { grid: fr }
        """;

    /// <summary>The least, with an inline architecture.</summary>
    public const string Inline = """
        model:
          layers: 12
          hidden: 768
          feedForward: 3072
          heads: 12
          vocabulary: 50257
        training: { tokens: 10G, sequenceLength: 1024 }
        cluster: { system: dgx-h100, devices: 8 }
        site: { carbonIntensity: 380 g/kWh }
        """;

    /// <summary>An inline architecture with experts, latent attention and windows.</summary>
    public const string Mixture = """
        model:
          layers: 12
          hidden: 768
          feedForward: 3072
          heads: 12
          headDimension: 64
          vocabulary: 50257
          queryRank: 256
          keyValueRank: 128
          ropeHeadDimension: 32
          valueHeadDimension: 48
          experts: 8
          expertsPerToken: 3
          expertFeedForward: 512
          sharedFeedForward: 1024
          leadingDenseLayers: 1
          expertLayerInterval: 2
          routingGroups: 4
          routingGroupLimit: 2
          routerBias: true
          capacityFactor: 1.25
          window: 1k
          windowFullInterval: 3
          predictionLayers: 1
        training: { tokens: 10G, sequenceLength: 1024 }
        cluster: { system: dgx-h100, devices: 8 }
        site: { carbonIntensity: 380 g/kWh }
        """;

    public static ScenarioReading Read(string text, params string[] overrides) =>
        ScenarioReader.Read(text, "job.yaml", overrides);

    /// <summary>The scenario of a text without problems.</summary>
    public static Scenario Scenario(string text, params string[] overrides)
    {
        var reading = Read(text, overrides);
        Assert.Empty(reading.Problems);
        Assert.True(reading.IsValid);
        return reading.Scenario;
    }

    /// <summary>The lines of the problems of a text that has some.</summary>
    public static string[] Problems(string text, params string[] overrides)
    {
        var reading = Read(text, overrides);
        Assert.False(reading.IsValid);
        Assert.NotEmpty(reading.Problems);
        return [.. reading.Problems.Select(problem => problem.ToString())];
    }
}
