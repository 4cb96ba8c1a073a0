using CarbonScaling.Carbon;
using CarbonScaling.Energy;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>What a job takes with a plan.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Step">A training step.</param>
/// <param name="PeakMemory">Memory of a device on the stage that needs most.</param>
/// <param name="Run">The run.</param>
/// <param name="Energy">Its energy.</param>
/// <param name="Footprint">Its emissions.</param>
/// <param name="Embodied">Emissions of making the hardware, per device.</param>
public readonly record struct JobCost<T>(
    StepCost<T> Step,
    Bytes<T> PeakMemory,
    RunCost<T> Run,
    RunEnergy<T> Energy,
    Footprint<T> Footprint,
    EmbodiedPerDevice<T> Embodied)
    where T : struct, IReal<T>;
