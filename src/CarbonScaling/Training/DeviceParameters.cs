using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>
/// Parameters of a device and of its links: its own where it was measured apart from its generation (another power limit,
/// another number of units behind the same memory), else those of its generation.
/// </summary>
public static class DeviceParameters
{
    private static readonly AttentionKernel[] FusedKernels = [AttentionKernel.Flash1, AttentionKernel.Flash2, AttentionKernel.Flash3];

    /// <summary>A parameter of a device.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="family">What it is about, for example <c>gemm</c>.</param>
    /// <param name="device">The device.</param>
    /// <param name="name">Its name, for example <c>16bit.efficiency</c>; null for a family with one parameter.</param>
    /// <exception cref="KeyNotFoundException">Neither the device nor its generation has it.</exception>
    public static Figure Of(ModelParameters parameters, string family, Accelerator device, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(device);
        string rest = name is null ? "" : "." + name;
        string own = $"{family}.{device.Id}{rest}";
        return parameters[parameters.Has(own) ? own : $"{family}.{device.Generation}{rest}"];
    }

    /// <summary>A parameter of the links inside a domain: of the fabric where it has its own, else of its form.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="family">What it is about: <c>collective</c> or <c>pointToPoint</c>.</param>
    /// <param name="system">The system.</param>
    /// <param name="name">Its name, for example <c>latencyPerHop</c>.</param>
    /// <exception cref="KeyNotFoundException">Neither the fabric nor its form has it.</exception>
    public static Figure OfFabric(ModelParameters parameters, string family, NodeSystem system, string name)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(system);
        string form = system.Topology.Form switch
        {
            TopologyForm.Torus => "torus",
            TopologyForm.Mesh => "mesh",
            _ => "switched",
        };
        string[] places = [$"{family}.{system.ScaleUp.Id}.{name}", $"{family}.{form}.{name}"];
        return parameters[places.FirstOrDefault(parameters.Has) ?? $"{family}.scaleUp.{name}"];
    }

    /// <summary>
    /// The fused attention kernels that were measured, or are assumed, for a device, the newest last. What a vendor ships
    /// for its own devices goes by the name of the algorithm, FlashAttention-2.
    /// </summary>
    public static IReadOnlyList<AttentionKernel> AttentionKernels(ModelParameters parameters, Accelerator device)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(device);
        return
        [
            .. FusedKernels.Where(kernel =>
                parameters.Has($"attention.{device.Id}.{NameOf(kernel)}.efficiency")
                || parameters.Has($"attention.{device.Generation}.{NameOf(kernel)}.efficiency")),
        ];
    }

    /// <summary>The name by which parameters know a fused attention kernel.</summary>
    public static string NameOf(AttentionKernel kernel) => kernel switch
    {
        AttentionKernel.Flash1 => "flash1",
        AttentionKernel.Flash2 => "flash2",
        _ => "flash3",
    };
}
