using CarbonScaling.Carbon;
using CarbonScaling.Energy;
using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>
/// The whole model, from a job and a plan to its carbon: workload and cluster → plan → step → run → energy → carbon.
/// Estimates, the search and derivations are readings of it with different numeric types.
/// </summary>
/// <typeparam name="T">The numeric type.</typeparam>
public sealed class JobModel<T>
    where T : struct, IReal<T>
{
    private readonly CarbonJob _job;
    private readonly JobInputs<T> _inputs;
    private readonly Emissions<T> _accelerator;
    private readonly Flops<T> _productFlops;

    /// <summary>Prepares the model of a job.</summary>
    public JobModel(CarbonJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        _job = job;
        _inputs = JobInputs<T>.Lift(job);
        _accelerator = Embodied.Accelerator(_inputs.Embodied);
        _productFlops = ExecutedFlops.InProducts(_inputs.Model, default, default);
    }

    /// <summary>The numbers of the job.</summary>
    public JobInputs<T> Inputs => _inputs;

    /// <summary>What does not depend on pipeline and data parallelism: one entry serves all plans that share it.</summary>
    /// <param name="shape">The discrete side of the plan; only what concerns a layer matters.</param>
    /// <param name="plan">The numbers of the plan; only degrees inside a stage and the micro-batch matter.</param>
    public LayerCosts<T> Layer(in PlanShape shape, in PlanInputs<T> plan)
    {
        LayerInputs<T> layer = LayerOf(shape, plan);
        PassPair<T> body = Training.Layer.Body(layer, _inputs.Machine);
        PassPair<T> leading = _inputs.Model.Traits.Mixture is { LeadingDenseLayers: > 0 }
            ? Training.Layer.Dense(layer, _inputs.Machine)
            : body;
        PassPair<T> head = EndLayers.Head(layer, _inputs.Machine);
        return new(
            body,
            leading,
            EndLayers.Embedding(layer, _inputs.Machine),
            EndLayers.WithPrediction(head, body, layer, _inputs.Machine),
            RankParameters<T>.Of(layer),
            Activations.Of(layer, _inputs.Machine.Routing),
            TensorParallel.Residual(layer) / plan.Tensor);
    }

    /// <summary>The links of the groups of ranks of a shape that exchange weights and gradients.</summary>
    public ExchangeLinks<T> Links(in PlanShape shape) =>
        new(Links(shape.Data), Links(shape.Shard), Links(shape.Replica), Links(shape.ExpertData), Links(shape.ExpertReplica));

    /// <summary>The groups of ranks of a plan that exchange weights and gradients.</summary>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="links">The links of the shape.</param>
    public ExchangeGroups<T> Groups(in PlanShape shape, in PlanInputs<T> plan, ExchangeLinks<T> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        GroupInputs<T> data = Group(shape.Data, plan.Copies(shape), links.Data);
        bool hybrid = shape.Sharding == Sharding.Hsdp;
        T split = StateRanks<T>.Of(plan, shape).Experts;
        return new(
            data,
            hybrid ? Group(shape.Shard, plan.ShardGroup, links.Shard) : data,
            hybrid ? Group(shape.Replica, plan.Copies(shape) / plan.ShardGroup, links.Replica) : data,
            Group(shape.ExpertData, split, links.Experts),
            Group(shape.ExpertReplica, plan.ExpertData(shape) / split, links.ExpertReplicas));
    }

    /// <summary>Everything that a plan takes.</summary>
    /// <param name="layer">The layer's part.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="groups">The ranks that exchange weights and gradients.</param>
    public JobCost<T> Combine(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, in ExchangeGroups<T> groups)
    {
        StepCost<T> step = StepOf(layer, plan, shape, groups);
        RunCost<T> run = RunOf(step.Duration, plan.Devices, _inputs.Reliability);
        return Account(layer, plan, shape, step, run);
    }

    /// <summary>A step.</summary>
    internal StepCost<T> StepOf(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, in ExchangeGroups<T> groups) =>
        Step.Combine(layer, plan, shape, groups, _inputs.Machine, _job.Training.Software);

    /// <summary>The run.</summary>
    /// <param name="step">Duration of a step.</param>
    /// <param name="devices">Devices of all pools.</param>
    /// <param name="reliability">Failures and checkpoints; null where nothing fails.</param>
    internal RunCost<T> RunOf(Seconds<T> step, T devices, ReliabilityInputs<T>? reliability)
    {
        WallTimeShares<T> shares = reliability is null
            ? Goodput.Perfect<T>()
            : Goodput.Shares(reliability, devices, _job.Reliability!.StoragePerDevice, _job.Reliability.Asynchronous);
        return Training.Run.Cost(_inputs.Tokens, _inputs.GlobalBatch, _inputs.SequenceLength, devices, step, shares);
    }

    /// <summary>Energy, emissions and memory of a pool.</summary>
    /// <param name="layer">The layer's part.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="step">A step, as the pool sees it.</param>
    /// <param name="run">The run, with the device time of the pool.</param>
    internal JobCost<T> Account(
        LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, in StepCost<T> step, in RunCost<T> run)
    {
        RunEnergy<T> energy = EnergyUse.Of(step, run, Achieved(step, plan, shape), plan.Devices, _inputs.Power);
        Watts<T> provisioned = _inputs.Power.Limit + _inputs.Power.Host + energy.NetworkPower;
        EmbodiedPerDevice<T> embodied = Embodied.PerDevice(_accelerator, _inputs.Embodied, provisioned);
        Footprint<T> footprint = CarbonAccount.Of(energy, run, _inputs.Site, embodied.Total);
        return new(step, StageMemory.Peak(layer, plan, shape, _inputs), run, energy, footprint, embodied);
    }

    private LayerInputs<T> LayerOf(in PlanShape shape, in PlanInputs<T> plan)
    {
        TrainingJob job = _job.Training;
        T element = _inputs.Machine.SixteenBitProducts.OperandBytes;
        bool packs = job.Software.MoeDispatcher.SendsOnce()
            && job.Format is NumberFormat.Fp8 or NumberFormat.Fp8Block or NumberFormat.MxFp8;
        return new()
        {
            Model = _inputs.Model,
            SequenceLength = _inputs.SequenceLength,
            MicroBatch = plan.MicroBatch,
            Tensor = plan.Tensor,
            Context = plan.Context,
            Expert = plan.Expert,
            ExpertTensor = plan.ExpertTensor,
            TensorGroup = Group(shape.Tensor, plan.Tensor),
            ContextGroup = Group(shape.Context, plan.Context),
            ExpertGroup = Group(shape.Expert, plan.Expert),
            ExpertTensorGroup = Group(shape.ExpertTensor, plan.ExpertTensor),
            ElementBytes = element,
            ProductBytes = T.Min(element, _inputs.Machine.Products.OperandBytes),
            DispatchBytes = packs ? _inputs.Machine.Products.OperandBytes : element,
            Options = new()
            {
                SequenceParallel = shape.SequenceParallel,
                Recompute = shape.Recompute.Modules,
                Attention = job.Software.Attention,
                Dropout = job.Dropout,
                ContextMode = shape.ContextMode,
                TensorOverlap = shape.TensorOverlap,
                OverlapsTensorBackward = job.Software.OverlapTensor ?? true,
                Dispatcher = job.Software.MoeDispatcher,
                NonlinearityInputs = job.Storage.NonlinearityInputs,
                PacksDispatch = packs,
                OffloadsActivations = shape.Offload.HasFlag(Offload.Activations),
                KeepsInputsOnly = shape.Recompute is { Kind: Recomputation.Full, Layers: 0 },
            },
        };
    }

    private LocalLinks<T>? Links(GroupPlace place) => MachineLift.Links<T>(_job.Training, place);

    private GroupInputs<T> Group(GroupPlace place, T ranks) => Group(place, ranks, Links(place));

    private GroupInputs<T> Group(GroupPlace place, T ranks, LocalLinks<T>? links) =>
        MachineLift.Group(_job.Training, place, ranks, links);

    // The share of the peak rate that matrix products reach, which sets their power.
    private T Achieved(in StepCost<T> step, in PlanInputs<T> plan, in PlanShape shape)
    {
        T tokens = plan.MicroBatch * plan.MicroBatches * _inputs.SequenceLength / (plan.Tensor * plan.Context * plan.HeldStages);
        Flops<T> flops = shape.Recompute.Kind == Recomputation.Full || shape.Span.IsPart
            ? ExecutedFlops.InProducts(_inputs.Model, plan, shape)
            : _productFlops;
        return flops * tokens / _inputs.Machine.Products.Peak / step.Phases.Products;
    }
}
