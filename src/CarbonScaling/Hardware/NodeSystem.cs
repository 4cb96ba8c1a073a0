using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>A server and how its accelerators are linked.</summary>
public sealed record NodeSystem
{
    /// <summary>The catalog id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people use.</summary>
    public required string Name { get; init; }

    /// <summary>Its accelerators.</summary>
    public required Accelerator Accelerator { get; init; }

    /// <summary>The links inside the scale-up domain.</summary>
    public required Fabric ScaleUp { get; init; }

    /// <summary>How they join the devices.</summary>
    public ScaleUpTopology Topology { get; init; } = ScaleUpTopology.Switched;

    /// <summary>The network between domains.</summary>
    public required Fabric ScaleOut { get; init; }

    /// <summary>Accelerators in a node.</summary>
    public required Figure DevicesPerNode { get; init; }

    /// <summary>Accelerators in a scale-up domain, which may hold several nodes or, of pairs, be a part of one.</summary>
    public required Figure ScaleUpDomain { get; init; }

    /// <summary>Scale-out bandwidth in B/s per device and direction.</summary>
    public required Figure NicBandwidth { get; init; }

    /// <summary>Network interfaces per device.</summary>
    public required Figure NicsPerDevice { get; init; }

    /// <summary>Bandwidth in B/s between a device and its host, per direction.</summary>
    public required Figure HostLinkBandwidth { get; init; }

    /// <summary>Power in watts of everything in a node but its accelerators, at training load.</summary>
    public required Figure HostPower { get; init; }

    /// <summary>The entry of the catalog with what making its host emits.</summary>
    public string HostEmbodied { get; init; } = "host-8-device";

    /// <summary>
    /// Whether every device of a node has a network interface of its own, so that devices of the same place in their nodes
    /// form a rail. Otherwise <see cref="NicBandwidth"/> is a device's share of what the node has.
    /// </summary>
    public bool HasRails => NicsPerDevice.Value >= 1;

    /// <summary>
    /// The bandwidth in B/s between two devices of a domain that are next to each other: all of a device's through switches,
    /// that of one link without.
    /// </summary>
    public Figure? PairBandwidth => Topology.Form == TopologyForm.Switched ? ScaleUp.Bandwidth : ScaleUp.LinkBandwidth;

    /// <summary>The same system with another scale-out bandwidth, through as many more or fewer of the same interfaces.</summary>
    /// <param name="bandwidth">Scale-out bandwidth in B/s per device and direction.</param>
    public NodeSystem WithNicBandwidth(Figure bandwidth) => this with
    {
        NicBandwidth = bandwidth,
        NicsPerDevice = NicsPerDevice with
        {
            Value = ScaleOut.PortBandwidth is { } port
                ? bandwidth.Value / port.Value
                : NicsPerDevice.Value * bandwidth.Value / NicBandwidth.Value,
            Status = FigureStatus.Computed,
        },
    };
}
