using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Searching;

/// <summary>A plan and what it takes.</summary>
internal sealed record Tried(TrainingPlan Plan, JobCost<Scalar> Cost)
{
    public double Days => Cost.Run.WallTime.Value.Value / 86_400;

    public double Joules => Cost.Footprint.FacilityEnergy.Value.Value;

    public double CarbonKg => Cost.Footprint.Total.Value.Value;

    public double Bytes => Cost.PeakMemory.Value.Value;

    public double Megawatts => Joules / Cost.Run.WallTime.Value.Value / 1e6;
}

/// <summary>
/// Tries every plan of a scenario. Rules, limits and the split of the layers are written anew from their description and
/// share nothing with the search but the evaluation of a single plan.
/// </summary>
internal sealed class BruteForce(Scenario scenario)
{
    private static readonly Sharding[] Kinds = [Sharding.None, Sharding.Zero1, Sharding.Zero2, Sharding.Zero3];

    private readonly CarbonJob _job = JobBuilder.Build(scenario, Spaces.Embedded).Job;

    private readonly JobModel<Scalar> _model = new(JobBuilder.Build(scenario, Spaces.Embedded).Job);

    /// <summary>Every legal plan.</summary>
    public IReadOnlyList<Tried> Legal() => [.. Everything().Where(IsLegal).Select(Try)];

    /// <summary>The plans within all limits.</summary>
    public IReadOnlyList<Tried> Feasible() => [.. Legal().Where(Meets)];

    /// <summary>The plans that no other beats in days and emissions, as pairs of both, fastest first.</summary>
    public static IReadOnlyList<(double Days, double CarbonKg)> Front(IReadOnlyList<Tried> tried)
    {
        List<(double Days, double CarbonKg)> front = [];
        double least = double.PositiveInfinity;
        foreach (Tried one in tried.OrderBy(one => one.Days).ThenBy(one => one.CarbonKg))
        {
            if (one.CarbonKg < least)
            {
                least = one.CarbonKg;
                front.Add((one.Days, one.CarbonKg));
            }
        }

        return front;
    }

    /// <summary>The objective as the scenario states it; weights are exponents.</summary>
    public double Objective(Tried one) =>
        Math.Pow(one.Days, scenario.Objective.Time)
        * Math.Pow(one.Joules / 3.6e6, scenario.Objective.Energy)
        * Math.Pow(one.CarbonKg, scenario.Objective.Carbon);

    public bool Meets(Tried one)
    {
        double capacity = _job.Training.Cluster.System.Accelerator.MemoryCapacity.Value;
        LimitsSection limits = scenario.Limits;
        if (_job.Reliability is { } failing)
        {
            double timeToFailure = 1 / (failing.FailureRate.Value * one.Plan.Devices);
            double bytes = _job.Training.Model.ParameterCount * _job.Training.Parameters["checkpoint.bytesPerParameter"].Value;
            double write = bytes / (failing.StorageRate.Value * (failing.StoragePerDevice ? one.Plan.Devices : 1));
            double copy = bytes / one.Plan.Devices / _job.Training.Cluster.System.HostLinkBandwidth.Value;
            double unsafely = failing.Restart.Value + write + (failing.Asynchronous ? copy : 0);
            if (unsafely > timeToFailure)
            {
                return false;
            }
        }

        return one.Bytes <= capacity * (1 - limits.MemoryHeadroom)
            && !(one.Days > limits.Days)
            && !(one.Megawatts > limits.PowerMegawatts)
            && !(one.CarbonKg / 1000 > limits.CarbonTonnes);
    }

    private IEnumerable<TrainingPlan> Everything()
    {
        PlanSection wanted = scenario.Plan;
        int layers = _job.Training.Model.LayerCount;
        int batch = (int)_job.Training.GlobalBatch.Value;
        int most = scenario.Cluster.Devices.Maximum;
        return from tensor in Range(wanted.Tensor, most)
               from context in Contexts(most / tensor)
               from pipeline in Range(wanted.Pipeline, most / tensor / context)
               from data in Range(wanted.Data, most / tensor / context / pipeline)
               where Fills(tensor * context * pipeline * data)
               from microBatch in Range(wanted.MicroBatch, batch / data)
               where batch % (data * microBatch) == 0
               from chunks in Range(wanted.VirtualStages, layers + 2)
               let plain = new TrainingPlan(
                   tensor,
                   pipeline,
                   chunks,
                   data,
                   microBatch,
                   batch / (data * microBatch),
                   false,
                   Sharding.None,
                   RecomputePlan.None,
                   PipelineScheduleKind.OneForwardOneBackward)
               {
                   Context = context,
                   TensorOverlap = wanted.TensorOverlap ?? TensorOverlap.None,
                   Offload = wanted.Offload ?? Offload.None,
               }
               from plan in Choices(plain)
               select plan;
    }

