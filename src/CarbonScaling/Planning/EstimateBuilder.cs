using System.Reflection;
using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Makes the result that a user sees of a job and a plan.</summary>
internal sealed class EstimateBuilder(Scenario scenario, ResolvedScenario resolved, FlopsConvention convention, bool chosen)
{
    private const double Tera = 1e12;

    private static readonly string Version =
        typeof(EstimateBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly PlanAssessor _assessor = new(scenario, resolved, convention, chosen);

    /// <summary>Evaluates a plan of a job without phases on one pool.</summary>
    public Assessment<T> Assess<T>(SplitPlan plan)
        where T : struct, IReal<T>
    {
        PlanFigures figures = new(scenario, chosen);
        return Assessment<T>.Of(resolved.Job, plan, convention, number => figures.Of(plan, number));
    }

    /// <summary>Evaluates a plan.</summary>
    public Assessment<T> Assess<T>(JobPlan plan)
        where T : struct, IReal<T> => _assessor.Assess<T>(plan, _assessor.Assess(plan));

    /// <summary>The result for a plan of a job without phases on one pool.</summary>
    public Estimate Build(SplitPlan plan) => Build(JobPlan.Of(plan));

    /// <summary>The result for a plan.</summary>
    public Estimate Build(JobPlan plan)
    {
        Assessment<Scalar> result = _assessor.Assess(plan);
        Assessment<Traced> traced = _assessor.Assess<Traced>(plan, result);
        IReadOnlyList<Assessment<Scalar>> phases = result.PhasesOrSelf;
        int shown = result.Phases.Count == 0 ? 0 : phases.Index().First(phase => ReferenceEquals(phase.Item.Layer, result.Layer)).Index;
        CarbonJob job = result.Job;
        double Of(string path) => Readings.Read(path, result).Value;
        return new()
        {
            ProgramVersion = Version,
            ModelVersion = job.Training.Parameters.Id,
            InputsDigest = InputsDigest.Of(Version, scenario, resolved, plan, traced),
            Name = scenario.Name,
            Model = new(
                job.Training.Model.Id,
                Of("model.parameters"),
                Of("model.activeParameters"),
                resolved.PredictedLoss,
                job.Training.Model.LayerCount,
                (int)job.Training.Model.Hidden.Value,
                (long)job.Training.SequenceLength.Value,
                Names.Of(job.Training.Format)),
            Cluster = ClusterOf(phases[shown]),
            Plan = EstimateReading.PlanOf(plan.Phases[shown], job),
            Memory = MemoryOf(result, phases, shown),
            Step = EstimateReading.StepOf(result),
            Run = EstimateReading.RunOf(result, phases.Sum(static phase => phase.Job.Training.Tokens.Value)),
            Energy = EstimateReading.EnergyOf(result),
            Carbon = EstimateReading.CarbonOf(result),
            Phases = result.Phases.Count == 0 ? null : [.. phases.Select((phase, i) => PhaseOf(phase, plan.Phases[i], i))],
            Pools = EstimateReading.PoolsOf(phases[shown], phases, scenario.Limits.MemoryHeadroom),
            Intervals = IntervalsOf(traced),
            Extrapolation = ExtrapolationOf(result, DevicesOf(phases[shown]), Of("model.parameters")),
            Violations = ViolationsOf(result),
            Warnings = Warnings.Of(traced),
        };
    }

    /// <summary>The plan of one pool as a result shows it.</summary>
    public static EstimatedPlan PlanOf(in TrainingPlan plan) => EstimateReading.PlanOf(plan);

    private static double DevicesOf(Assessment<Scalar> phase) => phase.Split[PlanNumber.Devices];

    private static EstimatedCluster ClusterOf(Assessment<Scalar> phase)
    {
        IReadOnlyList<Assessment<Scalar>> pools = phase.PoolsOrSelf;
        return new(
            Joined(static system => system.Id),
            Joined(static system => system.Accelerator.Id),
            (long)DevicesOf(phase),
            phase.Peak.Value.Value / Tera);

        string Joined(Func<Hardware.NodeSystem, string> name) => string.Join(
            " + ", pools.Select(pool => name(pool.Job.Training.Cluster.System)).Distinct(StringComparer.Ordinal));
    }

    // The memory of the phase that is shown; the fullest phase decides whether all fit.
    private EstimatedMemory MemoryOf(Assessment<Scalar> result, IReadOnlyList<Assessment<Scalar>> phases, int shown)
    {
        double headroom = scenario.Limits.MemoryHeadroom;
        EstimatedMemory memory = MemoryReading.Of(phases[shown], headroom);
        if (result.Phases.Count == 0)
        {
            return memory;
        }

        Assessment<Scalar> fullest = result.FullestPhase();
        int index = phases.Index().First(phase => ReferenceEquals(phase.Item, fullest)).Index;
        return memory with
        {
            Fits = MemoryReading.Of(fullest, headroom).Fits,
            FullestPhase = _assessor.Phases[index].Name ?? $"phase {index + 1}",
        };
    }

    private EstimatedPhase PhaseOf(Assessment<Scalar> phase, PhasePlan plan, int index)
    {
        TrainingJob job = phase.Job.Training;
        return new(
            _assessor.Phases[index].Name,
            job.Tokens.Value,
            (long)job.SequenceLength.Value,
            (long)job.GlobalBatch.Value,
            EstimateReading.PlanOf(plan, phase.Job),
            MemoryReading.Of(phase, scenario.Limits.MemoryHeadroom),
            EstimateReading.StepOf(phase),
            EstimateReading.RunOf(phase, job.Tokens.Value),
            EstimateReading.EnergyOf(phase),
            EstimateReading.CarbonOf(phase),
            EstimateReading.PoolsOf(phase, [phase], scenario.Limits.MemoryHeadroom));
    }

    // Memory is that of the fullest pool of the fullest phase, against what it has.
    private IReadOnlyList<LimitViolation> ViolationsOf(Assessment<Scalar> result)
    {
        Assessment<Scalar> pool = result.FullestPhase().FullestPool();
        bool fails = result.PhasesOrSelf.Any(static phase => phase.PoolsOrSelf.Any(static own => own.Job.Reliability is not null));
        return Limits.Exceeded(
            Limits.Of(scenario, pool.Job, fails), result.Cost with { PeakMemory = pool.Memory.Total });
    }

    private static EstimatedExtrapolation ExtrapolationOf(Assessment<Scalar> result, double devices, double parameters)
    {
        CalibratedRange range = result.Job.Training.Parameters.Posterior?.Set.Range ?? CalibratedRange.Unfitted;
        bool fitted = result.PhasesOrSelf.SelectMany(static phase => phase.PoolsOrSelf).All(pool => range.HasRate(pool.Job.Training));
        return new(range.DevicesBeyond(devices), range.ParametersBeyond(parameters), fitted ? "calibrated" : "prior");
    }

    private static EstimatedIntervals IntervalsOf(Assessment<Traced> traced) => new(
        Intervals.Level,
        Intervals.Paths.ToDictionary(path => path, path => Intervals.Of(path, traced), StringComparer.Ordinal));
}
