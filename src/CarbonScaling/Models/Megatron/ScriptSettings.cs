namespace CarbonScaling.Models.Megatron;

/// <summary>Reads the batch and the parallel plan from the arguments of a launch script, with the defaults of Megatron-LM.</summary>
internal static class ScriptSettings
{
    private const int MostRanks = 100_000_000;
    private const int MostSequences = 1_000_000_000;

    public static MegatronSettings Read(ScriptArguments arguments) => new()
    {
        Tensor = Ranks(arguments, "tensor-model-parallel-size") ?? 1,
        Pipeline = Ranks(arguments, "pipeline-model-parallel-size") ?? 1,
        LayersPerVirtualStage = Layers(arguments, "num-layers-per-virtual-pipeline-stage"),
        VirtualStages = Layers(arguments, "num-virtual-stages-per-pipeline-rank") ?? Layers(arguments, "virtual-pipeline-model-parallel-size"),
        FirstStageLayers = Layers(arguments, "decoder-first-pipeline-num-layers"),
        LastStageLayers = Layers(arguments, "decoder-last-pipeline-num-layers"),
        EmbeddingCountsAsLayer = arguments.Flag("account-for-embedding-in-pipeline-split"),
        LossCountsAsLayer = arguments.Flag("account-for-loss-in-pipeline-split"),
        Context = Ranks(arguments, "context-parallel-size") ?? 1,
        ContextMode = arguments.Choice(
            "cp-comm-type",
            ("p2p", MegatronContextMode.Ring),
            ("a2a", MegatronContextMode.AllToAll),
            ("allgather", MegatronContextMode.AllGather),
            ("all_gather", MegatronContextMode.AllGather),
            ("a2a+p2p", MegatronContextMode.AllToAllAndRing)),
        Expert = Ranks(arguments, "expert-model-parallel-size") ?? 1,
        ExpertTensor = Ranks(arguments, "expert-tensor-parallel-size"),
        SequenceParallel = arguments.Flag("sequence-parallel"),
        Recomputation = RecomputationOf(arguments),
        RecomputedLayers = Layers(arguments, "recompute-num-layers"),
        RecomputesBlock = arguments.Choice("recompute-method", ("uniform", false), ("block", true)),
        RecomputedModules = arguments.Texts("recompute-modules"),
        MicroBatch = arguments.Whole("microBatch", "micro-batch-size", MostSequences) ?? 1,
        GlobalBatch = arguments.Whole("globalBatch", "global-batch-size", MostSequences),
        SequenceLength = arguments.Whole(ArchitectureFields.SequenceLength, "seq-length", ArchitectureLimits.Sequence),
        Sharding = ShardingOf(arguments),
        Precision = arguments.Flag("bf16") ? MegatronPrecision.Bf16 : arguments.Flag("fp16") ? MegatronPrecision.Fp16 : MegatronPrecision.Fp32,
        Fp8 = arguments.Choice(
            arguments.Has("fp8") ? "fp8" : "fp8-format", ("None", MegatronFp8.None), ("e4m3", MegatronFp8.E4m3), ("hybrid", MegatronFp8.Hybrid)),
        OverlapsGradients = arguments.Flag("overlap-grad-reduce"),
        OverlapsParameters = arguments.Flag("overlap-param-gather"),
        OverlapsTensor = arguments.Flag("tp-comm-overlap"),
        Dropout = (arguments.Number("attention-dropout", 1) ?? 0.1) > 0 || (arguments.Number("hidden-dropout", 1) ?? 0.1) > 0,
        Iterations = arguments.Count("train-iters"),
        Samples = arguments.Count("train-samples"),
    };

    private static MegatronRecomputation RecomputationOf(ScriptArguments arguments)
    {
        MegatronRecomputation given = arguments.Choice(
            "recompute-granularity",
            ("None", MegatronRecomputation.None),
            ("selective", MegatronRecomputation.Selective),
            ("full", MegatronRecomputation.Full));
        return given == MegatronRecomputation.None && arguments.Flag("recompute-activations") ? MegatronRecomputation.Selective : given;
    }

    private static MegatronSharding ShardingOf(ScriptArguments arguments)
    {
        if (arguments.Flag("use-megatron-fsdp", "use-custom-fsdp", "use-torch-fsdp2"))
        {
            return arguments.Choice(
                "data-parallel-sharding-strategy",
                ("optim_grads_params", MegatronSharding.All),
                ("optim_grads", MegatronSharding.OptimizerAndGradients),
                ("optim", MegatronSharding.Optimizer),
                ("no_shard", MegatronSharding.None));
        }

        return arguments.Flag("use-distributed-optimizer") ? MegatronSharding.Optimizer : MegatronSharding.None;
    }

    private static int? Ranks(ScriptArguments arguments, string name) => arguments.Whole(name, name, MostRanks);

    private static int? Layers(ScriptArguments arguments, string name) => arguments.Whole(name, name, ArchitectureLimits.Layers);
}
