using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of collectives and transfers.</summary>
public static class Collectives
{
    /// <summary>Sums a buffer over the ranks; every rank gets the sum.</summary>
    /// <remarks>Eq. COMM-1: α + γ√S + 2(n−1)/n · S/β.</remarks>
    /// <param name="size">The buffer of one rank.</param>
    /// <param name="group">The ranks.</param>
    /// <param name="network">The network between nodes.</param>
    public static Seconds<T> AllReduce<T>(Bytes<T> size, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T> =>
        (group.Elsewhere is null
            ? Time(size, T.Literal(2), group, group.Links?.AllReduce, network)
            : AcrossPools(size, Sweep.SumAndGather, group, network)).Named(Equations.AllReduce);

    /// <summary>Gathers the parts of a buffer; every rank gets all of it.</summary>
    /// <remarks>Eq. COMM-2: α + γ√S + (n−1)/n · S/β.</remarks>
    /// <param name="size">The whole buffer.</param>
    /// <param name="group">The ranks.</param>
    /// <param name="network">The network between nodes.</param>
    public static Seconds<T> AllGather<T>(Bytes<T> size, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T> =>
        (group.Elsewhere is null
            ? Time(size, T.Literal(1), group, group.Links?.AllGather, network)
            : AcrossPools(size, Sweep.Gather, group, network)).Named(Equations.AllGather);

    /// <summary>Sums a buffer over the ranks; every rank gets its part.</summary>
    /// <remarks>Eq. COMM-3: α + γ√S + (n−1)/n · S/β.</remarks>
    /// <param name="size">The whole buffer.</param>
    /// <param name="group">The ranks.</param>
    /// <param name="network">The network between nodes.</param>
    public static Seconds<T> ReduceScatter<T>(Bytes<T> size, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T> =>
        (group.Elsewhere is null
            ? Time(size, T.Literal(1), group, group.Links?.ReduceScatter, network)
            : AcrossPools(size, Sweep.Sum, group, network)).Named(Equations.ReduceScatter);

    /// <summary>Sends a part of a buffer to each of the other ranks, and receives as much.</summary>
    /// <remarks>
    /// Eq. COMM-9: α + γ√S + max((g − 1)/n · S/β of the domain, (n − g)/n · S/β of the network), g of the n ranks in a
    /// domain: both levels work at once.
    /// </remarks>
    /// <param name="size">The buffer of one rank.</param>
    /// <param name="group">The ranks.</param>
    /// <param name="network">The network between nodes.</param>
    public static Seconds<T> AllToAll<T>(Bytes<T> size, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        Seconds<T> local = group.Links is { } links
            ? (group.LocalRanks - one) / group.Ranks * (size / links.AllToAll.Rate)
            : Seconds<T>.Zero;
        Seconds<T> remote = group.Tier < FabricTier.ScaleOut
            ? Seconds<T>.Zero
            : ((group.Ranks - group.LocalRanks) / group.Ranks * (size / network.DeviceRate)) + Root(size, network.RootLatency);
        return (AllToAllLatency(group, network) + Seconds<T>.Max(local, remote)).Named(Equations.AllToAll);
    }

    /// <summary>Time of an empty all-to-all.</summary>
    internal static Seconds<T> AllToAllLatency<T>(in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T>
    {
        Seconds<T> local = group.Links is { } links ? links.AllToAll.Latency : Seconds<T>.Zero;
        return group.Tier < FabricTier.ScaleOut ? local : local + Latency(T.Literal(1), group, network);
    }

    /// <summary>Sends a buffer from one device to another.</summary>
    /// <remarks>Eq. COMM-5: α + S/β of the level that the pair spans.</remarks>
    public static Seconds<T> Transfer<T>(Bytes<T> size, FabricTier tier, NetworkInputs<T> network)
        where T : struct, IReal<T>
    {
        Seconds<T> time = tier switch
        {
            FabricTier.None => Seconds<T>.Zero,
            FabricTier.ScaleUp => network.LocalTransferLatency + (size / network.LocalTransferRate),
            _ => network.TransferLatency + (size / network.TransferRate),
        };
        return time.Named(Equations.Transfer);
    }

    /// <summary>What an oversubscribed tier leaves of a device's bandwidth.</summary>
    /// <remarks>Eq. COMM-10: β/max(1, o·ρ): ρ of the devices below the tier share 1/o of their bandwidth.</remarks>
    /// <param name="bandwidth">Bandwidth of a device β.</param>
    /// <param name="oversubscription">Downward over upward bandwidth of the tier o.</param>
    /// <param name="contention">Share of the devices that send across it at the same time ρ.</param>
    public static BytesPerSecond<T> SharedRate<T>(BytesPerSecond<T> bandwidth, T oversubscription, T contention)
        where T : struct, IReal<T> =>
        (bandwidth / T.Max(T.Literal(1), oversubscription * contention)).Named(Equations.SharedRate);

    /// <summary>What of a communication remains visible beside a computation that runs at the same time.</summary>
    /// <remarks>Eq. COMM-6: max(0, n − c) + σ·min(n, c).</remarks>
    /// <param name="communication">Time of the communication alone, n.</param>
    /// <param name="computation">Time of the computation alone, c.</param>
    /// <param name="interference">Mutual slow-down σ.</param>
    public static Seconds<T> Exposed<T>(Seconds<T> communication, Seconds<T> computation, T interference)
        where T : struct, IReal<T>
    {
        Seconds<T> uncovered = Seconds<T>.Max(Seconds<T>.Zero, communication - computation);
        Seconds<T> slowDown = Seconds<T>.Min(communication, computation) * interference;
        return (uncovered + slowDown).Named(Equations.ExposedCommunication);
    }

    // Eq. COMM-11: ranks in several pools keep step, so a collective takes what it takes in the slowest of them.
    private static Seconds<T> AcrossPools<T>(Bytes<T> size, Sweep sweep, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T>
    {
        Seconds<T> time = InPool(size, sweep, group, network);
        foreach (GroupElsewhere<T> other in group.Elsewhere!)
        {
            time = Seconds<T>.Max(time, InPool(size, sweep, other.Group, other.Network));
        }

        return time.Named(Equations.CollectiveAcrossPools);
    }

    private static Seconds<T> InPool<T>(Bytes<T> size, Sweep sweep, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T> => sweep switch
        {
            Sweep.SumAndGather => Time(size, T.Literal(2), group, group.Links?.AllReduce, network),
            Sweep.Gather => Time(size, T.Literal(1), group, group.Links?.AllGather, network),
            _ => Time(size, T.Literal(1), group, group.Links?.ReduceScatter, network),
        };

    private static Seconds<T> Time<T>(
        Bytes<T> size, T sweeps, in GroupInputs<T> group, CollectiveInputs<T>? local, NetworkInputs<T> network)
        where T : struct, IReal<T>
    {
        T factor = sweeps * (group.Ranks - T.Literal(1)) / group.Ranks;
        return group.Tier switch
        {
            FabricTier.ScaleUp when local is not null => local.Latency + Root(size, local.RootLatency) + (factor * (size / local.Rate)),
            FabricTier.ScaleOut => Latency(sweeps, group, network) + Root(size, network.RootLatency)
                + (factor * (size / network.DeviceRate)),
            FabricTier.Both when local is not null => local.Latency + Latency(sweeps, group, network)
                + Root(size, network.RootLatency) + (factor * (size / Rate(group, local, network))),
            _ => Seconds<T>.Zero,
        };
    }

    private static Seconds<T> Root<T>(Bytes<T> size, T rootLatency)
        where T : struct, IReal<T> => new(rootLatency * T.Sqrt(size.Value));

    // Measured on all-reduce, which sweeps the nodes twice: one sweep takes half.
    private static Seconds<T> Latency<T>(T sweeps, in GroupInputs<T> group, NetworkInputs<T> network)
        where T : struct, IReal<T> =>
        network.LatencyPerDoubling * (group.Doublings * sweeps / T.Literal(2));

    // Eq. COMM-4: every rank of the group drives its own network interface.
    private static BytesPerSecond<T> Rate<T>(
        in GroupInputs<T> group, CollectiveInputs<T> local, NetworkInputs<T> network)
        where T : struct, IReal<T> =>
        BytesPerSecond<T>.Min(local.Rate, network.DeviceRate * group.LocalRanks).Named(Equations.GroupRate);

    /// <summary>What a collective does with its buffer.</summary>
    private enum Sweep
    {
        /// <summary>Sums it, and every rank gets the sum.</summary>
        SumAndGather,

        /// <summary>Every rank gets the parts of the others.</summary>
        Gather,

        /// <summary>Sums it, and every rank gets its part.</summary>
        Sum,
    }
}
