using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the optimizer step.</summary>
public static class Optimizer
{
    /// <summary>Reads and writes of the optimizer over the parameters of the fullest stage.</summary>
    /// <remarks>
    /// Eq. OPT-1: P·(full + sharded/D)/BW, D the ranks that split one copy; without sharding D is 1, with sharded gradients
    /// the full part is sharded too. Where the host keeps the state, OFF-2.
    /// </remarks>
    /// <param name="parameters">Parameters of a device on the fullest stage.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="ranks">Ranks that split one copy.</param>
    /// <param name="machine">The device and its host.</param>
    public static Seconds<T> Time<T>(
        in DeviceParameters<T> parameters, in PlanShape shape, in StateRanks<T> ranks, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        OptimizerInputs<T> optimizer = machine.Optimizer;
        T all = parameters.Common + parameters.Experts;
        T own = (parameters.Common / ranks.Common) + (parameters.Experts / ranks.Experts);
        T sharded = shape.Sharding == Sharding.None ? all : own;
        if (shape.Offload.HasFlag(Offload.Optimizer))
        {
            return HostCopy.OptimizerStep(
                machine.Stack.GradientBytes * sharded,
                new Bytes<T>(machine.SixteenBitProducts.OperandBytes * sharded),
                optimizer.Sharded * sharded,
                machine.Host);
        }

        T full = shape.ShardsGradients ? own : all;
        return (((optimizer.Full * full) + (optimizer.Sharded * sharded)) / machine.Memory.Bandwidth)
            .Named(Equations.OptimizerTime);
    }
}
