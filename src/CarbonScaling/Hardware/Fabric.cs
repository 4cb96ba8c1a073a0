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

    /// <summary>Switching and cabling; null for links inside a node, whose power is the host's.</summary>
    public SwitchFigures? Switches { get; init; }
}

/// <summary>What a switched network draws.</summary>
/// <param name="Radix">Ports of a switch.</param>
/// <param name="PortPower">Power in watts of a switch per port.</param>
/// <param name="TransceiverPower">Power in watts of a transceiver at one end of a link.</param>
/// <param name="NicPower">Power in watts of a network interface.</param>
public sealed record SwitchFigures(Figure Radix, Figure PortPower, Figure TransceiverPower, Figure NicPower);
