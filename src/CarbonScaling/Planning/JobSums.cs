using CarbonScaling.Carbon;
using CarbonScaling.Energy;
using CarbonScaling.Explanation;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Sums of what parts of a job take: its phases, which follow each other, or its pools, which run at once.</summary>
internal static class JobSums
{
    /// <summary>What all phases take.</summary>
    /// <remarks>Eq. RUN-7, RUN-8, RUN-10: Σ steps, Σ wall time, shares by wall time; the rest as in <see cref="OverPools"/>.</remarks>
    /// <param name="phases">What each takes, one at least; the only one is the sum itself.</param>
    /// <param name="step">The step to show.</param>
    public static JobCost<T> OverPhases<T>(IReadOnlyList<JobCost<T>> phases, in StepCost<T> step)
        where T : struct, IReal<T>
    {
        if (phases.Count == 1)
        {
            return phases[0];
        }

        T wall = T.Name(Sum(phases, static cost => cost.Run.WallTime.Value), Equations.PhaseWallTime);
        WallTimeShares<T> shares = new(
            Share(static shares => shares.Useful),
            Share(static shares => shares.Checkpoints),
            Share(static shares => shares.Restarts),
            Share(static shares => shares.Rework),
            phases.Select(static cost => cost.Run.Shares.Pause).Aggregate(Seconds<T>.Max),
            phases.Select(static cost => cost.Run.Shares.Load).Aggregate(T.Max));
        RunCost<T> run = new(
            T.Name(Sum(phases, static cost => cost.Run.Steps), Equations.PhaseSteps),
            new(wall),
            DeviceTime(phases),
            shares);
        return Of(phases, step, run);

        T Share(Func<WallTimeShares<T>, T> part) => T.Name(
            Sum(phases, cost => part(cost.Run.Shares) * cost.Run.WallTime.Value) / wall, Equations.PhaseShare);
    }

    /// <summary>What all pools take.</summary>
    /// <remarks>
    /// Eq. RUN-9, ENERGY-5, POW-5, CARBON-6, EMB-8: Σ device time, Σ energy, Σ emissions; mean power and mean embodied
    /// emissions of a device by device time.
    /// </remarks>
    /// <param name="pools">What each takes, one at least; their steps and wall times are equal.</param>
    /// <param name="step">The step to show.</param>
    public static JobCost<T> OverPools<T>(IReadOnlyList<JobCost<T>> pools, in StepCost<T> step)
        where T : struct, IReal<T> =>
        pools.Count == 1 ? pools[0] : Of(pools, step, pools[0].Run with { DeviceTime = DeviceTime(pools) });

    private static JobCost<T> Of<T>(IReadOnlyList<JobCost<T>> parts, in StepCost<T> step, RunCost<T> run)
        where T : struct, IReal<T>
    {
        Joules<T> accelerators = Energy(static cost => cost.Energy.Accelerators);
        Joules<T> network = Energy(static cost => cost.Energy.Network);
        RunEnergy<T> energy = new(
            accelerators,
            Energy(static cost => cost.Energy.Hosts),
            network,
            new Watts<T>(accelerators.Value / run.DeviceTime.Value).Named(Equations.SummedAveragePower),
            new(network.Value / run.DeviceTime.Value));
        Footprint<T> footprint = new(
            Energy(static cost => cost.Footprint.FacilityEnergy),
            Emitted(static cost => cost.Footprint.Operational),
            Emitted(static cost => cost.Footprint.Embodied));
        EmbodiedPerDevice<T> embodied = new(
            PerDevice(static cost => cost.Embodied.Accelerator),
            PerDevice(static cost => cost.Embodied.Host),
            PerDevice(static cost => cost.Embodied.Network));
        Bytes<T> peak = parts.Select(static cost => cost.PeakMemory).Aggregate(Bytes<T>.Max);
        return new(step, peak, run, energy, footprint, embodied);

        Joules<T> Energy(Func<JobCost<T>, Joules<T>> part) =>
            new Joules<T>(Sum(parts, cost => part(cost).Value)).Named(Equations.SummedEnergy);

        Emissions<T> Emitted(Func<JobCost<T>, Emissions<T>> part) =>
            new Emissions<T>(Sum(parts, cost => part(cost).Value)).Named(Equations.SummedEmissions);

        Emissions<T> PerDevice(Func<JobCost<T>, Emissions<T>> part) => new Emissions<T>(
            Sum(parts, cost => part(cost).Value * cost.Run.DeviceTime.Value) / run.DeviceTime.Value)
            .Named(Equations.MeanEmbodied);
    }

    private static Seconds<T> DeviceTime<T>(IReadOnlyList<JobCost<T>> parts)
        where T : struct, IReal<T> =>
        new Seconds<T>(Sum(parts, static cost => cost.Run.DeviceTime.Value)).Named(Equations.SummedDeviceTime);

    private static T Sum<T>(IReadOnlyList<JobCost<T>> parts, Func<JobCost<T>, T> part)
        where T : struct, IReal<T> => parts.Select(part).Aggregate(static (left, right) => left + right);
}
