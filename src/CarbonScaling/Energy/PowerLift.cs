using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Energy;

/// <summary>Takes the inputs of the power equations from catalog entries and parameters.</summary>
public static class PowerLift
{
    /// <summary>What the devices of a system draw.</summary>
    public static PowerInputs<T> Power<T>(NodeSystem system, ModelParameters parameters)
        where T : struct, IReal<T>
    {
        Accelerator device = system.Accelerator;
        string prefix = "power." + device.Generation;
        return new(
            new(T.Input(device.ThermalDesignPower)),
            new(T.Input(device.ActiveFloorPower)),
            new(
                T.Input(parameters[prefix + ".gemm.floor"]),
                T.Input(parameters[prefix + ".gemm.ceiling"]),
                T.Input(parameters[prefix + ".gemm.exponent"]),
                T.Input(parameters[prefix + ".gemm.saturation"])),
            T.Input(parameters[prefix + ".attention"]),
            T.Input(parameters[prefix + ".memoryBound"]),
            T.Input(parameters[prefix + ".communication"]),
            new(T.Input(system.HostPower) / T.Input(system.DevicesPerNode)),
            Network<T>(system));
    }

    private static NetworkPowerInputs<T> Network<T>(NodeSystem system)
        where T : struct, IReal<T>
    {
        SwitchFigures switches = system.ScaleOut.Switches
            ?? throw new InvalidOperationException($"The scale-out fabric '{system.ScaleOut.Id}' states no switches.");
        return new(
            T.Input(system.NicsPerDevice),
            new(T.Input(switches.NicPower)),
            new(T.Input(switches.PortPower)),
            new(T.Input(switches.TransceiverPower)),
            T.Input(switches.Radix));
    }
}
