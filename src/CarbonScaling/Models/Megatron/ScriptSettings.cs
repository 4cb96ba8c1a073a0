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
        StageLayout = LayoutOf(arguments),
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
        Dispatcher = arguments.Choice(
            "moe-token-dispatcher-type",
            ("allgather", MegatronDispatcher.AllGather),
            ("alltoall", MegatronDispatcher.AllToAll),
            ("flex", MegatronDispatcher.Flex)),
        GroupsExperts = arguments.Flag("moe-grouped-gemm"),
        ForcesBalance = arguments.Flag("moe-router-force-load-balancing"),
        SequenceParallel = arguments.Flag("sequence-parallel"),
        Recomputation = RecomputationOf(arguments),
        RecomputedLayers = Layers(arguments, "recompute-num-layers"),
        RecomputesBlock = arguments.Choice("recompute-method", ("uniform", false), ("block", true)),
        RecomputedModules = arguments.Texts("recompute-modules"),
        MicroBatch = arguments.Whole("microBatch", "micro-batch-size", MostSequences),
        GlobalBatch = arguments.Whole("globalBatch", "global-batch-size", MostSequences),
        SequenceLength = arguments.Whole(ArchitectureFields.SequenceLength, "seq-length", ArchitectureLimits.Sequence),
        Sharding = ShardingOf(arguments),
        OptimizerInstances = Ranks(arguments, "num-distributed-optimizer-instances"),
        Precision = arguments.Flag("bf16") ? MegatronPrecision.Bf16 : arguments.Flag("fp16") ? MegatronPrecision.Fp16 : MegatronPrecision.Fp32,
        Fp8 = arguments.Choice(
            arguments.Has("fp8") ? "fp8" : "fp8-format", ("None", MegatronFp8.None), ("e4m3", MegatronFp8.E4m3), ("hybrid", MegatronFp8.Hybrid)),
        Fp8Recipe = arguments.Choice(
            "fp8-recipe",
            ("delayed", MegatronFp8Recipe.Delayed),
            ("tensorwise", MegatronFp8Recipe.Tensorwise),
            ("blockwise", MegatronFp8Recipe.Blockwise),
            ("mxfp8", MegatronFp8Recipe.Mxfp8)),
        Fp4 = arguments.Choice("fp4-format", ("None", false), ("e2m1", true)),
        QuantisedParameters = arguments.Flag("fp8-param-gather", "fp4-param-gather"),
        FirstMoment = MomentOf(arguments, "exp-avg-dtype"),
        SecondMoment = MomentOf(arguments, "exp-avg-sq-dtype"),
        OffloadsOptimizer = arguments.Flag("optimizer-cpu-offload"),
        OffloadedModules = arguments.Flag("fine-grained-activation-offloading") ? arguments.Texts("offload-modules") : "",
        Attention = arguments.Choice(
            "attention-backend",
            ("auto", MegatronAttention.Auto),
            ("flash", MegatronAttention.Flash),
            ("fused", MegatronAttention.Fused),
            ("unfused", MegatronAttention.Unfused),
            ("local", MegatronAttention.Local)),
        OverlapsGradients = arguments.Flag("overlap-grad-reduce"),
        OverlapsParameters = arguments.Flag("overlap-param-gather"),
        OverlapsTensor = arguments.Flag("tp-comm-overlap"),
        OverlapsTransfers = !arguments.Flag("no-overlap-p2p-communication"),
        Dropout = (arguments.Number("attention-dropout", 1) ?? 0.1) > 0 || (arguments.Number("hidden-dropout", 1) ?? 0.1) > 0,
        Iterations = arguments.Count("train-iters"),
        Samples = arguments.Count("train-samples"),
    };

    private static MegatronMoment MomentOf(ScriptArguments arguments, string name) => arguments.Choice(
        name,
        ("fp32", MegatronMoment.Fp32),
        ("fp16", MegatronMoment.Fp16),
        ("bf16", MegatronMoment.Bf16),
        ("fp8", MegatronMoment.Fp8));

    private static string LayoutOf(ScriptArguments arguments)
    {
        string text = arguments.Texts("pipeline-model-parallel-layout");
        if (text is "" or "None" or "null" or "~")
        {
            return "";
        }

        if (!StageLayout.TryRead(text, out _))
        {
            arguments.Report("pipeline-model-parallel-layout", "is not a layout of stages; allowed: such as Et*3|(t*4|)*13,t*3|t*3mL");
        }

        return text;
    }

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
