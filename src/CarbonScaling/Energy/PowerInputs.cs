using CarbonScaling.Units;

namespace CarbonScaling.Energy;

/// <summary>What a device, its host and its share of the network draw.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Limit">Thermal design power of the device.</param>
/// <param name="Waiting">Power of a device that a job holds and that waits.</param>
/// <param name="Products">Curve for matrix products.</param>
/// <param name="Attention">Share of the limit in attention.</param>
/// <param name="Memory">Share of the limit in kernels that only move data.</param>
/// <param name="Communication">Share of the limit in exposed communication.</param>
/// <param name="Host">Power of the host per device.</param>
/// <param name="Network">The network.</param>
public sealed record PowerInputs<T>(
    Watts<T> Limit,
    Watts<T> Waiting,
    PowerCurve<T> Products,
    T Attention,
    T Memory,
    T Communication,
    Watts<T> Host,
    NetworkPowerInputs<T> Network)
    where T : struct, IReal<T>;

/// <summary>Power of matrix products as a function of the achieved share of the peak rate.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Floor">Share of the limit at no rate.</param>
/// <param name="Ceiling">Share of the limit at and above saturation.</param>
/// <param name="Exponent">Exponent of the rise.</param>
/// <param name="Saturation">Achieved share of the peak rate at which the power saturates.</param>
public sealed record PowerCurve<T>(T Floor, T Ceiling, T Exponent, T Saturation)
    where T : struct, IReal<T>;

/// <summary>What the network draws.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="NicsPerDevice">Network interfaces per device.</param>
/// <param name="Nic">Power of an interface.</param>
/// <param name="Port">Power of a switch per port.</param>
/// <param name="Transceiver">Power of a transceiver at one end of a link.</param>
/// <param name="Radix">Ports of a switch.</param>
public sealed record NetworkPowerInputs<T>(T NicsPerDevice, Watts<T> Nic, Watts<T> Port, Watts<T> Transceiver, T Radix)
    where T : struct, IReal<T>;
