using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>A kind of link or network.</summary>
public sealed record Fabric
{
    /// <summary>The catalog id, which indexes the collective parameters.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people use.</summary>
    public required string Name { get; init; }

    /// <summary>Peak bandwidth in B/s per device and direction; null for a network, where the node's NICs decide.</summary>
    public Figure? Bandwidth { get; init; }

    /// <summary>Bandwidth in B/s of one link and direction; null where switches join the devices.</summary>
    public Figure? LinkBandwidth { get; init; }

    /// <summary>
    /// Links that a device has to the others of its group, by the size of the group, where the mesh is not a full one with a
    /// link between every pair.
    /// </summary>
    public IReadOnlyDictionary<int, Figure> LinksOfGroup { get; init; } = new Dictionary<int, Figure>();

    /// <summary>Bandwidth in B/s of one port of a network and direction; null inside a domain.</summary>
    public Figure? PortBandwidth { get; init; }

    /// <summary>Switching and cabling; null where no power is booked for it: links inside a node draw the host's.</summary>
    public SwitchFigures? Switches { get; init; }
}

/// <summary>What a switched network draws.</summary>
/// <param name="Radix">Ports of a switch.</param>
/// <param name="PortPower">Power in watts of a switch per port.</param>
/// <param name="TransceiverPower">Power in watts of a transceiver at one end of a link.</param>
/// <param name="NicPower">Power in watts of a network interface.</param>
public sealed record SwitchFigures(Figure Radix, Figure PortPower, Figure TransceiverPower, Figure NicPower);
