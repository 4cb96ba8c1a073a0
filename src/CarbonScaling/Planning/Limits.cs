using CarbonScaling.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The limits of a scenario that are checked in order; a plan fails at the first that it exceeds.</summary>
internal enum LimitKind
{
    /// <summary>Memory of a device.</summary>
    Memory,

    /// <summary>Time between failures: a job must restart and save a checkpoint faster than it fails.</summary>
    Failures,

    /// <summary>Wall time.</summary>
    Days,

    /// <summary>Mean power of the facility.</summary>
    Power,

    /// <summary>Emissions.</summary>
    Carbon,
}

/// <summary>What a limit allows.</summary>
/// <param name="Kind">The limit.</param>
/// <param name="Name">Its name in results.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Unit">The unit.</param>
internal readonly record struct Limit(LimitKind Kind, string Name, double Allowed, string Unit)
{
    /// <summary>The memory that counts as 1 where the limit is a share of it, in B.</summary>
    public double Whole { get; init; } = 1;

    /// <summary>Whether it is one of a phase alone, and not of all phases together.</summary>
    public bool IsOfPhase => Kind is LimitKind.Memory or LimitKind.Failures;

    /// <summary>What a plan takes of it, in its unit.</summary>
    public T Taken<T>(in JobCost<T> cost)
        where T : struct, IReal<T> => Kind switch
        {
            LimitKind.Memory => cost.PeakMemory.Value / T.Literal(Whole),
            LimitKind.Failures => cost.Run.Shares.Load,
            LimitKind.Days => cost.Run.WallTime.Value / T.Literal(86_400),
            LimitKind.Power => cost.Footprint.FacilityEnergy.Value / cost.Run.WallTime.Value / T.Literal(1e6),
            _ => cost.Footprint.Total.Value / T.Literal(1000),
        };
}

/// <summary>The limits of a scenario.</summary>
internal static class Limits
{
    /// <summary>All that apply.</summary>
    public static IReadOnlyList<Limit> Of(Scenario scenario, CarbonJob job) => Of(scenario, job, job.Reliability is not null);

    /// <summary>All that apply.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="job">The job on the pool whose memory counts.</param>
    /// <param name="fails">Whether anything fails on any pool.</param>
    public static IReadOnlyList<Limit> Of(Scenario scenario, CarbonJob job, bool fails)
    {
        LimitsSection section = scenario.Limits;
        double capacity = job.Training.Cluster.System.Accelerator.MemoryCapacity.Value;
        List<Limit> limits = [new(LimitKind.Memory, "memory", capacity * (1 - section.MemoryHeadroom), "B")];
        if (fails)
        {
            limits.Add(new(LimitKind.Failures, "failures", 1, "mean times between failures"));
        }

        Add(LimitKind.Days, "limits.days", section.Days, "days");
        Add(LimitKind.Power, "limits.powerMegawatts", section.PowerMegawatts, "MW");
        Add(LimitKind.Carbon, "limits.carbonTonnes", section.CarbonTonnes, "t");
        return limits;

        void Add(LimitKind kind, string name, double? allowed, string unit)
        {
            if (allowed is { } value)
            {
                limits.Add(new(kind, name, value, unit));
            }
        }
    }

    /// <summary>All that apply to one of several pools, with memory as a share of what its devices have.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="job">The job on the pool.</param>
    /// <param name="fails">Whether anything fails on any pool.</param>
    public static IReadOnlyList<Limit> OfPool(Scenario scenario, CarbonJob job, bool fails) =>
    [
        .. Of(scenario, job, fails).Select(limit => limit.Kind != LimitKind.Memory
            ? limit
            : limit with
            {
                Allowed = 1 - scenario.Limits.MemoryHeadroom,
                Unit = "of what the devices of a pool have",
                Whole = job.Training.Cluster.System.Accelerator.MemoryCapacity.Value,
            }),
    ];

    /// <summary>The limits that a plan exceeds.</summary>
    public static IReadOnlyList<LimitViolation> Exceeded(IReadOnlyList<Limit> limits, JobCost<Scalar> cost)
    {
        List<LimitViolation> exceeded = [];
        foreach (Limit limit in limits)
        {
            double taken = limit.Taken(cost).Value;
            if (!(taken <= limit.Allowed))
            {
                exceeded.Add(new(limit.Name, taken, limit.Allowed, limit.Unit));
            }
        }

        return exceeded;
    }
}
