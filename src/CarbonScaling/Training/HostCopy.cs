using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Copies between the memory of a device and that of its host.</summary>
public static class HostCopy
{
    /// <summary>Time of a copy.</summary>
    /// <remarks>Eq. OFF-1: S/β of the host link.</remarks>
    public static Seconds<T> Time<T>(Bytes<T> size, HostInputs<T> host)
        where T : struct, IReal<T> => (size / host.Link).Named(Equations.HostCopy);

    /// <summary>A pass with a copy that runs beside all of it.</summary>
    internal static PassTime<T> Beside<T>(PassTime<T> pass, Seconds<T> copy, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        pass with { HostCopies = Collectives.Exposed(copy, pass.Total, machine.Stack.Interference) };

    /// <summary>An optimizer step whose state stays with the host.</summary>
    /// <remarks>
    /// Eq. OFF-2: gradients down and weights up over the host link, and the update at the bandwidth of the host's memory
    /// (Ren et al. 2021, ZeRO-Offload, section 4).
    /// </remarks>
    /// <param name="gradients">Gradients of a device.</param>
    /// <param name="weights">Weights of a device.</param>
    /// <param name="update">What the update reads and writes.</param>
    /// <param name="host">The host.</param>
    public static Seconds<T> OptimizerStep<T>(Bytes<T> gradients, Bytes<T> weights, Bytes<T> update, HostInputs<T> host)
        where T : struct, IReal<T> =>
        (Time(gradients, host) + Time(weights, host) + (update / host.Memory)).Named(Equations.OffloadedOptimizer);
}
