using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>The digest tells results apart that may differ, and only those.</summary>
public sealed class InputsDigestTests
{
    private const string Given = """
        name: base
        model: llama-2-70b
        training: { tokens: 2T, globalBatchSequences: 1024, sequenceLength: 2048 }
        cluster: { system: dgx-h100, devices: 1024 }
        plan: { tensor: 8, pipeline: 4, data: 32 }
        site: { grid: fr }
        """;

    private const string Inline = """
        model: { layers: 32, hidden: 4096, feedForward: 16384, heads: 32, vocabulary: 32000 }
        training: { compute: 1e22, globalBatchSequences: 1024 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 4 }
        site: { carbonIntensity: 100 g/kWh }
        """;

    private const string Mixture = """
        model: { layers: 15, hidden: 2048, feedForward: 8192, heads: 16, headDimension: 128, queryRank: 1024, keyValueRank: 512, ropeHeadDimension: 64, vocabulary: 32000, experts: 16, expertsPerToken: 4, expertFeedForward: 1024, sharedFeedForward: 1024, leadingDenseLayers: 1, routingGroups: 4, predictionLayers: 1 }
        training: { tokens: 1T, globalBatchSequences: 256, sequenceLength: 4096 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 2, expert: 8 }
        site: { grid: fr }
        """;

    // Every field that a scenario may hold, changed to something else that is legal.
    private static readonly string[] Changes =
    [
        "model=llama-3-70b",
        "training.tokens=2.1T",
        "training={ compute: 1e24, globalBatchSequences: 1024, sequenceLength: 2048 }",
        "training={ compute: 1e24, globalBatchSequences: 1024, sequenceLength: 2048, law: hoffmann-2022 }",
        "training={ targetLoss: 1.95, globalBatchSequences: 1024, sequenceLength: 2048 }",
        "training.sequenceLength=4096",
        "training.globalBatchSequences=512",
        "training={ tokens: 2T, globalBatchTokens: 16M, sequenceLength: 2000 }",
        "training={ tokens: 2T, sequenceLength: 2048 }",
        "training={ tokens: 2T, batchLaw: deepseek-2024, sequenceLength: 2048 }",
        "training.precision=fp16",
        "training.precision=fp8",
        "training.dropout=true",
        "training={ tokens: 2T, globalBatchSequences: 1024, sequenceLength: 2048, precision: fp8, storage: { weights: quantised } }",
        "training.storage.moments=bf16",
        "training.storage.gradients=bf16",
        "training.storage.nonlinearityInputs=fp8",
        "software.stack=megatron-2022",
        "software.stack=fsdp",
        "software.attentionKernel=unfused",
        "software.attentionKernel=flash2",
        "software.overlap.data=false",
        "software.overlap.pipeline=false",
        "software.overlap.tensor=false",
        "software.stack=jax",
        "cluster.domain=4",
        "cluster.network.nicBandwidth=25 GB/s",
        "cluster.system=dgx-h200",
        "cluster={ pools: [{ system: dgx-h100, devices: 512 }] }\nplan.data=16",
        "cluster.devices=2048\nplan.data=64",
        "cluster.network.oversubscription=2",
        "cluster.failures=none",
        "cluster.failures.perDeviceHour=1e-5",
        "cluster.failures.restartMinutes=20",
        "cluster.checkpoint.storageBytesPerSecond=100 GB/s",
        "cluster.checkpoint.asynchronous=false",
        "plan={ tensor: 4, pipeline: 8, data: 32 }",
        "plan={ tensor: 8, pipeline: 8, data: 16 }",
        "plan.virtualStages=2",
        "plan.microBatch=2",
        "plan.sequenceParallel=false",
        "plan.sharding=none",
        "plan.sharding=zero2",
        "plan.recompute=selective",
        "plan.recompute=full",
        "plan.recompute={ layers: 4 }",
        "plan.recompute={ modules: [norm, mlp] }",
        "plan.schedule=gpipe",
        "plan={ tensor: 8, pipeline: 4, context: 2, data: 16 }",
        "plan={ tensor: 8, pipeline: 4, context: 2, contextMode: ulysses, data: 16 }",
        "plan={ tensor: 8, pipeline: 4, context: 2, contextMode: allgather, data: 16 }",
        "plan.sharding=hsdp",
        "plan.sharding=hsdp\nplan.shardGroup=8",
        "plan.tensorOverlap=ring",
        "plan.tensorOverlap=pipe",
        "plan.offload=optimizer",
        "plan.offload=[weights, activations]",
        "limits.days=90",
        "limits.powerMegawatts=30",
        "limits.carbonTonnes=5000",
        "limits.memoryHeadroom=0.05",
        "site.grid=pl",
        "site={ carbonIntensity: 100 g/kWh }",
        "site.intensityKind=direct",
        "site.pue=1.1",
        "site.start=2026-01-15",
        "site.lifetimeYears=4",
        "objective=time",
        "objective={ time: 1, carbon: 1 }",
        "objective={ energy: 1, carbon: 1 }",
    ];

