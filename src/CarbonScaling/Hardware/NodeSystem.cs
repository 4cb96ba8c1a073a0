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

    /// <summary>The network between nodes.</summary>
    public required Fabric ScaleOut { get; init; }

    /// <summary>Accelerators in a node.</summary>
    public required Figure DevicesPerNode { get; init; }

    /// <summary>Accelerators in a scale-up domain.</summary>
    public required Figure ScaleUpDomain { get; init; }

    /// <summary>Scale-out bandwidth in B/s per device and direction.</summary>
    public required Figure NicBandwidth { get; init; }

    /// <summary>Network interfaces per device.</summary>
    public required Figure NicsPerDevice { get; init; }

    /// <summary>Bandwidth in B/s between a device and its host, per direction.</summary>
    public required Figure HostLinkBandwidth { get; init; }

    /// <summary>Power in watts of everything in a node but its accelerators, at training load.</summary>
    public required Figure HostPower { get; init; }
}
