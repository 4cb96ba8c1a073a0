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
/// <param name="Pause">Time that the job stands still for a checkpoint.</param>
/// <param name="Load">
/// Time for a restart and for a checkpoint until it is safe, over the mean time between failures: a job beyond 1 fails
/// faster than it can save anything.
/// </param>
public readonly record struct WallTimeShares<T>(T Useful, T Checkpoints, T Restarts, T Rework, Seconds<T> Pause, T Load)
    where T : struct, IReal<T>;

/// <summary>How much of a run's wall time trains.</summary>
public static class Goodput
{
    /// <summary>Beyond this many failures per checkpoint interval a run makes no progress, and e^x would overflow.</summary>
    private const double MostFailuresPerInterval = 50;

    /// <summary>Below this, (e^x − 1)/x loses digits that its series has.</summary>
    private const double SmallExponent = 1e-5;

    /// <summary>Failures of a job per second below which no run ever sees one, and the numbers overflow.</summary>
    private const double LeastFailuresPerSecond = 1e-30;

    /// <summary>A run in which nothing fails and nothing is saved.</summary>
    public static WallTimeShares<T> Perfect<T>()
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        return new(T.Literal(1), none, none, none, Seconds<T>.Zero, none);
    }

    /// <summary>Shares of the wall time with checkpoints at the best interval.</summary>
    /// <remarks>
    /// Eq. RUN-1 to RUN-3: M = 1/(λN); τ = max(√(2δM), write time) (Young 1974); wall/useful = M/τ · e^((R+w)/M) ·
    /// (e^((τ+δ)/M) − 1). That is Daly 2006 for a job that stands still while the storage writes (δ the write, w = 0). Where
    /// the storage writes beside training, a checkpoint is safe only w after the pause δ in which the devices copy it, and
    /// a failure before that goes back to the one before: after a restart the job must last for τ + δ + w to save anything,
    /// and for τ + δ more each next time, which gives the factor e^(w/M). Restarts take 1 − e^(−R/M), failures hit them too.
    /// </remarks>
    /// <param name="inputs">Failures and checkpoints.</param>
    /// <param name="devices">Devices of the job N.</param>
    /// <param name="storagePerDevice">Whether the storage grows with the cluster, its rate being that per device.</param>
    /// <param name="asynchronous">Whether training goes on while the storage takes a checkpoint.</param>
    public static WallTimeShares<T> Shares<T>(ReliabilityInputs<T> inputs, T devices, bool storagePerDevice, bool asynchronous)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T failures = T.Max(inputs.FailureRate * devices, T.Literal(LeastFailuresPerSecond));
        Seconds<T> timeToFailure = new Seconds<T>(one / failures).Named(Equations.TimeToFailure);
        Seconds<T> write = inputs.CheckpointSize / (storagePerDevice ? inputs.StorageRate * devices : inputs.StorageRate);
        Seconds<T> pause = asynchronous ? inputs.CheckpointSize / devices / inputs.HostLinkRate : write;
        Seconds<T> beside = asynchronous ? write : Seconds<T>.Zero;
        T young = T.Sqrt(T.Literal(2) * pause.Value * timeToFailure.Value);
        Seconds<T> interval = new Seconds<T>(T.Max(young, write.Value)).Named(Equations.CheckpointInterval);
        T useful = one / WallPerUseful(inputs.Restart + beside, timeToFailure, interval, pause);
        T checkpoints = useful * (pause / interval);
        T lost = T.Max(T.Literal(0), one - useful - checkpoints);
        T restarts = T.Min(lost, one - T.Exp(-(inputs.Restart / timeToFailure)));
        T load = (inputs.Restart + pause + beside) / timeToFailure;
        return new(useful, checkpoints, restarts, lost - restarts, pause, load);
    }

    private static T WallPerUseful<T>(Seconds<T> unsafely, Seconds<T> timeToFailure, Seconds<T> interval, Seconds<T> pause)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T most = T.Literal(MostFailuresPerInterval);
        T during = T.Min(most, (interval + pause) / timeToFailure);
        T after = T.Min(most, unsafely / timeToFailure);

        // M/τ·(e^x − 1) is (1 + δ/τ)·(e^x − 1)/x, which stays above 1 where the exponent is capped.
        T growth = T.WhereGreater(
            during, T.Literal(SmallExponent), (T.Exp(during) - one) / during, one + (during / T.Literal(2)));
        return T.Name((one + (pause / interval)) * T.Exp(after) * growth, Equations.WallPerUseful);
    }
}
