using System.Globalization;

namespace CarbonScaling.Models.Megatron;

/// <summary>Writes arguments of Megatron-LM.</summary>
internal sealed class ScriptWriter
{
    private const int GreatestMultiple = 128;

    private readonly List<string> _arguments = [];
    private readonly List<string> _missing = [];

    public static MegatronText Write(Architecture model, MegatronSettings settings)
    {
        ScriptWriter writer = new();
        writer.Model(model, settings.Tensor);
        writer.Experts(model);
        writer.Windows(model);
        writer.Plan(settings, model);
        writer.Memory(settings);
        writer.Batch(settings, model);
        writer.WhatHasNoArgument(model, settings);
        return new(writer._arguments, writer._missing);
    }

    private void Model(Architecture model, int tensor)
    {
        TransformerTraits traits = model.Traits;
        Add("num-layers", model.Layers);
        Add("hidden-size", model.Hidden);
        if (model.FeedForward > 0)
        {
            Add("ffn-hidden-size", model.FeedForward);
        }

        Add("num-attention-heads", model.Heads);
        if (traits.Attention == AttentionKind.Latent)
        {
            Flag("multi-latent-attention", true);
            Optional("q-lora-rank", model.QueryRank);
            Add("kv-lora-rank", model.KeyValueRank);
            Add("qk-head-dim", model.HeadDimension);
            Add("qk-pos-emb-head-dim", model.RopeHeadDimension);
            Add("v-head-dim", model.ValueHeadDimension);
        }
        else
        {
            if (model.KeyValueHeads != model.Heads)
            {
                Flag("group-query-attention", true);
                Add("num-query-groups", model.KeyValueHeads);
            }

            Add("kv-channels", model.HeadDimension);
        }

        Add("vocab-size", model.Vocabulary);
        Add("make-vocab-size-divisible-by", Multiple(model.Vocabulary, tensor));
        Add("normalization", traits.Normalisation == Normalisation.RmsNorm ? "RMSNorm" : "LayerNorm");
        Add("position-embedding-type", traits.Positions switch
        {
            PositionEncoding.Learned => "learned_absolute",
            PositionEncoding.Rotary => "rope",
            PositionEncoding.Alibi => "alibi",
            _ => "none",
        });
        Optional("max-position-embeddings", model.PositionsLength);
        Flag("swiglu", traits.Activation == Activation.SwiGlu);
        Flag("squared-relu", traits.Activation == Activation.SquaredRelu);
        Flag("quick-geglu", traits.Activation == Activation.GeGlu);
        Flag("disable-bias-linear", traits.Biases != Biases.All);
        Flag("add-qkv-bias", traits.Biases is Biases.QueryKeyValue or Biases.Attention);
        Flag("qk-layernorm", traits.QueryKeyNorm == QueryKeyNorm.PerHead || traits.Attention == AttentionKind.Latent);
        Flag("qk-l2-norm", traits.QueryKeyNorm == QueryKeyNorm.Unscaled);
        Flag("attention-output-gate", traits.AttentionGate);
        if (traits.AttentionSinks)
        {
            Add("softmax-type", "learnable");
        }

        Flag("untie-embeddings-and-output-weights", !traits.TiedEmbeddings);
        Optional("mtp-num-layers", model.PredictionLayers);
    }

