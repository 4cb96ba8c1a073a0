using System.Globalization;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;

namespace CarbonScaling.Planning.Launch;

/// <summary>Says a plan in the settings of Megatron-LM, and what of it there is no setting for.</summary>
internal sealed class LaunchSettings
{
    private readonly TrainingJob _job;
    private readonly SplitPlan _split;
    private readonly List<string> _missing = [];

    private LaunchSettings(TrainingJob job, SplitPlan split)
    {
        _job = job;
        _split = split;
    }

    private TrainingPlan Plan => _split.Plan;

    private bool HasExperts => _job.Model.Traits.Mixture is not null;

    /// <summary>Writes the arguments of a plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="split">The plan.</param>
    public static MegatronText Write(TrainingJob job, SplitPlan split)
    {
        LaunchSettings launch = new(job, split);
        MegatronText text = MegatronArguments.Write(Architecture.Of(job.Model), launch.Settings());
        return text with { Missing = [.. text.Missing, .. launch._missing] };
    }

    private MegatronSettings Settings()
    {
        long sequence = (long)_job.SequenceLength.Value;
        double steps = Math.Ceiling(_job.Tokens.Value / (_job.GlobalBatch.Value * sequence));
        bool sharded = Plan.Sharding != Sharding.None;
        MegatronSettings settings = new()
        {
            Tensor = Plan.Tensor,
            Pipeline = Plan.Pipeline,
            Context = Plan.Context,
            ContextMode = Plan.ContextMode switch
            {
                ContextMode.Ulysses => MegatronContextMode.AllToAll,
                ContextMode.AllGather => MegatronContextMode.AllGather,
                _ => MegatronContextMode.Ring,
            },
            Expert = Plan.Expert,
            ExpertTensor = HasExperts ? Plan.ExpertTensor : null,
            Dispatcher = !HasExperts ? MegatronDispatcher.AllGather : _job.Software.MoeDispatcher switch
            {
                MoeDispatcher.AllToAll => MegatronDispatcher.AllToAll,
                MoeDispatcher.DeepEp or MoeDispatcher.HybridEp => MegatronDispatcher.Flex,
                _ => MegatronDispatcher.AllGather,
            },
            GroupsExperts = HasExperts,
            ForcesBalance = HasExperts && _job.Routing.Imbalance is { Value: 1 },
            SequenceParallel = Plan.SequenceParallel,
            MicroBatch = Plan.MicroBatch,
            GlobalBatch = (int)Plan.GlobalBatch,
            SequenceLength = (int)sequence,
            OverlapsGradients = _job.Software.OverlapsGradientReduction,
            OverlapsParameters = sharded && _job.Software.OverlapsGradientReduction,
            OverlapsTransfers = _job.Software.OverlapsTransfers || Plan.VirtualStages == 1,
            OverlapsTensor = Plan is { TensorOverlap: not TensorOverlap.None, Tensor: > 1 },
            Attention = _job.Software.Attention == AttentionKernel.Unfused ? MegatronAttention.Unfused : MegatronAttention.Auto,
            Dropout = _job.Dropout,
            Iterations = (long)steps,
        };
        Miss(
            Plan.Context > 1 && sequence % (2L * Plan.Context) != 0,
            $"a sequence of {sequence} tokens in {Plan.Context} parts (asked for: a multiple of {2L * Plan.Context})");
        Miss(
            Plan is { TensorOverlap: TensorOverlap.Pipe, Tensor: > 1 },
            $"the choice of pieces in a pipe for the overlap of tensor-parallel communication (it is made in the file of --tp-comm-overlap-cfg)");
        Miss(
            _job.Software.Stack is SoftwareStack.Fsdp or SoftwareStack.Jax,
            $"the software {Scenarios.Reading.Vocabulary.Stacks.NameOf(_job.Software.Stack)}, which the prediction is for");
        return WithOffload(WithStorage(WithFormat(WithSharding(WithRecomputation(WithStages(settings))))));
    }

