using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Planning.Launch;

/// <summary>
/// The plan of the launch script that a scenario takes its model from: what a fixed plan falls back on where the scenario
/// is silent. What a script leaves out takes the default of Megatron-LM where it gives a micro-batch, without which nothing
/// is launched; of a file without one only what it states counts.
/// </summary>
internal sealed class ScriptPlan
{
    private readonly MegatronSettings _settings;
    private readonly Scenario _scenario;
    private readonly Transformer _model;
    private readonly ProblemSink _problems;

    private ScriptPlan(MegatronSettings settings, Scenario scenario, Transformer model, ProblemSink problems)
    {
        _settings = settings;
        _scenario = scenario;
        _model = model;
        _problems = problems;
    }

    /// <summary>The plan with what the scenario fixes in its place.</summary>
    public PlanSection Section { get; private init; } = new();

    /// <summary>Layers by stage where the script gives them; null for the standard split.</summary>
    public LayerSplit? Layers { get; private set; }

    /// <summary>Ranks that hold a copy, over those of a shard group; null where the script does not say.</summary>
    public int? Copies { get; private init; }

    private bool IsLaunch => _settings.MicroBatch is not null;

    /// <summary>The plan of a scenario; that of its own section where its model is not from a script.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="model">Its model.</param>
    /// <param name="problems">Takes what of the script is not modelled, unless the scenario says something in its place.</param>
    public static ScriptPlan Of(Scenario scenario, Transformer model, ProblemSink problems)
    {
        if (scenario.Model?.Megatron is not { } settings)
        {
            return new(new(), scenario, model, problems) { Section = scenario.Plan };
        }

        ScriptPlan script = new(settings, scenario, model, problems);
        PlanSection stated = script.Read();
        return new(settings, scenario, model, problems)
        {
            Section = stated.With(scenario.Plan),
            Layers = script.Layers,
            Copies = stated.Sharding == Sharding.Hsdp ? settings.OptimizerInstances : null,
        };
    }

    private PlanSection Read()
    {
        int tensor = _scenario.Plan.Tensor ?? _settings.Tensor;
        bool experts = _model.Traits.Mixture is not null;
        bool samePipeline = (_scenario.Plan.Pipeline ?? _settings.Pipeline) == _settings.Pipeline
            && (_scenario.Plan.Schedule ?? PipelineScheduleKind.Interleaved) == PipelineScheduleKind.Interleaved;
        int? chunks = samePipeline ? Chunks() : null;
        return new()
        {
            Tensor = Stated(_settings.Tensor, 1),
            Pipeline = Stated(_settings.Pipeline, 1),
            VirtualStages = chunks,
            Context = Stated(_settings.Context, 1),
            ContextMode = ContextModeOf(),
            Expert = Stated(_settings.Expert, 1),
            ExpertTensor = experts ? Stated(_settings.ExpertTensor ?? tensor, tensor) : null,
            MicroBatch = _settings.MicroBatch,
            SequenceParallel = Stated(_settings.SequenceParallel && tensor > 1, otherwise: false),
            Sharding = ShardingOf(),
            Recompute = RecomputeOf(chunks ?? 1),
            Schedule = samePipeline ? Stated(chunks > 1 ? PipelineScheduleKind.Interleaved : PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.OneForwardOneBackward) : null,
            TensorOverlap = Stated(_settings.OverlapsTensor && tensor > 1 ? TensorOverlap.Ring : TensorOverlap.None, TensorOverlap.None),
            Offload = OffloadOf(),
        };
    }

    private T? Stated<T>(T value, T otherwise)
        where T : struct => IsLaunch || !value.Equals(otherwise) ? value : null;

    private ContextMode? ContextModeOf()
    {
        if (_settings.ContextMode == MegatronContextMode.AllToAllAndRing)
        {
            Refuse("contextMode", _scenario.Plan.ContextMode is not null, "--cp-comm-type a2a+p2p");
            return null;
        }

        return Stated(
            _settings.ContextMode switch
            {
                MegatronContextMode.AllToAll => ContextMode.Ulysses,
                MegatronContextMode.AllGather => ContextMode.AllGather,
                _ => ContextMode.Ring,
            },
            ContextMode.Ring);
    }

    private Sharding? ShardingOf()
    {
        bool parts = _settings.OptimizerInstances > 1;
        if (parts && _settings.Sharding != MegatronSharding.All)
        {
            Refuse("sharding", _scenario.Plan.Sharding is not null, "--num-distributed-optimizer-instances without sharded parameters");
            return null;
        }

        return Stated(
            _settings.Sharding switch
            {
                MegatronSharding.None => Sharding.None,
                MegatronSharding.Optimizer => Sharding.Zero1,
                MegatronSharding.OptimizerAndGradients => Sharding.Zero2,
                _ => parts ? Sharding.Hsdp : Sharding.Zero3,
            },
            Sharding.None);
    }

