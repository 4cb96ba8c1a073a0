using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What a collective takes inside a scale-up domain.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Latency">Time of an empty message α.</param>
/// <param name="RootLatency">Time per square root of the message γ, in s/√B.</param>
/// <param name="Rate">Bus bandwidth β that large messages approach.</param>
public readonly record struct CollectiveInputs<T>(Seconds<T> Latency, T RootLatency, BytesPerSecond<T> Rate)
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
public readonly record struct NetworkInputs<T>(
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
/// <param name="AllReduce">All-reduce inside a domain.</param>
/// <param name="AllGather">All-gather inside a domain.</param>
/// <param name="ReduceScatter">Reduce-scatter inside a domain.</param>
public readonly record struct GroupInputs<T>(
    Hardware.FabricTier Tier,
    T Ranks,
    T LocalRanks,
    CollectiveInputs<T> AllReduce,
    CollectiveInputs<T> AllGather,
    CollectiveInputs<T> ReduceScatter)
    where T : struct, IReal<T>;
