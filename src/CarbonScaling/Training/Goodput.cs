using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Failures and checkpoints of a run.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="FailureRate">Failures per device and second.</param>
/// <param name="Restart">Time from a failure until training goes on.</param>
/// <param name="CheckpointSize">Bytes of a checkpoint.</param>
/// <param name="StorageRate">Rate at which the cluster writes a checkpoint.</param>
/// <param name="HostLinkRate">Rate at which a device copies its part to its host.</param>
public sealed record ReliabilityInputs<T>(
    T FailureRate,
    Seconds<T> Restart,
    Bytes<T> CheckpointSize,
    BytesPerSecond<T> StorageRate,
    BytesPerSecond<T> HostLinkRate)
    where T : struct, IReal<T>;

/// <summary>What becomes of the wall time of a run, as shares that sum to 1.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Useful">Training that lasts.</param>
/// <param name="Checkpoints">Standing still for checkpoints.</param>
/// <param name="Restarts">Standing still after failures.</param>
/// <param name="Rework">Training that was lost and is done again.</param>
/// <param name="TimeToFailure">Mean time between failures of the job; the restart must be much shorter.</param>
/// <param name="Pause">Time that the job stands still for a checkpoint.</param>
/// <param name="Restart">Time that it stands still after a failure.</param>
public readonly record struct WallTimeShares<T>(
    T Useful,
    T Checkpoints,
    T Restarts,
    T Rework,
    Seconds<T> TimeToFailure,
    Seconds<T> Pause,
    Seconds<T> Restart)
    where T : struct, IReal<T>;

/// <summary>How much of a run's wall time trains.</summary>
public static class Goodput
{
    /// <summary>Beyond this many failures per checkpoint interval a run makes no progress, and e^x would overflow.</summary>
    private const double MostFailuresPerInterval = 50;

    /// <summary>A run in which nothing fails and nothing is saved.</summary>
    public static WallTimeShares<T> Perfect<T>()
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        return new(T.Literal(1), none, none, none, Seconds<T>.Zero, Seconds<T>.Zero, Seconds<T>.Zero);
    }

    /// <summary>Shares of the wall time with checkpoints at the best interval.</summary>
    /// <remarks>
    /// Eq. RUN-1 to RUN-3: M = 1/(λN); τ = max(√(2δM), write time) (Young 1974); wall/useful = M/τ · e^(R/M) ·
    /// (e^((τ+δ)/M) − 1) (Daly 2006).
    /// </remarks>
    /// <param name="inputs">Failures and checkpoints.</param>
    /// <param name="devices">Devices of the job N.</param>
    /// <param name="storagePerDevice">Whether the storage grows with the cluster, its rate being that per device.</param>
    /// <param name="asynchronous">Whether training goes on while the storage takes a checkpoint.</param>
    public static WallTimeShares<T> Shares<T>(ReliabilityInputs<T> inputs, T devices, bool storagePerDevice, bool asynchronous)
        where T : struct, IReal<T>
    {
        Seconds<T> timeToFailure = new Seconds<T>(T.Literal(1) / (inputs.FailureRate * devices)).Named(Equations.TimeToFailure);
        Seconds<T> write = inputs.CheckpointSize / (storagePerDevice ? inputs.StorageRate * devices : inputs.StorageRate);
        Seconds<T> pause = asynchronous ? inputs.CheckpointSize / devices / inputs.HostLinkRate : write;
        T young = T.Sqrt(T.Literal(2) * pause.Value * timeToFailure.Value);
        Seconds<T> interval = new Seconds<T>(T.Max(young, write.Value)).Named(Equations.CheckpointInterval);
        T useful = T.Literal(1) / WallPerUseful(inputs.Restart, timeToFailure, interval, pause);
        T checkpoints = useful * (pause / interval);
        T lost = T.Max(T.Literal(0), T.Literal(1) - useful - checkpoints);
        T restarts = T.Min(lost, inputs.Restart / timeToFailure);
        return new(useful, checkpoints, restarts, lost - restarts, timeToFailure, pause, inputs.Restart);
    }

    private static T WallPerUseful<T>(Seconds<T> restart, Seconds<T> timeToFailure, Seconds<T> interval, Seconds<T> pause)
        where T : struct, IReal<T>
    {
        T most = T.Literal(MostFailuresPerInterval);
        T during = T.Min(most, (interval + pause) / timeToFailure);
        T after = T.Min(most, restart / timeToFailure);
        T ratio = timeToFailure / interval * T.Exp(after) * (T.Exp(during) - T.Literal(1));
        return T.Name(ratio, Equations.WallPerUseful);
    }
}
