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
        return new(
            new(T.Input(device.ThermalDesignPower)),
            new(T.Input(device.ActiveFloorPower)),
            new(Share("gemm.floor"), Share("gemm.ceiling"), Share("gemm.exponent"), Share("gemm.saturation")),
            Share("attention"),
            Share("memoryBound"),
            Share("communication"),
            new(T.Input(system.HostPower) / T.Input(system.DevicesPerNode)),
            Network<T>(system));

        T Share(string name) => T.Input(DeviceParameters.Of(parameters, "power", device, name));
    }

    private static NetworkPowerInputs<T> Network<T>(NodeSystem system)
        where T : struct, IReal<T>
    {
        if (system.ScaleOut.Switches is not { } switches)
        {
            Watts<T> none = new(T.Literal(0));
            return new(T.Literal(0), none, none, none, T.Literal(1));
        }

        return new(
            T.Input(system.NicsPerDevice),
            new(T.Input(switches.NicPower)),
            new(T.Input(switches.PortPower)),
            new(T.Input(switches.TransceiverPower)),
            T.Input(switches.Radix));
    }
}