    private static readonly string[] ChangesOfTheModel =
    [
        "model.layers=30",
        "model.hidden=4608\nmodel.headDimension=128",
        "model.feedForward=16400",
        "model.heads=16",
        "model.keyValueHeads=8",
        "model.headDimension=64",
        "model.vocabulary=51200",
        "model.activation=gelu",
        "model.normalisation=layernorm",
        "model.positions=learned\nmodel.positionsLength=2048",
        "model.biases=qkv",
        "model.biases=all",
        "model.tiedEmbeddings=true",
        "model.attentionGate=true",
        "model.attentionSinks=true",
        "model.embeddingNorm=true",
        "model.normsPerLayer=4",
        "model.parallelBlocks=true",
        "model.queryKeyNorm=head",
        "model.window=512",
        "model.window=512\nmodel.windowKind=chunked",
        "model.window=512\nmodel.windowFullInterval=4",
        "model.window=512\nmodel.windowFullInterval=4\nmodel.windowFullPhase=1",
    ];

    private static readonly string[] ChangesOfTheMixture =
    [
        "model.experts=32",
        "model.expertsPerToken=2",
        "model.expertFeedForward=512",
        "model.sharedFeedForward=2048",
        "model.sharedExpertGate=true",
        "model.leadingDenseLayers=3",
        "model.expertLayerInterval=2",
        "model.expertLayerInterval=2\nmodel.expertLayerPhase=0",
        "model.routerBias=true",
        "model.routingGroups=8",
        "model.routingGroupLimit=2",
        "model.capacityFactor=1.25",
        "model.queryRank=512",
        "model.keyValueRank=256",
        "model.ropeHeadDimension=32",
        "model.valueHeadDimension=64",
        "model.predictionLayers=2",
        "training.storage.moments=bf16",
        "training.storage.nonlinearityInputs=fp8",
        "training.storage.weights=quantised",
        "training.routing.imbalance=1.5",
        "training.routing.capacityFactor=1",
        "software.moeDispatcher=deepep",
        "software.moeDispatcher=allgather",
        "plan.expert=16",
        "plan={ tensor: 2, expert: 8, expertTensor: 2 }",
    ];

    private const string Parts = """
        model: llama-2-70b
        training: { globalBatchSequences: 1024, sequenceLength: 2048, phases: [{ tokens: 1T }, { tokens: 2T, sequenceLength: 4096 }] }
        cluster: { pools: [{ system: dgx-h100, devices: 512 }, { system: dgx-a100-80gb, devices: 512 }] }
        plan: { tensor: 8, pipeline: 4 }
        site: { grid: fr }
        """;

    private static readonly string[] ChangesOfTheParts =
    [
        "training.phases=[{ tokens: 2T }, { tokens: 1T, sequenceLength: 4096 }]",
        "training.phases=[{ tokens: 1T, sequenceLength: 4096 }, { tokens: 2T }]",
        "training.phases=[{ tokens: 3T }]",
        "training.phases=[{ tokens: 1T }, { tokens: 2T, sequenceLength: 4096, globalBatchSequences: 512 }]",
        "training.phases=[{ tokens: 1T }, { tokens: 2T, sequenceLength: 4096, plan: { recompute: full } }]",
        "training.phases=[{ tokens: 1T, plan: { recompute: full } }, { tokens: 2T, sequenceLength: 4096 }]",
        "plan.pools=pipeline",
        "cluster.pools=[{ system: dgx-a100-80gb, devices: 512 }, { system: dgx-h100, devices: 512 }]\nplan.pools=pipeline",
        "cluster.pools=[{ system: dgx-h100, devices: 768 }, { system: dgx-a100-80gb, devices: 256 }]",
        "cluster.pools=[{ system: dgx-h100, devices: 256 }, { system: dgx-a100-80gb, devices: 768 }]",
        "cluster.pools=[{ system: dgx-h100, devices: 512 }, { system: dgx-a100-80gb, devices: 512, failures: { perDeviceHour: 1e-4 } }]",
        "cluster.pools=[{ system: dgx-h100, devices: 512, failures: { perDeviceHour: 1e-4 } }, { system: dgx-a100-80gb, devices: 512 }]",
        "cluster.pools=[{ system: dgx-h100, devices: 512 }, { system: dgx-a100-80gb, devices: 512, network: { nicBandwidth: 12.5 GB/s } }]",
    ];

    private static readonly (string Text, string[] Changes)[] All =
        [(Given, Changes), (Inline, ChangesOfTheModel), (Mixture, ChangesOfTheMixture), (Parts, ChangesOfTheParts)];

