using CarbonScaling.Explanation;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>What a plan takes on several pools.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Pools">What each pool takes; its steps last as long as those of the slowest.</param>
/// <param name="Own">How long the step of each pool would last without the others.</param>
internal sealed record PoolCosts<T>(IReadOnlyList<JobCost<T>> Pools, IReadOnlyList<Seconds<T>> Own)
    where T : struct, IReal<T>
{
    /// <summary>Evaluates a plan.</summary>
    /// <param name="parts">Its parts, joined; several.</param>
    /// <param name="form">What the pools share out.</param>
    public static PoolCosts<T> Of(IReadOnlyList<PoolPart<T>> parts, PoolForm? form)
    {
        IReadOnlyList<StepCost<T>> steps = form == PoolForm.Pipeline ? Pipeline(parts) : [.. parts.Select(StepOf)];
        Seconds<T> duration = form == PoolForm.Pipeline ? steps[0].Duration : Slowest(steps);
        ReliabilityInputs<T>? reliability = Reliability(parts);

        // Of pools in which nothing fails there may be some; checkpoints are written as where something does.
        JobModel<T> model = (parts.FirstOrDefault(static part => part.Model.Inputs.Reliability is not null) ?? parts[0]).Model;
        RunCost<T> run = model.RunOf(duration, parts[0].Plan.Devices, reliability);
        return new(
            [.. parts.Select((part, i) => part.Model.Account(
                part.Layer,
                part.Plan,
                part.Shape,
                steps[i] with { Duration = duration },
                run with { DeviceTime = (run.WallTime * part.Devices).Named(Equations.DeviceTime) }))],
            [.. steps.Select(static step => step.Duration)]);
    }

    /// <summary>A step of replicas of one pool, which exchange gradients with those of the others.</summary>
    public static StepCost<T> StepOf(PoolPart<T> part) =>
        part.Model.StepOf(part.Layer, part.Plan, part.Shape, part.Groups);

    // Eq. STEP-18: a synchronous step lasts as long as that of the slowest pool.
    private static Seconds<T> Slowest(IReadOnlyList<StepCost<T>> steps) =>
        steps.Select(static step => step.Duration).Aggregate(Seconds<T>.Max).Named(Equations.SlowestPoolTime);

    private static IReadOnlyList<StepCost<T>> Pipeline(IReadOnlyList<PoolPart<T>> parts) => PipelineAcrossPools.Combine<T>(
        [.. parts.Select(static part => new PipelinePart<T>(
            part.Layer,
            part.Plan,
            part.Shape,
            part.Groups,
            part.Model.Inputs.Machine,
            part.Job.Training.Software,
            [.. Enumerable.Range(part.Split.Span.First, part.Split.HeldStages).Select(part.Split.LayersOf)]))],
        parts[0].Split.Plan.MicroBatches,
        PoolKinds.AreJoinedAlike([.. parts.Select(static part => part.Job)], [.. parts.Select(static part => part.Shape)]));

    /// <remarks>
    /// Eq. RUN-11: failures of all devices count; a checkpoint is as large as of one pool and copied to the hosts at the
    /// pace of the slowest.
    /// </remarks>
    private static ReliabilityInputs<T>? Reliability(IReadOnlyList<PoolPart<T>> parts)
    {
        PoolPart<T>[] failing = [.. parts.Where(static part => part.Model.Inputs.Reliability is not null)];
        if (failing.Length == 0)
        {
            return null;
        }

        T failures = failing
            .Select(static part => part.Model.Inputs.Reliability!.FailureRate * part.Devices)
            .Aggregate(static (left, right) => left + right);
        return failing[0].Model.Inputs.Reliability! with
        {
            FailureRate = T.Name(failures / parts[0].Plan.Devices, Equations.PoolFailureRate),
            HostLinkRate = failing.Select(static part => part.Model.Inputs.Reliability!.HostLinkRate).Aggregate(BytesPerSecond<T>.Min),
        };
    }
}
