using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Collectives inside a scale-up domain that follow from its links, where none of their size was measured.</summary>
public static class LinkCollectives
{
    /// <summary>Bus bandwidth of a group.</summary>
    /// <remarks>
    /// Eq. COMM-7: β = η·ℓ·b. ℓ is 1 through switches, the links of a rank to the others in a mesh, and in a torus the sum over
    /// the dimensions that the group spans: 2 of a whole ring, 1 of a line, divided by the groups that share it. An all-to-all
    /// there is bound by the cut across the longest dimension, L long: (n−1)/n of 8/L of a ring and 4/L of a line.
    /// </remarks>
    /// <param name="link">Bandwidth of a link b; of a device through switches.</param>
    /// <param name="links">Links of a rank that the group has to itself ℓ.</param>
    /// <param name="efficiency">Share of it that large messages reach η.</param>
    public static BytesPerSecond<T> Rate<T>(BytesPerSecond<T> link, T links, T efficiency)
        where T : struct, IReal<T> => (link * links * efficiency).Named(Equations.LinkRate);

    /// <summary>Time of an empty collective.</summary>
    /// <remarks>Eq. COMM-8: α = α₀ + sweeps·α₁·hops; an all-reduce sweeps the group twice.</remarks>
    /// <param name="start">Time to start it α₀.</param>
    /// <param name="perHop">Time of a hop α₁.</param>
    /// <param name="hops">Hops of a sweep.</param>
    /// <param name="sweeps">Sweeps of the group.</param>
    public static Seconds<T> Latency<T>(Seconds<T> start, Seconds<T> perHop, T hops, T sweeps)
        where T : struct, IReal<T> => (start + (perHop * (hops * sweeps))).Named(Equations.LinkLatency);
}