    // Not one of these has a second value yet, but the name, which changes no figure.
    private static readonly string[] Unchanged =
    [
        "name", "training.name", "cluster.powerCapWatts", "limits.cost", "site.hourly", "site.allocation", "prices.deviceHour",
        "prices.kWh", "assumptions", "calibration", "objective.cost", "cluster.network.contention", "software.release",
    ];

    [Fact]
    public void Every_field_that_changes_makes_another_digest() => Assert.All(All, one =>
    {
        (string Change, string Digest)[] digests = [.. one.Changes.Prepend("").Select(change => (change, Digest(one.Text, change)))];
        Assert.All(digests.GroupBy(two => two.Digest), same => Assert.Single(same));
    });

    [Fact]
    public void Every_field_of_the_format_is_changed_here()
    {
        HashSet<string> changed = [.. Unchanged];
        HashSet<string> known = [];
        foreach ((string text, string change) in All.SelectMany(one => one.Changes.Select(change => (one.Text, change))))
        {
            ReadingContext context = Read(text, change);
            known.UnionWith(context.Known.Select(Plain));
            changed.UnionWith(context.Given.Keys.Where(path => change.Contains(path.Split('.')[^1], StringComparison.Ordinal)));
        }

        string[] left = [.. known.Where(path => !changed.Contains(path) && !known.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
        Assert.Equal([], left);

        // A field of a phase or of a pool is one of the training, of the plan or of the cluster.
        static string Plain(string path) => path
            .Replace("pools[0].", "", StringComparison.Ordinal)
            .Replace("pools[1].", "", StringComparison.Ordinal)
            .Replace("training.phases[0].plan", "plan", StringComparison.Ordinal)
            .Replace("training.phases[1].plan", "plan", StringComparison.Ordinal)
            .Replace("phases[0].", "", StringComparison.Ordinal)
            .Replace("phases[1].", "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name=other")]
    [InlineData("training.dropout=false")]
    [InlineData("training.tokens=2e12")]
    [InlineData("cluster.failures=default")]
    [InlineData("plan.microBatch=1")]
    [InlineData("software.attentionKernel=flash3")]
    [InlineData("site.intensityKind=lifecycle")]
    public void What_says_the_same_in_other_words_has_the_same_digest(string change) =>
        Assert.Equal(Digest(Given, ""), Digest(Given, change));

    [Fact]
    public void Form_order_and_comments_do_not_matter()
    {
        const string Json = """
            {
                "site": { "grid": "fr" }, "plan": { "data": 32, "pipeline": 4, "tensor": 8 },
                "cluster": { "pools": [ { "devices": "1024", "system": "dgx-h100" } ] },
                "training": { "sequenceLength": 2048, "globalBatchSequences": 1024, "tokens": "2 T tokens" }, "model": "llama-2-70b"
            }
            """;
        Assert.Equal(Digest(Given, ""), Digest(Json, ""));
        Assert.Equal(Digest(Given, ""), Digest("# a comment\n" + Given.Replace("model:", "model:   ", StringComparison.Ordinal), ""));
    }

    [Fact]
    public void Values_and_spreads_of_parameters_enter_and_how_flops_are_counted()
    {
        Scenario scenario = LegalCases.Read(Given);
        ResolvedScenario resolved = JobBuilder.Build(scenario, LegalCases.Embedded);
        SplitPlan plan = FixedPlan.Of(scenario, resolved.Job.Training);
        ModelParameters parameters = resolved.Job.Training.Parameters;
        string before = With(parameters);
        Assert.Equal(Digest(Given, ""), before);
        Assert.NotEqual(before, With(parameters.With("step.straggling", 0.1)));
        Assert.NotEqual(before, With(Spread("step.straggling")));
        Assert.NotEqual(before, With(Spread("step.residual")));
        EstimateBuilder causal = new(scenario, resolved, FlopsConvention.ModelCausal, chosen: false);
        Assert.NotEqual(before, causal.Build(plan).InputsDigest);

        string With(ModelParameters changed)
        {
            CarbonJob job = resolved.Job with { Training = resolved.Job.Training with { Parameters = changed } };
            return new EstimateBuilder(scenario, resolved with { Job = job }, FlopsConvention.ModelFull, chosen: false)
                .Build(plan).InputsDigest;
        }

        ModelParameters Spread(string name) => new(
            parameters.Id,
            new Dictionary<string, Figure>(parameters.Figures) { [name] = parameters[name] with { Spread = 0.77 } });
    }

    private static string Digest(string text, string changes) =>
        new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text, Lines(changes))).InputsDigest;

    private static ReadingContext Read(string text, string changes)
    {
        ReadingContext context = new();
        MapNode root = NodeReader.ReadMap(text, new("test", 1), context.Problems)!;
        Overrides.Apply(Lines(changes), root, context.Problems);
        Scenario.Read(new(root, context));
        return context;
    }

    private static string[] Lines(string changes) => changes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
