using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>Accelerators of one system, joined by its network.</summary>
/// <param name="System">The nodes.</param>
/// <param name="Devices">Number of accelerators.</param>
/// <param name="Oversubscription">Ratio of a tier's downward to its upward bandwidth; 1 is non-blocking.</param>
public sealed record Cluster(NodeSystem System, Figure Devices, Figure Oversubscription)
{
    /// <summary>Number of accelerators as an integer.</summary>
    public int DeviceCount => (int)Devices.Value;

    /// <summary>Accelerators in a scale-up domain as an integer.</summary>
    public int DomainSize => (int)System.ScaleUpDomain.Value;
}
