using CarbonScaling.Hardware;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Planning.Search;

/// <summary>A pipeline: its stages, their chunks and their order.</summary>
/// <param name="Schedule">The order.</param>
/// <param name="VirtualStages">Chunks per stage.</param>
internal readonly record struct PipelineChoice(PipelineScheduleKind Schedule, int VirtualStages);

/// <summary>Every combination that a scenario leaves open. What it fixes is the only choice.</summary>
internal sealed class SearchSpace
{
    private static readonly bool[] Both = [false, true];
    private static readonly bool[] Never = [false];
    private static readonly RecomputePlan[] Recomputations =
        [RecomputePlan.None, RecomputePlan.Selective, RecomputePlan.Full];

    private static readonly Sharding[] PlainShardings = [Sharding.None, Sharding.Zero1, Sharding.Zero2, Sharding.Zero3];
    private static readonly ContextMode[] ContextModes = Enum.GetValues<ContextMode>();
    private static readonly PipelineScheduleKind[] PlainSchedules =
    [
        PipelineScheduleKind.OneForwardOneBackward,
        PipelineScheduleKind.GPipe,
        PipelineScheduleKind.ZeroBubbleH1,
        PipelineScheduleKind.ZeroBubbleH2,
        PipelineScheduleKind.ZeroBubbleV,
        PipelineScheduleKind.DualPipe,
    ];

    /// <summary>Parts of a sequence are not made shorter than this many tokens, unless the scenario asks for it.</summary>
    private const int LeastContextTokens = 2048;

    private readonly TrainingJob _job;
    private readonly PlanSection _section;
    private readonly int _batch;
    private readonly int _layers;
    private readonly int _node;
    private readonly DeviceRange _devices;

    /// <summary>The space of a scenario on its only pool.</summary>
    public SearchSpace(Scenario scenario, TrainingJob job)
        : this(scenario.Plan, job, scenario.Cluster.Devices)
    {
    }

    /// <summary>The space of what a plan leaves open.</summary>
    /// <param name="section">The plan.</param>
    /// <param name="job">The job.</param>
    /// <param name="devices">Devices, of several pools those of all.</param>
    public SearchSpace(PlanSection section, TrainingJob job, DeviceRange devices)
    {
        _job = job;
        _section = section;
        _batch = (int)job.GlobalBatch.Value;
        _layers = job.Model.LayerCount;
        _devices = devices;

        // A fixed number may be a part of one node; it divides the node.
        int node = (int)job.Cluster.System.DevicesPerNode.Value;
        _node = _devices.IsFixed ? Math.Min(node, _devices.Maximum) : node;
    }

    /// <summary>The layer choices, in a fixed order; those that break a rule are counted by reason.</summary>
    public List<LayerChoice> Layers(IDictionary<string, long> refused)
    {
        List<LayerChoice> choices = [];
        foreach (LayerChoice inside in InsideAStage())
        {
            if (PlanRules.Layer(_job, inside.Plan(1, new(PipelineScheduleKind.OneForwardOneBackward, 1), 1, 1)) is { } broken)
            {
                refused[broken.Reason] = refused.TryGetValue(broken.Reason, out long count) ? count + 1 : 1;
                continue;
            }

            choices.AddRange(
                from recompute in _section.Recompute is { } one ? [one] : Recomputations
                from microBatch in MicroBatches()
                select inside with { Recompute = recompute, MicroBatch = microBatch });
        }

        return choices;
    }

    /// <summary>Pipeline degrees that some number of devices allows with the degrees inside a stage.</summary>
    public IEnumerable<int> Pipelines(in LayerChoice layer)
    {
        long stages = _devices.Maximum / ((long)layer.Tensor * layer.Context);
        int most = (int)Math.Min(_layers, stages);
        return _section.Pipeline is { } one ? (one <= stages ? [one] : []) : Enumerable.Range(1, Math.Max(0, most));
    }

    /// <summary>Data-parallel degrees that fill whole nodes within the range of devices and divide the batch.</summary>
    public IEnumerable<int> DataDegrees(in LayerChoice layer, int pipeline)
    {
        int share = _batch % layer.MicroBatch == 0 ? _batch / layer.MicroBatch : 0;
        int expertRanks = layer.Expert * layer.ExpertTensor;
        long stage = (long)layer.Tensor * layer.Context;
        return share == 0 ? [] : Data(stage * pipeline, share).Where(data => stage * data % expertRanks == 0);
    }