    // A sequence is halved while parts of 2,048 tokens are left; a scenario may ask for any other number of parts.
    private IEnumerable<int> Contexts(int most)
    {
        double sequence = _job.Training.SequenceLength.Value;
        return scenario.Plan.Context is { } one
            ? [one]
            : Enumerable.Range(1, Math.Max(0, most)).Where(
                parts => int.PopCount(parts) == 1 && (parts == 1 || sequence / parts >= 2048));
    }

    // Choices without a meaning are made once: splitting over one rank, sharding over one rank, an order without stages.
    private IEnumerable<TrainingPlan> Choices(TrainingPlan plain)
    {
        PlanSection wanted = scenario.Plan;
        bool[] splits = wanted.SequenceParallel is { } split ? [split] : plain.Tensor == 1 ? [false] : [false, true];
        ContextMode[] modes = wanted.ContextMode is { } mode ? [mode]
            : plain.Context == 1 ? [ContextMode.Ring] : [ContextMode.Ring, ContextMode.Ulysses, ContextMode.AllGather];
        PipelineScheduleKind[] schedules = wanted.Schedule is { } schedule ? [schedule]
            : plain.Pipeline == 1 ? [PipelineScheduleKind.OneForwardOneBackward] : Enum.GetValues<PipelineScheduleKind>();
        RecomputePlan[] recomputations = wanted.Recompute is { } recompute
            ? [recompute] : [RecomputePlan.None, RecomputePlan.Selective, RecomputePlan.Full];
        return from isSplit in splits
               from contextMode in modes
               from experts in Experts(plain.Tensor)
               from shard in Shardings(plain)
               from order in schedules
               from again in recomputations
               select plain with
               {
                   SequenceParallel = isSplit,
                   ContextMode = contextMode,
                   Expert = experts.Ranks,
                   ExpertTensor = experts.Split,
                   Sharding = shard.Kind,
                   ShardGroup = shard.Group,
                   Schedule = order,
                   Recompute = again,
               };
    }

    // An expert is whole, or split as the rest of the layer is.
    private IEnumerable<(int Ranks, int Split)> Experts(int tensor)
    {
        PlanSection wanted = scenario.Plan;
        int count = (int)(_job.Training.Model.Experts?.Count.Value ?? 1);
        int[] splits = wanted.ExpertTensor is { } one ? [one] : tensor == 1 || count == 1 ? [1] : [1, tensor];
        return from ranks in Range(wanted.Expert, count) from split in splits select (ranks, split);
    }

    // A copy split inside a domain is offered where several domains hold one each.
    private IEnumerable<(Sharding Kind, int Group)> Shardings(TrainingPlan plain)
    {
        int copies = plain.Data * plain.Context;
        int domain = (int)_job.Training.Cluster.System.ScaleUpDomain.Value;
        int inside = Math.Max(1, Math.Min(copies, domain / plain.Tensor));
        if (scenario.Plan.Sharding is { } one)
        {
            return [(one, one == Sharding.Hsdp ? scenario.Plan.ShardGroup ?? inside : 0)];
        }

        if (copies == 1)
        {
            return [(Sharding.None, 0)];
        }

        IEnumerable<(Sharding, int)> plainly = Kinds.Select(kind => (kind, 0));
        return inside > 1 && inside < copies && copies % inside == 0 ? plainly.Append((Sharding.Hsdp, inside)) : plainly;
    }

    private bool IsLegal(TrainingPlan plan)
    {
        Transformer model = _job.Training.Model;
        int domain = (int)_job.Training.Cluster.System.ScaleUpDomain.Value;
        return model.Heads.Value % plan.Tensor == 0
            && EitherDivides((int)model.KeyValueHeads.Value, plan.Tensor)
            && model.FeedForward.Value % plan.Tensor == 0
            && EitherDivides(domain, plan.Tensor)
            && (!plan.SequenceParallel || _job.Training.SequenceLength.Value % plan.Tensor == 0)
            && MayPart(plan)
            && MaySpread(plan)
            && HasOrder(plan)
            && (plan.Sharding != Sharding.Hsdp || plan.Data * plan.Context % plan.ShardGroup == 0)
            && Stages(model.LayerCount, plan.Pipeline, plan.VirtualStages) is not null;
    }

