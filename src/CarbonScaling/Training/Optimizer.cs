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
    /// <param name="full">Bytes moved per parameter over the whole gradient.</param>
    /// <param name="sharded">Bytes moved per parameter over the optimizer state.</param>
    /// <param name="memory">The device's memory.</param>
    public static Seconds<T> Time<T>(
        T parameters, Sharding sharding, T data, Bytes<T> full, Bytes<T> sharded, in MemoryInputs<T> memory)
        where T : struct, IReal<T>
    {
        Bytes<T> perParameter = sharding switch
        {
            Sharding.None => full + sharded,
            Sharding.Zero1 => full + (sharded / data),
            _ => (full + sharded) / data,
        };
        return (perParameter * parameters / memory.Bandwidth).Named(Equations.OptimizerTime);
    }
}
