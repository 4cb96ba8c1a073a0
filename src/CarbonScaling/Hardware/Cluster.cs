using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>Accelerators of one system, joined by its network.</summary>
/// <param name="System">The nodes.</param>
/// <param name="Devices">Number of accelerators.</param>
/// <param name="Oversubscription">Ratio of a tier's downward to its upward bandwidth; 1 is non-blocking.</param>
/// <param name="Contention">Share of the devices below a tier whose traffic crosses it at the same time, above 0 up to 1.</param>
public sealed record Cluster(NodeSystem System, Figure Devices, Figure Oversubscription, Figure Contention)
{
    /// <summary>Number of accelerators as an integer.</summary>
    public int DeviceCount => (int)Devices.Value;

    /// <summary>Accelerators in a scale-up domain as an integer.</summary>
    public int DomainSize => (int)System.ScaleUpDomain.Value;
}
