using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>A whole training run.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Steps">Steps.</param>
/// <param name="WallTime">From the first step to the last, with what is lost.</param>
/// <param name="DeviceTime">Wall time summed over the devices.</param>
/// <param name="Shares">What becomes of the wall time.</param>
public readonly record struct RunCost<T>(T Steps, Seconds<T> WallTime, Seconds<T> DeviceTime, WallTimeShares<T> Shares)
    where T : struct, IReal<T>;

/// <summary>From a step to a run.</summary>
public static class Run
{
    /// <summary>A run over a number of tokens.</summary>
    /// <remarks>Eq. RUN-4 to RUN-6: steps = ⌈tokens/(B·s)⌉; wall = steps · step / useful share; device time = N · wall.</remarks>
    public static RunCost<T> Cost<T>(
        T tokens, T globalBatch, T sequenceLength, T devices, Seconds<T> step, in WallTimeShares<T> shares)
        where T : struct, IReal<T>
    {
        T steps = T.Name(T.Ceiling(tokens / (globalBatch * sequenceLength)), Equations.StepCount);
        Seconds<T> wall = (step * steps / shares.Useful).Named(Equations.WallTime);
        return new(steps, wall, (wall * devices).Named(Equations.DeviceTime), shares);
    }
}
