using CarbonScaling.Carbon;
using CarbonScaling.Energy;
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

    /// <summary>Prepares the model of a job.</summary>
    public JobModel(CarbonJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        _job = job;
        _inputs = JobInputs<T>.Lift(job);
        _accelerator = Embodied.Accelerator(_inputs.Embodied);
    }

    /// <summary>The numbers of the job.</summary>
    public JobInputs<T> Inputs => _inputs;

    /// <summary>What does not depend on pipeline and data parallelism: one entry serves all plans that share it.</summary>
    /// <param name="shape">The discrete side of the plan; only what concerns a layer matters.</param>
    /// <param name="tensor">Tensor-parallel degree.</param>
    /// <param name="microBatch">Sequences of a micro-batch.</param>
    public LayerCosts<T> Layer(in PlanShape shape, T tensor, T microBatch)
    {
        LayerInputs<T> layer = new(
            _inputs.Model,
            _inputs.SequenceLength,
            microBatch,
            tensor,
            MachineLift.Group(_job.Training, shape.TensorTier, shape.TensorLocalRanks, tensor),
            _inputs.Machine.SixteenBitProducts.OperandBytes,
            new(shape.SequenceParallel, shape.Recomputation, _job.Training.Software.Attention, _job.Training.Dropout));
        return new(
            Training.Layer.Cost(layer, _inputs.Machine),
            EndLayers.Embedding(layer, _inputs.Machine),
            EndLayers.Head(layer, _inputs.Machine),
            RankParameters<T>.Of(_inputs.Model, tensor),
            Activations.Of(layer),
            TensorParallel.Residual(layer) / tensor,
            ExecutedFlops.InProducts(_inputs.Model, shape.Recomputation));
    }

    /// <summary>The data-parallel ranks of plans of a shape.</summary>
    public GroupInputs<T> DataGroup(in PlanShape shape, T data) =>
        MachineLift.Group(_job.Training, shape.DataTier, shape.DataLocalRanks, data, shape.TensorLocalRanks);

    /// <summary>Everything that a plan takes.</summary>
    /// <param name="layer">The layer's part.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="dataGroup">The data-parallel ranks.</param>
    public JobCost<T> Combine(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, in GroupInputs<T> dataGroup)
    {
        StepCost<T> step = Step.Combine(
            layer, plan, shape, dataGroup, _inputs.Machine, _job.Training.Software);
        RunCost<T> run = Run(step, plan);
        RunEnergy<T> energy = EnergyUse.Of(step, run, Achieved(step, plan, layer.ProductFlops), plan.Devices, _inputs.Power);
        Watts<T> provisioned = _inputs.Power.Limit + _inputs.Power.Host + energy.NetworkPower;
        EmbodiedPerDevice<T> embodied = Embodied.PerDevice(_accelerator, _inputs.Embodied, provisioned);
        Footprint<T> footprint = CarbonAccount.Of(energy, run, _inputs.Site, embodied.Total);
        return new(step, StageMemory.Peak(layer, plan, shape, _inputs), run, energy, footprint, embodied);
    }

    private RunCost<T> Run(in StepCost<T> step, in PlanInputs<T> plan)
    {
        WallTimeShares<T> shares = Goodput.Perfect<T>();
        if (_job.Reliability is { } policy && _inputs.Reliability is { } reliability)
        {
            shares = Goodput.Shares(reliability, plan.Devices, policy.StoragePerDevice, policy.Asynchronous);
        }

        return Training.Run.Cost(
            _inputs.Tokens, _inputs.GlobalBatch, _inputs.SequenceLength, plan.Devices, step.Duration, shares);
    }

    // The share of the peak rate that matrix products reach, which sets their power.
    private T Achieved(in StepCost<T> step, in PlanInputs<T> plan, Flops<T> productFlops)
    {
        T tokens = _inputs.GlobalBatch * _inputs.SequenceLength / plan.Devices;
        return productFlops * tokens / _inputs.Machine.Products.Peak / step.Phases.Products;
    }
}
