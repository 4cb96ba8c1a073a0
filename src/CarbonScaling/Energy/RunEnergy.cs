using CarbonScaling.Explanation;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Energy;

/// <summary>Energy of a run.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Accelerators">The accelerators.</param>
/// <param name="Hosts">The rest of the nodes.</param>
/// <param name="Network">The network between nodes.</param>
/// <param name="AverageDevice">Mean power of an accelerator over the wall time.</param>
/// <param name="NetworkPower">Power of the network per device.</param>
public readonly record struct RunEnergy<T>(
    Joules<T> Accelerators,
    Joules<T> Hosts,
    Joules<T> Network,
    Watts<T> AverageDevice,
    Watts<T> NetworkPower)
    where T : struct, IReal<T>
{
    /// <summary>All information technology.</summary>
    /// <remarks>Eq. ENERGY-4: the sum.</remarks>
    public Joules<T> InformationTechnology => (Accelerators + Hosts + Network).Named(Equations.InformationTechnologyEnergy);
}

/// <summary>From the phases of a step to the energy of a run.</summary>
public static class EnergyUse
{
    /// <summary>Energy of a run.</summary>
    /// <remarks>
    /// Eq. ENERGY-1 to ENERGY-3: device time × (mean device power, host power, network power). Eq. POW-4: a device draws
    /// the power of a step while it trains, for good or in vain, and that of waiting else.
    /// </remarks>
    /// <param name="step">The step.</param>
    /// <param name="run">The run.</param>
    /// <param name="achieved">Achieved share of the peak rate in matrix products.</param>
    /// <param name="devices">Devices of the job.</param>
    /// <param name="power">What they draw.</param>
    public static RunEnergy<T> Of<T>(
        in StepCost<T> step, in RunCost<T> run, T achieved, T devices, PowerInputs<T> power)
        where T : struct, IReal<T>
    {
        Watts<T> training = StepPower(step, achieved, power);
        T busy = run.Shares.Useful + run.Shares.Rework;
        T still = run.Shares.Checkpoints + run.Shares.Restarts;
        Watts<T> average = ((training * busy) + (power.Waiting * still)).Named(Equations.AveragePower);
        Watts<T> network = DevicePower.Network(power.Network, devices);
        return new(
            (average * run.DeviceTime).Named(Equations.AcceleratorEnergy),
            (power.Host * run.DeviceTime).Named(Equations.HostEnergy),
            (network * run.DeviceTime).Named(Equations.NetworkEnergy),
            average,
            network);
    }

    /// <summary>Mean power of a device over a step.</summary>
    /// <remarks>Eq. POW-2: Σ over the phases of power × share of the step, on average over the stages.</remarks>
    public static Watts<T> StepPower<T>(in StepCost<T> step, T achieved, PowerInputs<T> power)
        where T : struct, IReal<T>
    {
        DevicePhases<T> phases = step.Phases;
        Seconds<T> waiting = Seconds<T>.Max(
            Seconds<T>.Zero,
            step.Duration - phases.Products - phases.Attention - phases.Memory - phases.Communication);
        Joules<T> energy = (DevicePower.Products(power, achieved) * phases.Products)
            + (power.Limit * power.Attention * phases.Attention)
            + (power.Limit * power.Memory * phases.Memory)
            + (power.Limit * power.Communication * phases.Communication)
            + (power.Waiting * waiting);
        return new Watts<T>(energy.Value / step.Duration.Value).Named(Equations.StepPower);
    }
}