    /// <summary>Pipeline choices for a degree and a number of micro-batches.</summary>
    public IEnumerable<PipelineChoice> Schedules(int pipeline, int microBatches)
    {
        // Without a pipeline the order has no meaning; it is shown as 1F1B unless the scenario names another.
        if (pipeline == 1)
        {
            if (_section.VirtualStages is null or 1 && _section.Schedule != PipelineScheduleKind.Interleaved)
            {
                yield return new(_section.Schedule ?? PipelineScheduleKind.OneForwardOneBackward, 1);
            }

            yield break;
        }

        foreach (PipelineScheduleKind kind in PlainSchedules)
        {
            int chunks = kind == PipelineScheduleKind.ZeroBubbleV ? 2 : 1;
            bool allowed = _section.Schedule is { } asked
                ? asked == kind
                : PlanRules.Schedule(kind, pipeline, chunks, microBatches) is null;
            if (allowed && (_section.VirtualStages is null || _section.VirtualStages == chunks))
            {
                yield return new(kind, chunks);
            }
        }

        if (_section.Schedule is not null and not PipelineScheduleKind.Interleaved || microBatches % pipeline != 0)
        {
            yield break;
        }

        for (int chunks = _section.VirtualStages ?? 2; chunks <= (_section.VirtualStages ?? ((_layers + 2) / pipeline)); chunks++)
        {
            if (chunks > 1)
            {
                yield return new(PipelineScheduleKind.Interleaved, chunks);
            }
        }
    }

    /// <summary>Sharding choices; with one rank that holds a copy there is nothing to split.</summary>
    public IReadOnlyList<ShardingChoice> Shardings(in LayerChoice layer, int data)
    {
        int copies = data * layer.Context;
        int local = GroupPlacement.Of(copies, layer.Tensor, _job.Cluster.DomainSize).LocalRanks;
        if (_section.Sharding is { } one)
        {
            return [new(one, one == Sharding.Hsdp ? _section.ShardGroup ?? local : 0)];
        }

        if (copies == 1)
        {
            return [new(Sharding.None, 0)];
        }

        List<ShardingChoice> choices = [.. PlainShardings.Select(kind => new ShardingChoice(kind, 0))];
        if (local > 1 && local < copies && copies % local == 0)
        {
            choices.Add(new(Sharding.Hsdp, local));
        }

        return choices;
    }

    private IEnumerable<LayerChoice> InsideAStage() =>
        from tensor in Tensors()
        from split in _section.SequenceParallel is { } one ? [one] : tensor > 1 ? Both : Never
        from context in Contexts()
        from mode in _section.ContextMode is { } one ? [one] : context > 1 ? ContextModes : [ContextMode.Ring]
        from expert in Experts()
        from expertTensor in ExpertTensors(tensor)
        where (long)expert * expertTensor <= _devices.Maximum && (long)tensor * context <= _devices.Maximum
        select new LayerChoice(
            tensor,
            context,
            mode,
            expert,
            expertTensor,
            1,
            split,
            RecomputePlan.None,
            _section.TensorOverlap ?? TensorOverlap.None,
            _section.Offload ?? Offload.None);

    private IEnumerable<int> Contexts()
    {
        int sequence = (int)_job.SequenceLength.Value;
        return _section.Context is { } one
            ? [one]
            : Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(
                parts => parts == 1 || (sequence / parts >= LeastContextTokens && parts <= _devices.Maximum));
    }

    private List<int> Experts() => _section.Expert is { } one
        ? [one]
        : _job.Model.Experts is { } experts ? Divisors((int)experts.Count.Value) : [1];

    private IEnumerable<int> ExpertTensors(int tensor) => _section.ExpertTensor is { } one
        ? [one]
        : _job.Model.Traits.Mixture is not null && tensor > 1 ? [1, tensor] : [1];

    private IEnumerable<int> Tensors()
    {
        int heads = (int)_job.Model.Heads.Value;
        int most = Math.Min(heads, _devices.Maximum);
        return _section.Tensor is { } one ? [one] : Divisors(heads).Where(tensor => tensor <= most);
    }

    private List<int> MicroBatches() => _section.MicroBatch is { } one ? [one] : Divisors(_batch);

    private IEnumerable<int> Data(long perReplica, int share)
    {
        long most = _devices.Maximum / perReplica;
        IEnumerable<int> degrees = _section.Data is { } one ? [one] : Divisors(share);
        return degrees.Where(data => data <= most
            && share % data == 0
            && data * perReplica >= _devices.Minimum
            && data * perReplica % _node == 0);
    }

    private static List<int> Divisors(int number)
    {
        List<int> small = [];
        List<int> large = [];
        for (int divisor = 1; divisor <= number / divisor; divisor++)
        {
            if (number % divisor == 0)
            {
                small.Add(divisor);
                if (divisor != number / divisor)
                {
                    large.Add(number / divisor);
                }
            }
        }

        large.Reverse();
        return [.. small, .. large];
    }
}