    // Megatron-LM runs 1F1B, with several chunks of a stage interleaved.
    private MegatronSettings WithStages(MegatronSettings settings)
    {
        string name = Names.Of(Plan.Schedule);
        bool known = Plan.Schedule is PipelineScheduleKind.OneForwardOneBackward or PipelineScheduleKind.Interleaved;
        Miss(!known && Plan.Pipeline > 1, $"the schedule {name} (Megatron-LM has 1F1B and its interleaved form; written as 1F1B)");
        if (Plan.Pipeline == 1)
        {
            return settings;
        }

        int chunks = Plan.Schedule == PipelineScheduleKind.Interleaved ? Plan.VirtualStages : 1;
        int[] stages = [.. Enumerable.Range(0, Plan.Pipeline).Select(stage => _split.Layers.LayersOf(stage, Plan.Pipeline))];
        int[] between = [.. stages[1..^1].Distinct()];
        int full = between is [var one] ? one : stages[0];
        int? perChunk = chunks > 1 ? full / chunks : null;
        if (between.Length > 1 || full % chunks != 0)
        {
            return settings with { StageLayout = LayoutOf(stages, chunks) };
        }

        if (stages[0] == full && stages[^1] == full)
        {
            return settings with { LayersPerVirtualStage = perChunk };
        }

        if (stages[0] == full - 1 && stages[^1] == full - 1)
        {
            return settings with { LayersPerVirtualStage = perChunk, EmbeddingCountsAsLayer = true, LossCountsAsLayer = true };
        }

        return chunks == 1
            ? settings with { FirstStageLayers = stages[0], LastStageLayers = stages[^1] }
            : settings with { StageLayout = LayoutOf(stages, chunks) };
    }

    // All first chunks, then all second ones. The first stage is fuller at its end, where the embedding is far.
    private string LayoutOf(int[] stages, int chunks)
    {
        IEnumerable<int> layers =
            from chunk in Enumerable.Range(0, chunks)
            from stage in Enumerable.Range(0, stages.Length)
            let place = stage == 0 ? chunks - 1 - chunk : chunk
            select (stages[stage] / chunks) + (place < stages[stage] % chunks ? 1 : 0);
        return Models.Megatron.StageLayout.Write([.. layers], (int)(_job.Model.PredictionLayers?.Value ?? 0));
    }

    private MegatronSettings WithRecomputation(MegatronSettings settings)
    {
        RecomputePlan recompute = Plan.Recompute;
        switch (recompute.Kind)
        {
            case Recomputation.None:
                return settings;
            case Recomputation.Full when recompute.Layers == 0:
                return settings with { Recomputation = MegatronRecomputation.Full, RecomputedLayers = 1 };
            case Recomputation.Full:
                int chunks = Plan.VirtualStages;
                int each = (recompute.Layers + chunks - 1) / chunks;
                Miss(
                    recompute.Layers % chunks != 0,
                    $"{recompute.Layers} layers computed again of the {chunks} chunks of a stage together (written as {each} of each)");
                return settings with { Recomputation = MegatronRecomputation.Full, RecomputesBlock = true, RecomputedLayers = each };
            default:
                string modules = string.Join(' ', Modules(recompute.Modules));
                return modules.Length == 0
                    ? settings
                    : settings with
                    {
                        Recomputation = MegatronRecomputation.Selective,
                        RecomputedModules = recompute == RecomputePlan.Selective ? "" : modules,
                    };
        }
    }

    private IEnumerable<string> Modules(RecomputeModules modules)
    {
        if (modules.HasFlag(RecomputeModules.Attention))
        {
            yield return "core_attn";
        }

        if (modules.HasFlag(RecomputeModules.Norm))
        {
            yield return "layernorm";
        }

        if (modules.HasFlag(RecomputeModules.Mlp))
        {
            if (HasExperts)
            {
                bool others = _job.Model.Experts!.SharedFeedForward is not null
                    || _job.Model.Traits.Mixture!.Count(_job.Model.LayerCount) < _job.Model.LayerCount;
                Miss(others, $"the nonlinearity computed again outside the routed experts");
                yield return "moe_act";
            }
            else
            {
                Miss(true, $"the nonlinearity alone computed again (written as mlp, the whole feed-forward block)");
                yield return "mlp";
            }
        }

        if (modules.HasFlag(RecomputeModules.Latent) && _job.Model.Latent is not null)
        {
            yield return "mla_up_proj";
        }
    }

