using CarbonScaling.Hardware;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Planning.Search;

/// <summary>What of a plan concerns a single layer: candidates that share it share the layer's cost.</summary>
/// <param name="Tensor">Tensor-parallel degree.</param>
/// <param name="MicroBatch">Sequences of a micro-batch.</param>
/// <param name="SequenceParallel">Whether the residual stream is split.</param>
/// <param name="Recompute">What is computed again.</param>
internal readonly record struct LayerChoice(int Tensor, int MicroBatch, bool SequenceParallel, RecomputePlan Recompute);

/// <summary>A pipeline: its stages, their chunks and their order.</summary>
/// <param name="Schedule">The order.</param>
/// <param name="VirtualStages">Chunks per stage.</param>
internal readonly record struct PipelineChoice(PipelineScheduleKind Schedule, int VirtualStages);

/// <summary>Every combination that a scenario leaves open. What it fixes is the only choice.</summary>
internal sealed class SearchSpace
{
    private static readonly bool[] Both = [false, true];
    private static readonly bool[] Never = [false];
    private static readonly RecomputePlan[] Recomputations = [RecomputePlan.None, RecomputePlan.Selective, RecomputePlan.Full];
    private static readonly Sharding[] AllShardings = [Sharding.None, Sharding.Zero1, Sharding.Zero2, Sharding.Zero3];
    private static readonly PipelineScheduleKind[] PlainSchedules =
        [PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.GPipe];

    private readonly TrainingJob _job;
    private readonly PlanSection _section;
    private readonly int _batch;
    private readonly int _layers;
    private readonly int _node;
    private readonly DeviceRange _devices;

    public SearchSpace(Scenario scenario, TrainingJob job)
    {
        _job = job;
        _section = scenario.Plan;
        _batch = (int)job.GlobalBatch.Value;
        _layers = job.Model.LayerCount;
        _devices = scenario.Cluster.Devices;

        // A fixed number may be a part of one node; it divides the node.
        int node = (int)job.Cluster.System.DevicesPerNode.Value;
        _node = _devices.IsFixed ? Math.Min(node, _devices.Maximum) : node;
    }

    /// <summary>The layer choices, in a fixed order; those that break a rule are counted by reason.</summary>
    public List<LayerChoice> Layers(IDictionary<string, long> refused)
    {
        List<LayerChoice> choices = [];
        foreach (int tensor in Tensors())
        {
            foreach (bool split in _section.SequenceParallel is { } fixedSplit ? [fixedSplit] : tensor > 1 ? Both : Never)
            {
                if (PlanRules.Tensor(_job, tensor, split) is { } broken)
                {
                    refused[broken.Reason] = refused.TryGetValue(broken.Reason, out long count) ? count + 1 : 1;
                    continue;
                }

                choices.AddRange(
                    from recompute in _section.Recompute is { } one ? [one] : Recomputations
                    from microBatch in MicroBatches()
                    select new LayerChoice(tensor, microBatch, split, recompute));
            }
        }

        return choices;
    }

    /// <summary>Pipeline degrees that some number of devices allows with a tensor-parallel degree.</summary>
    public IEnumerable<int> Pipelines(int tensor)
    {
        int most = Math.Min(_layers, _devices.Maximum / tensor);
        return _section.Pipeline is { } one ? (one <= _devices.Maximum / tensor ? [one] : []) : Enumerable.Range(1, Math.Max(0, most));
    }

    /// <summary>Data-parallel degrees that fill whole nodes within the range of devices and divide the batch.</summary>
    public IEnumerable<int> DataDegrees(in LayerChoice layer, int pipeline)
    {
        int share = _batch % layer.MicroBatch == 0 ? _batch / layer.MicroBatch : 0;
        return share == 0 ? [] : Data((long)layer.Tensor * pipeline, share);
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
            if (_section.VirtualStages is null or 1 && (_section.Schedule is null || _section.Schedule == kind))
            {
                yield return new(kind, 1);
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

    /// <summary>Sharding choices; with one data-parallel rank there is nothing to split.</summary>
    public IReadOnlyList<Sharding> Shardings(int data) =>
        _section.Sharding is { } one ? [one] : data == 1 ? [Sharding.None] : AllShardings;

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
