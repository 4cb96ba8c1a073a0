using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What the passes of one micro-batch through a stage cannot hide of moving sharded or offloaded weights.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Forward">In the forward pass.</param>
/// <param name="Backward">In the backward pass.</param>
internal readonly record struct PassExposure<T>(Seconds<T> Forward, Seconds<T> Backward)
    where T : struct, IReal<T>;

/// <summary>Moves weights and gradients while a stage works.</summary>
internal readonly ref struct StageExchange<T>
    where T : struct, IReal<T>
{
    private readonly RankParameters<T> _parameters;
    private readonly MachineInputs<T> _machine;
    private readonly ref readonly PlanInputs<T> _plan;
    private readonly ref readonly PlanShape _shape;
    private readonly ref readonly ExchangeGroups<T> _groups;

    public StageExchange(
        RankParameters<T> parameters,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in ExchangeGroups<T> groups,
        MachineInputs<T> machine)
    {
        _parameters = parameters;
        _machine = machine;
        _plan = ref plan;
        _shape = ref shape;
        _groups = ref groups;
    }

    /// <summary>On one stage.</summary>
    /// <param name="place">Where it lies in the pipeline.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="leading">Those of them that are leading dense layers.</param>
    /// <param name="forward">Its forward pass in seconds.</param>
    /// <param name="backward">Its backward pass in seconds.</param>
    public PassExposure<T> On(StagePlace place, T layers, T leading, T forward, T backward)
    {
        DeviceParameters<T> parameters = _parameters.OnStage(layers, leading, place, _shape.Pipelined);
        Seconds<T> inForward = Seconds<T>.Zero;
        Seconds<T> inBackward = Seconds<T>.Zero;
        if (_shape.ShardsGradients)
        {
            T count = T.Max(layers, T.Literal(1));
            inBackward = DataParallel.InBackward(
                parameters, count, _groups, _shape, new(forward), new(backward), _plan.MicroBatches, _machine);
            inForward = _shape.ShardsWeights
                ? DataParallel.InForward(parameters, count, _groups, new(forward), _machine)
                : inForward;
        }

        if (!_shape.Offload.HasFlag(Offload.Weights))
        {
            return new(inForward, inBackward);
        }

        Bytes<T> weights = new(_machine.SixteenBitProducts.OperandBytes * (parameters.Common + parameters.Experts));
        Seconds<T> copy = HostCopy.Time(weights, _machine.Host);
        T interference = _machine.Stack.Interference;

        // The host's link is another one, so that a copy runs beside what is exposed of the exchange too.
        return new(
            inForward + Collectives.Exposed(copy, new Seconds<T>(forward) + inForward, interference),
            inBackward + Collectives.Exposed(copy, new Seconds<T>(backward) + inBackward, interference));
    }
}