    private MegatronSettings WithSharding(MegatronSettings settings)
    {
        long copies = (long)Plan.Data * Plan.Context;
        return settings with
        {
            Sharding = Plan.Sharding switch
            {
                Sharding.None => MegatronSharding.None,
                Sharding.Zero1 => MegatronSharding.Optimizer,
                Sharding.Zero2 => MegatronSharding.OptimizerAndGradients,
                _ => MegatronSharding.All,
            },
            OptimizerInstances = Plan.Sharding == Sharding.Hsdp && copies > Plan.ShardGroup ? (int)(copies / Plan.ShardGroup) : null,
        };
    }

    private MegatronSettings WithFormat(MegatronSettings settings)
    {
        // Scales from earlier steps do not go with these modules.
        RecomputeModules modules = Plan.Recompute.Modules;
        bool own = modules.HasFlag(RecomputeModules.Norm) || modules.HasFlag(RecomputeModules.Mlp);
        return _job.Format switch
        {
            NumberFormat.Fp32 => settings with { Precision = MegatronPrecision.Fp32 },
            NumberFormat.Fp16 => settings with { Precision = MegatronPrecision.Fp16 },
            NumberFormat.Bf16 => settings with { Precision = MegatronPrecision.Bf16 },
            NumberFormat.NvFp4 => settings with { Precision = MegatronPrecision.Bf16, Fp4 = true },
            _ => settings with
            {
                Precision = MegatronPrecision.Bf16,
                Fp8 = _job.Format == NumberFormat.Fp8 ? MegatronFp8.Hybrid : MegatronFp8.E4m3,
                Fp8Recipe = _job.Format switch
                {
                    NumberFormat.Fp8Block => MegatronFp8Recipe.Blockwise,
                    NumberFormat.MxFp8 => MegatronFp8Recipe.Mxfp8,
                    _ => own ? MegatronFp8Recipe.Tensorwise : MegatronFp8Recipe.Delayed,
                },
            },
        };
    }

    private MegatronSettings WithStorage(MegatronSettings settings)
    {
        bool quantised = settings.Fp4 || settings.Fp8 != MegatronFp8.None;
        bool alone = quantised && _job.Storage.Weights == WeightStorage.Quantised;
        bool held = alone && settings.Sharding != MegatronSharding.None;
        MegatronMoment moment = _job.Storage.Moments == MomentStorage.Bf16 ? MegatronMoment.Bf16 : MegatronMoment.Fp32;
        Miss(alone && !held, $"quantised weights alone without sharding");
        Miss(
            _job.Storage.NonlinearityInputs == NonlinearityStorage.Fp8,
            $"8-bit inputs of the nonlinearity (activation_func_fp8_input_store of its configuration has no argument)");
        return settings with { QuantisedParameters = held, FirstMoment = moment, SecondMoment = moment };
    }

    private MegatronSettings WithOffload(MegatronSettings settings)
    {
        Miss(Plan.Offload.HasFlag(Offload.Weights), $"weights in the memory of the host");
        bool activations = Plan.Offload.HasFlag(Offload.Activations);
        Miss(activations && !HasExperts, $"activations of the feed-forward block in the memory of the host (written: those of attention and norms)");
        bool optimizer = Plan.Offload.HasFlag(Offload.Optimizer);
        Miss(
            optimizer && settings is { QuantisedParameters: true, Fp8Recipe: not MegatronFp8Recipe.Delayed },
            $"the optimizer in the memory of the host beside quantised weights alone (asked for: --fp8-recipe delayed)");
        string experts = HasExperts ? " expert_fc1 moe_act" : "";
        return settings with
        {
            OffloadsOptimizer = optimizer,
            OffloadedModules = activations ? "attn_norm qkv_linear core_attn attn_proj mlp_norm" + experts : "",
        };
    }

    private void Miss(bool missing, FormattableString what)
    {
        if (missing)
        {
            _missing.Add(what.ToString(CultureInfo.InvariantCulture));
        }
    }
}
