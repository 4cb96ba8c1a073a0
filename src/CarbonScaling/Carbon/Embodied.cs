using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Emissions of making the hardware, per device.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Accelerator">The accelerator with its memory, board and cooling.</param>
/// <param name="Host">The rest of the node.</param>
/// <param name="Network">The network.</param>
public readonly record struct EmbodiedPerDevice<T>(Emissions<T> Accelerator, Emissions<T> Host, Emissions<T> Network)
    where T : struct, IReal<T>
{
    /// <summary>All of it.</summary>
    /// <remarks>Eq. EMB-6: the sum.</remarks>
    public Emissions<T> Total => (Accelerator + Host + Network).Named(Equations.EmbodiedPerDevice);
}

/// <summary>Bottom-up emissions of making the hardware.</summary>
public static class Embodied
{
    /// <summary>Emissions of making what one device of the job needs.</summary>
    /// <remarks>Eq. EMB-5: the network by the power for which it is built.</remarks>
    /// <param name="accelerator">The accelerator (EMB-3), which no plan changes.</param>
    /// <param name="inputs">The parts.</param>
    /// <param name="provisioned">Power for which the network is built, per device.</param>
    public static EmbodiedPerDevice<T> PerDevice<T>(
        Emissions<T> accelerator, EmbodiedInputs<T> inputs, Watts<T> provisioned)
        where T : struct, IReal<T> => new(
        accelerator,
        inputs.Host,
        (inputs.NetworkPerWatt * provisioned.Value).Named(Equations.EmbodiedNetwork));

    /// <summary>Emissions of making an accelerator.</summary>
    /// <remarks>
    /// Eq. EMB-3: dies + memory + interposer + board. No loss of packages in bonding is added: the memory factors are
    /// taken from footprints of finished products, which contain it. Eq. EMB-4: the memory by its capacity.
    /// </remarks>
    public static Emissions<T> Accelerator<T>(EmbodiedInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Emissions<T> memory = (inputs.Memory * inputs.MemoryCapacity.Value).Named(Equations.EmbodiedMemory);
        Emissions<T> dies = Dies(inputs.Die, inputs.Wafer);
        dies = inputs.OtherDie is { } other ? dies + Dies(other, inputs.Wafer) : dies;
        Emissions<T> package = dies + memory + inputs.Board;
        package = inputs.InterposerArea is { } area ? package + (inputs.Interposer * AreaOnWafer(area, inputs.Wafer)) : package;
        return package.Named(Equations.EmbodiedAccelerator);
    }

    // Eq. EMB-1: dies × area on the wafer × (intensity × energy + gases + materials per area) / share sold.
    private static Emissions<T> Dies<T>(DieInputs<T> die, WaferInputs<T> wafer)
        where T : struct, IReal<T>
    {
        Emissions<T> perArea = (die.EnergyPerArea * die.FabIntensity) + die.GasPerArea + die.MaterialsPerArea;
        T area = die.Count * AreaOnWafer(die.Area, wafer) / SoldShare(die);
        return (perArea * area).Named(Equations.EmbodiedDies);
    }

    /// <summary>Share of the dies that are sold.</summary>
    /// <remarks>Eq. EMB-7: Y + (1 − Y)·salvaged, Y = (1 + A·D₀/α)^−α.</remarks>
    private static T SoldShare<T>(DieInputs<T> die)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T yield = T.Exp(-die.Clustering * T.Log(one + (die.Area * die.DefectDensity / die.Clustering)));
        return T.Name(yield + ((one - yield) * die.SalvagedShare), Equations.SoldShare);
    }

    /// <summary>Wafer area that a die takes, with what is lost at the edge.</summary>
    /// <remarks>Eq. EMB-2: wafer area / whole dies, π(φ/2)²/A − 0.51·πφ/√A, A with the saw line and φ without the edge.</remarks>
    private static T AreaOnWafer<T>(T dieArea, WaferInputs<T> wafer)
        where T : struct, IReal<T>
    {
        T pi = T.Literal(Math.PI);
        T four = T.Literal(4);
        T side = T.Sqrt(dieArea) + wafer.Kerf;
        T usable = wafer.Diameter - (T.Literal(2) * wafer.EdgeExclusion);
        T whole = (pi / four * usable * usable / (side * side)) - (T.Literal(0.51) * pi * usable / side);
        return T.Name(pi / four * wafer.Diameter * wafer.Diameter / whole, Equations.AreaOnWafer);
    }
}