    private RecomputePlan? RecomputeOf(int chunks)
    {
        switch (_settings.Recomputation)
        {
            case MegatronRecomputation.Full when _settings is { RecomputesBlock: true, RecomputedLayers: { } layers }:
                // Of every chunk so many.
                int most = (_model.LayerCount + _settings.Pipeline - 1) / _settings.Pipeline;
                return (long)layers * chunks > most ? RecomputePlan.Full : RecomputePlan.OfLayers(layers * chunks);
            case MegatronRecomputation.Full when _settings.RecomputedLayers > 1:
                Refuse("recompute", _scenario.Plan.Recompute is not null, "--recompute-method uniform with several layers as a unit");
                return null;
            case MegatronRecomputation.Full:
                return RecomputePlan.Full;
            case MegatronRecomputation.Selective:
                string[] names = _settings.RecomputedModules.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                RecomputeModules modules = RecomputeModules.None;
                foreach (string name in names)
                {
                    RecomputeModules known = ModuleOf(name);
                    modules |= known;
                    if (known == RecomputeModules.None)
                    {
                        Refuse("recompute", _scenario.Plan.Recompute is not null, $"--recompute-modules {name}");
                        return null;
                    }
                }

                return names.Length == 0 ? RecomputePlan.Selective : RecomputePlan.OfModules(modules);
            default:
                return IsLaunch ? RecomputePlan.None : null;
        }
    }

    private static RecomputeModules ModuleOf(string name) => name switch
    {
        "core_attn" => RecomputeModules.Attention,
        "layernorm" => RecomputeModules.Norm,
        "moe_act" => RecomputeModules.Mlp,
        "mla_up_proj" => RecomputeModules.Latent,
        _ => RecomputeModules.None,
    };

    private Offload? OffloadOf()
    {
        if (_settings.OffloadedModules.Length > 0)
        {
            Refuse("offload", _scenario.Plan.Offload is not null, $"--offload-modules {_settings.OffloadedModules}");
            return null;
        }

        return Stated(_settings.OffloadsOptimizer ? Offload.Optimizer : Offload.None, Offload.None);
    }

    // How many chunks a stage has, and where the script gives them the layers of each stage.
    private int? Chunks()
    {
        int layers = _model.LayerCount;
        int pipeline = _settings.Pipeline;
        if (_settings.StageLayout.Length > 0)
        {
            if (!Models.Megatron.StageLayout.TryRead(_settings.StageLayout, out IReadOnlyList<int> parts)
                || parts.Count % pipeline != 0
                || parts.Sum() != layers)
            {
                Report($"gives --pipeline-model-parallel-layout {_settings.StageLayout}, which is not {layers} layers over {pipeline} stages; allowed: a layout of both");
                return null;
            }

            Keep([.. Enumerable.Range(0, pipeline).Select(stage => parts.Where((_, part) => part % pipeline == stage).Sum())]);
            return Stated(parts.Count / pipeline, 1);
        }

        int counted = layers + (_settings.EmbeddingCountsAsLayer ? 1 : 0) + (_settings.LossCountsAsLayer ? 1 : 0);
        int? chunks = _settings.VirtualStages;
        if (_settings.LayersPerVirtualStage is { } each)
        {
            if (counted % ((long)pipeline * each) != 0)
            {
                Report($"gives --num-layers-per-virtual-pipeline-stage {each}, which does not divide its {counted} layers over {pipeline} stages; allowed: a divisor");
                return null;
            }

            chunks = counted / pipeline / each;
        }

        Split(counted);
        return chunks ?? (IsLaunch ? 1 : null);
    }

    private void Split(int counted)
    {
        int pipeline = _settings.Pipeline;
        (int? first, int? last) = (_settings.FirstStageLayers, _settings.LastStageLayers);
        if (pipeline == 1 || pipeline > _model.LayerCount)
        {
            return;
        }

        int left = (first is null ? 1 : 0) + (last is null ? 1 : 0) + pipeline - 2;
        int rest = counted - (first ?? 0) - (last ?? 0);
        if (rest < 0 || (left == 0 ? rest != 0 : rest % left != 0))
        {
            Report($"splits its layers over {pipeline} stages into parts that are no whole numbers; allowed: an even rest between first and last stage");
            return;
        }

        int share = left == 0 ? 0 : rest / left;
        int[] stages = [.. Enumerable.Repeat(share, pipeline)];
        stages[0] = first ?? (share - (_settings.EmbeddingCountsAsLayer ? 1 : 0));
        stages[^1] = last ?? (share - (_settings.LossCountsAsLayer ? 1 : 0));
        Keep(stages);
    }

    private void Keep(int[] stages)
    {
        if (LayerSplit.TryOf(stages, out LayerSplit split))
        {
            Layers = split;
        }
        else
        {
            Report($"splits its layers over the stages as {string.Join(' ', stages)}, which is not modelled; allowed: no empty stage, and stages between first and last that differ by one layer at most");
        }
    }

    private void Refuse(string field, bool given, string what)
    {
        if (!given)
        {
            Report($"gives {what}, which is not modelled; allowed: without it, or with plan.{field} in its place");
        }
    }

    private void Report(string message) => _problems.Add("model", message);
}