    private void Experts(Architecture model)
    {
        if (model.Traits.Mixture is not { } mixture)
        {
            return;
        }

        Add("num-experts", model.Experts);
        Add("moe-router-topk", model.ExpertsPerToken);
        Add("moe-ffn-hidden-size", model.ExpertFeedForward);
        Optional("moe-shared-expert-intermediate-size", model.SharedFeedForward);
        Flag("moe-shared-expert-gate", mixture.SharedExpertGate);
        Flag("moe-router-enable-expert-bias", mixture.RouterBias);
        if (mixture.RouterBias)
        {
            // A bias is refused beside scores of a softmax.
            Add("moe-router-score-function", "sigmoid");
        }

        Optional("moe-router-num-groups", mixture.RoutingGroups);
        Optional("moe-router-group-topk", mixture.RoutingGroupLimit);
        if (mixture.Count(model.Layers) < model.Layers)
        {
            Add("moe-layer-freq", mixture is { LeadingDenseLayers: 0, LayerPhase: 0 }
                ? Text(mixture.LayerInterval)
                : $"\"{LayerList.Write([.. Enumerable.Range(0, model.Layers).Select(mixture.HasExperts)])}\"");
        }

        if (model.CapacityFactor is { } factor)
        {
            Add("moe-expert-capacity-factor", factor.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private void Windows(Architecture model)
    {
        if (model.Traits.Window is not { } window)
        {
            return;
        }

        Add("window-size", string.Create(CultureInfo.InvariantCulture, $"\"({model.Window - 1},0)\""));
        if (window.Count(model.Layers) < model.Layers)
        {
            Add("window-attn-skip-freq", window.FullPhase == window.FullInterval - 1
                ? Text(window.FullInterval)
                : $"\"{LayerList.Write([.. Enumerable.Range(0, model.Layers).Select(window.IsWindowed)])}\"");
        }
    }

    private void Plan(MegatronSettings settings, Architecture model)
    {
        Add("tensor-model-parallel-size", settings.Tensor);
        Add("pipeline-model-parallel-size", settings.Pipeline);
        Optional("num-layers-per-virtual-pipeline-stage", settings.LayersPerVirtualStage);
        Optional("num-virtual-stages-per-pipeline-rank", settings.VirtualStages);
        Optional("decoder-first-pipeline-num-layers", settings.FirstStageLayers);
        Optional("decoder-last-pipeline-num-layers", settings.LastStageLayers);
        if (settings.StageLayout.Length > 0)
        {
            Add("pipeline-model-parallel-layout", $"\"{settings.StageLayout}\"");
        }

        Flag("account-for-embedding-in-pipeline-split", settings.EmbeddingCountsAsLayer);
        Flag("account-for-loss-in-pipeline-split", settings.LossCountsAsLayer);
        Add("context-parallel-size", settings.Context);
        if (settings.ContextMode != MegatronContextMode.Ring)
        {
            Add("cp-comm-type", settings.ContextMode switch
            {
                MegatronContextMode.AllToAll => "a2a",
                // Without the underscore in Megatron-LM's own help, but handed to Transformer Engine, which has it.
                MegatronContextMode.AllGather => "all_gather",
                _ => "a2a+p2p",
            });
        }

        if (model.Traits.Mixture is not null || settings.Expert > 1)
        {
            Add("expert-model-parallel-size", settings.Expert);
        }

        Optional("expert-tensor-parallel-size", settings.ExpertTensor);
        if (model.Traits.Mixture is not null || settings.Dispatcher != MegatronDispatcher.AllGather)
        {
            Add("moe-token-dispatcher-type", settings.Dispatcher switch
            {
                MegatronDispatcher.AllToAll => "alltoall",
                MegatronDispatcher.Flex => "flex",
                _ => "allgather",
            });
        }

        if (settings.Dispatcher == MegatronDispatcher.Flex)
        {
            Add("moe-flex-dispatcher-backend", "deepep");
        }

        Flag("moe-grouped-gemm", settings.GroupsExperts);
        Flag("moe-router-force-load-balancing", settings.ForcesBalance);
        Flag("sequence-parallel", settings.SequenceParallel);
        Sharding(settings);
        Recomputation(settings);
        Flag("overlap-grad-reduce", settings.OverlapsGradients);
        Flag("overlap-param-gather", settings.OverlapsParameters);
        Flag("no-overlap-p2p-communication", !settings.OverlapsTransfers);
        Flag("tp-comm-overlap", settings.OverlapsTensor);
    }

    private void Sharding(MegatronSettings settings)
    {
        switch (settings.Sharding)
        {
            case MegatronSharding.None:
                break;
            case MegatronSharding.Optimizer:
                Flag("use-distributed-optimizer", true);
                break;
            default:
                Flag("use-megatron-fsdp", true);
                Add(
                    "data-parallel-sharding-strategy",
                    settings.Sharding == MegatronSharding.All ? "optim_grads_params" : "optim_grads");

                // The only checkpoints that it writes.
                Add("ckpt-format", "fsdp_dtensor");
                break;
        }

        Optional("num-distributed-optimizer-instances", settings.OptimizerInstances);
    }

    private void Recomputation(MegatronSettings settings)
    {
        if (settings.Recomputation != MegatronRecomputation.None)
        {
            Add("recompute-granularity", settings.Recomputation == MegatronRecomputation.Full ? "full" : "selective");
        }

        if (settings.RecomputesBlock || settings.Recomputation == MegatronRecomputation.Full)
        {
            Add("recompute-method", settings.RecomputesBlock ? "block" : "uniform");
        }

        Optional("recompute-num-layers", settings.RecomputedLayers);
        if (settings.RecomputedModules.Length > 0)
        {
            Add("recompute-modules", settings.RecomputedModules);
        }
    }

    private void Memory(MegatronSettings settings)
    {
        if (settings.OffloadsOptimizer || settings is not { FirstMoment: MegatronMoment.Fp32, SecondMoment: MegatronMoment.Fp32 })
        {
            Flag("use-precision-aware-optimizer", true);
            Add("exp-avg-dtype", WordOf(settings.FirstMoment));
            Add("exp-avg-sq-dtype", WordOf(settings.SecondMoment));
        }

        Flag("optimizer-cpu-offload", settings.OffloadsOptimizer);
        if (settings.OffloadedModules.Length > 0)
        {
            Flag("fine-grained-activation-offloading", true);
            Add("offload-modules", settings.OffloadedModules);
        }

        if (settings.Attention != MegatronAttention.Auto)
        {
            Add("attention-backend", settings.Attention switch
            {
                MegatronAttention.Flash => "flash",
                MegatronAttention.Fused => "fused",
                MegatronAttention.Unfused => "unfused",
                _ => "local",
            });
        }
    }

    private static string WordOf(MegatronMoment moment) => moment switch
    {
        MegatronMoment.Fp16 => "fp16",
        MegatronMoment.Bf16 => "bf16",
        MegatronMoment.Fp8 => "fp8",
        _ => "fp32",
    };

    private void Batch(MegatronSettings settings, Architecture model)
    {
        Optional("micro-batch-size", settings.MicroBatch);
        Optional("global-batch-size", settings.GlobalBatch);
        Optional("seq-length", settings.SequenceLength);
        if (model.PositionsLength == 0)
        {
            // Asked for whatever the positions are; at least the sequence.
            Optional("max-position-embeddings", settings.SequenceLength);
        }

        Flag("bf16", settings.Precision == MegatronPrecision.Bf16);
        Flag("fp16", settings.Precision == MegatronPrecision.Fp16);
        if (settings.Fp8 != MegatronFp8.None)
        {
            Add("fp8-format", settings.Fp8 == MegatronFp8.Hybrid ? "hybrid" : "e4m3");
            Add("fp8-recipe", settings.Fp8Recipe switch
            {
                MegatronFp8Recipe.Tensorwise => "tensorwise",
                MegatronFp8Recipe.Blockwise => "blockwise",
                MegatronFp8Recipe.Mxfp8 => "mxfp8",
                _ => "delayed",
            });
            Flag("fp8-param-gather", settings.QuantisedParameters);

            // Else the gathered weights would take a buffer of their own.
            Flag(
                "reuse-grad-buf-for-mxfp8-param-ag",
                settings is { QuantisedParameters: true, Fp8Recipe: MegatronFp8Recipe.Mxfp8, Sharding: MegatronSharding.Optimizer });
        }
        else if (settings.Fp4)
        {
            Add("fp4-format", "e2m1");
            Flag("fp4-param-gather", settings.QuantisedParameters);
        }

        string dropout = settings.Dropout ? "0.1" : "0.0";
        Add("attention-dropout", dropout);
        Add("hidden-dropout", dropout);
        if (settings.Iterations is { } iterations)
        {
            Add("train-iters", iterations.ToString(CultureInfo.InvariantCulture));
        }

        if (settings.Samples is { } samples)
        {
            Add("train-samples", samples.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void WhatHasNoArgument(Architecture model, MegatronSettings settings)
    {
        TransformerTraits traits = model.Traits;
        long padded = Padded(model.Vocabulary, settings.Tensor);
        Miss(
            padded != model.Vocabulary,
            string.Create(CultureInfo.InvariantCulture, $"a vocabulary of {model.Vocabulary} rows, which tensor {settings.Tensor} does not divide (padded to {padded})"));
        Miss(
            model.PositionsLength > 0 && settings.SequenceLength > model.PositionsLength,
            string.Create(CultureInfo.InvariantCulture, $"sequences longer than the {model.PositionsLength} learned positions"));
        Miss(traits.Positions is PositionEncoding.Alibi or PositionEncoding.Sinusoidal, $"{traits.Positions} positions");
        Miss(traits.Activation == Activation.Relu, "the ReLU activation");
        Miss(
            traits.Normalisation is Normalisation.LayerNormWithoutBias or Normalisation.LayerNormWithoutParameters,
            "LayerNorm without its bias or scale");
        Miss(traits.Biases is Biases.Attention or Biases.FeedForward, "biases of some of the output projections only");
        Miss(traits.EmbeddingNorm, "the norm after the embedding");
        Miss(traits.NormsPerLayer != 2, $"{traits.NormsPerLayer} norms of a layer");
        Miss(traits.ParallelBlocks, "attention and feed-forward block side by side");
        Miss(traits.QueryKeyNorm == QueryKeyNorm.PerWidth, "a norm over all query heads together");
        Miss(traits.Window is { Kind: WindowKind.Chunked }, "attention in chunks (written as a sliding window)");
        Miss(traits.Attention == AttentionKind.Latent && traits.QueryKeyNorm != QueryKeyNorm.None, "a norm of latent attention's queries and keys");
    }

    private void Miss(bool missing, string what)
    {
        if (missing)
        {
            _missing.Add(what);
        }
    }

    private static int Multiple(int vocabulary, int tensor)
    {
        int multiple = GreatestMultiple;
        while (multiple > 1 && vocabulary % ((long)multiple * tensor) != 0)
        {
            multiple /= 2;
        }

        return multiple;
    }

    private static long Padded(int vocabulary, int tensor) => ((vocabulary + (long)tensor - 1) / tensor) * tensor;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private void Add(string name, int value) => Add(name, Text(value));

    private void Add(string name, string value) => _arguments.Add($"--{name} {value}");

    private void Optional(string name, int? value)
    {
        if (value is > 0 and var given)
        {
            Add(name, given);
        }
    }

    private void Flag(string name, bool given)
    {
        if (given)
        {
            _arguments.Add("--" + name);
        }
    }
}
