using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What a collective takes inside a scale-up domain.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Latency">Time of an empty message α.</param>
/// <param name="RootLatency">Time per square root of the message γ, in s/√B.</param>
/// <param name="Rate">Bus bandwidth β that large messages approach.</param>
public sealed record CollectiveInputs<T>(Seconds<T> Latency, T RootLatency, BytesPerSecond<T> Rate)
    where T : struct, IReal<T>;

/// <summary>The network between nodes, as a device sees it.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="DeviceRate">Bandwidth per device after efficiency and oversubscription.</param>
/// <param name="LatencyPerDoubling">Time that a collective takes for each doubling of the nodes.</param>
/// <param name="RootLatency">Time per square root of the message, in s/√B.</param>
/// <param name="TransferLatency">Time of an empty transfer between two devices on different nodes.</param>
/// <param name="TransferRate">Bandwidth of such a transfer.</param>
/// <param name="LocalTransferLatency">Time of an empty transfer inside a domain.</param>
/// <param name="LocalTransferRate">Bandwidth of such a transfer.</param>
public sealed record NetworkInputs<T>(
    BytesPerSecond<T> DeviceRate,
    Seconds<T> LatencyPerDoubling,
    T RootLatency,
    Seconds<T> TransferLatency,
    BytesPerSecond<T> TransferRate,
    Seconds<T> LocalTransferLatency,
    BytesPerSecond<T> LocalTransferRate)
    where T : struct, IReal<T>;

/// <summary>A group of ranks that communicate: its size, its place and its links.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Tier">Levels of the fabric that it spans.</param>
/// <param name="Ranks">Ranks n.</param>
/// <param name="LocalRanks">Ranks in one scale-up domain.</param>
/// <param name="Links">Collectives inside a domain; null where no two ranks share one.</param>
public readonly record struct GroupInputs<T>(FabricTier Tier, T Ranks, T LocalRanks, LocalLinks<T>? Links)
    where T : struct, IReal<T>
{
    /// <summary>How often the domains that the group spans double, log₂ of their number.</summary>
    public T Doublings { get; } = Tier < FabricTier.ScaleOut
        ? T.Literal(0)
        : T.Log(Ranks / LocalRanks) / T.Literal(Math.Log(2));

    /// <summary>The same group as ranks in other pools see it; null where all lie in one.</summary>
    public GroupElsewhere<T>[]? Elsewhere { get; init; }
}

/// <summary>A group of ranks as those in another pool see it.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Group">The group, by the links of that pool.</param>
/// <param name="Network">The network of that pool.</param>
public sealed record GroupElsewhere<T>(GroupInputs<T> Group, NetworkInputs<T> Network)
    where T : struct, IReal<T>;

/// <summary>The collectives of some ranks inside a scale-up domain.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="AllReduce">All-reduce.</param>
/// <param name="AllGather">All-gather.</param>
/// <param name="ReduceScatter">Reduce-scatter.</param>
/// <param name="AllToAll">All-to-all.</param>
public sealed record LocalLinks<T>(
    CollectiveInputs<T> AllReduce,
    CollectiveInputs<T> AllGather,
    CollectiveInputs<T> ReduceScatter,
    CollectiveInputs<T> AllToAll)
    where T : struct, IReal<T>;