    // What each order of a pipeline needs to be written down at all.
    private static bool HasOrder(TrainingPlan plan)
    {
        int stages = plan.Pipeline;
        int chunks = plan.VirtualStages;
        int count = plan.MicroBatches;
        return plan.Schedule switch
        {
            PipelineScheduleKind.Interleaved => stages > 1 && chunks > 1 && count % stages == 0,
            PipelineScheduleKind.ZeroBubbleH1 => stages > 1 && chunks == 1 && count >= stages,
            PipelineScheduleKind.ZeroBubbleH2 => stages > 1 && chunks == 1 && count >= (2 * stages) - 1,
            PipelineScheduleKind.ZeroBubbleV => stages > 1 && chunks == 2 && count >= (2 * stages) - 1,
            PipelineScheduleKind.DualPipe => stages % 2 == 0 && chunks == 1 && count % 2 == 0 && count >= 2 * stages,
            _ => chunks == 1,
        };
    }

    // Causal work is equal where a rank has a part from either end of the sequence; all-to-all gives it whole heads instead.
    private bool MayPart(TrainingPlan plan)
    {
        if (plan.Context == 1)
        {
            return true;
        }

        double sequence = _job.Training.SequenceLength.Value;
        return plan.ContextMode switch
        {
            ContextMode.Ulysses => sequence % plan.Context == 0
                && _job.Training.Model.Heads.Value % (plan.Tensor * plan.Context) == 0,
            ContextMode.Ring => sequence % (2 * plan.Context) == 0
                && _job.Training.Software.Attention != AttentionKernel.Unfused,
            _ => sequence % (2 * plan.Context) == 0,
        };
    }

    // Experts lie on the ranks of a stage, and with tensor parallelism need its tokens split.
    private bool MaySpread(TrainingPlan plan)
    {
        if (_job.Training.Model.Experts is not { } experts)
        {
            return plan.Expert == 1 && plan.ExpertTensor == 1;
        }

        int ranks = plan.Expert * plan.ExpertTensor;
        return experts.Count.Value % plan.Expert == 0
            && experts.FeedForward.Value % plan.ExpertTensor == 0
            && plan.Tensor * plan.Context * plan.Data % ranks == 0
            && (plan.Tensor == 1 || plan.SequenceParallel);
    }

    // Whole nodes within the range of devices.
    private bool Fills(int devices) =>
        devices >= scenario.Cluster.Devices.Minimum
        && devices <= scenario.Cluster.Devices.Maximum
        && devices % (int)_job.Training.Cluster.System.DevicesPerNode.Value == 0;

    private Tried Try(TrainingPlan plan)
    {
        int[] stages = Stages(_job.Training.Model.LayerCount, plan.Pipeline, plan.VirtualStages)!;
        int[] between = stages.Length > 2 ? stages[1..^1] : [];
        LayerSplit split = new(
            stages[0], between.Length == 0 ? 0 : between.Max(), stages.Length == 1 ? 0 : stages[^1], between.Sum())
        {
            Leading = Math.Min(stages[0], _job.Training.Model.Traits.Mixture?.LeadingDenseLayers ?? 0),
        };
        SplitPlan numbers = new(plan, split);
        PlanInputs<Scalar> inputs = PlanInputs<Scalar>.From(number => new(numbers[number]));
        PlanShape shape = PlanShape.Of(plan, _job.Training.Cluster.DomainSize, _job.Training.Model.Experts is not null);
        LayerCosts<Scalar> layer = _model.Layer(shape, inputs);
        return new(plan, _model.Combine(layer, inputs, shape, _model.Groups(shape, inputs, _model.Links(shape))));
    }

    /// <summary>
    /// Layers by stage: even; else with embedding and head counted as a layer; else, without chunks, the remainder one by one
    /// on the stages after the first, then on the first. Null where there is no such split.
    /// </summary>
    private static int[]? Stages(int layers, int stages, int chunks)
    {
        int[] split = new int[stages];
        if (layers % (stages * chunks) == 0)
        {
            Array.Fill(split, layers / stages);
        }
        else if (stages > 2 && (layers + 2) % (stages * chunks) == 0)
        {
            Array.Fill(split, (layers + 2) / stages);
            split[0]--;
            split[^1]--;
        }
        else if (chunks > 1 || stages > layers)
        {
            return null;
        }
        else
        {
            Array.Fill(split, layers / stages);
            int[] order = [.. Enumerable.Range(1, Math.Max(0, stages - 2)), 0];
            foreach (int stage in order.Take(layers % stages))
            {
                split[stage]++;
            }
        }

        Assert.Equal(layers, split.Sum());
        return split;
    }

    private static bool EitherDivides(int left, int right) => left % right == 0 || right % left == 0;

    private static IEnumerable<int> Range(int? wanted, int most) => wanted is { } one ? [one] : Enumerable.Range(1, Math.Max(0, most));
}
