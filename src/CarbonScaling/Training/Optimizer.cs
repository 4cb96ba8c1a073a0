using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the optimizer step.</summary>
public static class Optimizer
{
    /// <summary>Reads and writes of the optimizer over the parameters of the fullest stage.</summary>
    /// <remarks>
    /// Eq. OPT-1: P·(full + sharded/D)/BW; without sharding D is 1, with sharded gradients the full part is sharded too.
    /// </remarks>
    /// <param name="parameters">Parameters of a device on the fullest stage.</param>
    /// <param name="sharding">What data-parallel ranks split.</param>
    /// <param name="data">Data-parallel degree D.</param>
    /// <param name="optimizer">Bytes that it moves.</param>
    /// <param name="memory">The device's memory.</param>
    public static Seconds<T> Time<T>(
        T parameters, Sharding sharding, T data, OptimizerInputs<T> optimizer, MemoryInputs<T> memory)
        where T : struct, IReal<T>
    {
        Bytes<T> perParameter = sharding switch
        {
            Sharding.None => optimizer.Full + optimizer.Sharded,
            Sharding.Zero1 => optimizer.Full + (optimizer.Sharded / data),
            _ => (optimizer.Full + optimizer.Sharded) / data,
        };
        return (perParameter * parameters / memory.Bandwidth).Named(Equations.OptimizerTime);
    }
}
