using System.Diagnostics;
using CarbonScaling.Planning.Search;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>Searches every legal combination of what a scenario leaves open.</summary>
internal sealed class PlanSearch(Scenario scenario, ResolvedScenario resolved, PlanOptions options)
{
    private readonly IReadOnlyList<ResolvedPhase> _phases = resolved.PhasesOf(scenario);

    private bool HasPhases => scenario.Training.Phases.Count > 0;

    /// <summary>Runs the search.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public PlanResult Run(IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<Limit> limits = LimitsOf(_phases[0], _phases[0].Pools[0]);
        SearchOutcomes[] found = Search(limits, progress, cancellationToken);
        SearchOutcome outcome = HasPhases
            ? new PhaseJoin(new(limits, scenario.Objective), options.Top).Join(found)
            : found[0].All;
        if (outcome.Space == 0)
        {
            outcome.Refuse("no product of tensor, pipeline and data gives the devices and divides the batch");
        }

        double seconds = watch.Elapsed.TotalSeconds;
        EstimateBuilder builder = new(scenario, resolved, options.Flops, chosen: true);
        return new()
        {
            Objective = Describe(scenario.Objective),
            Plans = [.. outcome.Best.Select(candidate => builder.Build(candidate.Job))],
            Pareto = [.. outcome.Front.Select(PointOf)],
            Infeasible = Reasons(outcome, limits),
            Search = new(outcome.Space, outcome.Evaluated, Pruned: 0, outcome.Feasible, seconds, IsExact(limits)),
            Binding = HasPhases && outcome.Feasible == 0 ? BindingOfPhase(found, limits) ?? Binding(outcome, limits) : Binding(outcome, limits),
            Best = outcome.Best is [var best, ..] ? best.Plan : null,
        };
    }

    private SearchOutcomes[] Search(
        IReadOnlyList<Limit> limits, IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        PhaseSearch[] searches = [.. _phases.Select(phase => new PhaseSearch(phase, pool => OfPhase(LimitsOf(phase, pool)), Open))];
        (PhaseSearch Search, Func<SearchOutcomes> Run)[] parts =
            [.. searches.SelectMany(static search => search.Parts.Select(part => (search, part)))];
        SearchOutcomes[] results = new SearchOutcomes[parts.Length];
        long done = 0;
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.Threads ?? -1,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, parts.Length, parallel, i =>
        {
            results[i] = parts[i].Run();
            progress?.Report(new(Interlocked.Increment(ref done), parts.Length));
        });
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Search.Refused.Merge(results[i]);
        }

        return [.. searches.Select(static search => search.Refused)];

        SearchOutcomes Open() => new(options.Top, OfPhase(limits).Count, apart: HasPhases);
    }

    // Days, power and emissions are limited over all phases together; memory and failures in each.
    private IReadOnlyList<Limit> OfPhase(IReadOnlyList<Limit> limits) =>
        HasPhases ? [.. limits.Where(static limit => limit.IsOfPhase)] : limits;

    private IReadOnlyList<Limit> LimitsOf(ResolvedPhase phase, ResolvedPool pool) => phase.Pools.Count == 1
        ? Limits.Of(scenario, pool.Job)
        : Limits.OfPool(scenario, pool.Job, fails: phase.Jobs.Any(static job => job.Reliability is not null));

    // Phases bring their best plans and their fronts of days and emissions: what mixes energy with these, or limits power,
    // may be best with another.
    private bool IsExact(IReadOnlyList<Limit> limits)
    {
        bool pureEnergy = scenario.Objective is { Time: 0, Carbon: 0 };
        bool free = limits.All(static limit => limit.IsOfPhase);
        return !HasPhases || (pureEnergy ? free : scenario.Objective.Energy == 0 && limits.All(static limit => limit.Kind != LimitKind.Power));
    }

    private ParetoPoint PointOf(Candidate candidate)
    {
        (int index, PhasePlan shown) = candidate.Job.Phases.Index().First(phase => phase.Item.Whole == candidate.Plan);
        return new(
            candidate.Days,
            candidate.CarbonKg,
            (long)candidate.Plan[PlanNumber.Devices],
            EstimateReading.PlanOf(shown, _phases[index].Jobs[0]));
    }

    private static SortedDictionary<string, long> Reasons(SearchOutcome outcome, IReadOnlyList<Limit> limits)
    {
        SortedDictionary<string, long> reasons = new(outcome.Illegal, StringComparer.Ordinal);
        for (int i = 0; i < limits.Count; i++)
        {
            if (outcome.FailedFirst[i] > 0)
            {
                reasons[limits[i].Name] = outcome.FailedFirst[i];
            }
        }

        return reasons;
    }

    // With a feasible plan, the limit beyond which the best plan would be better; without, the last that any candidate reached.
    private static BindingLimit? Binding(SearchOutcome outcome, IReadOnlyList<Limit> limits)
    {
        if (outcome.Feasible == 0)
        {
            int last = Array.FindLastIndex(outcome.Least, double.IsFinite);
            return last < 0 ? null : new(limits[last].Name, outcome.Least[last], limits[last].Allowed, limits[last].Unit);
        }

        int binding = Array.IndexOf(outcome.BestBeyond, outcome.BestBeyond.Min());
        return outcome.BestBeyond[binding] < outcome.Best[0].Objective
            ? new(limits[binding].Name, outcome.TakenBeyond[binding], limits[binding].Allowed, limits[binding].Unit)
            : null;
    }

    // The limit of a phase for which nothing was found on any devices; null where each phase has a plan somewhere.
    private BindingLimit? BindingOfPhase(SearchOutcomes[] found, IReadOnlyList<Limit> limits)
    {
        foreach (SearchOutcomes phase in found.Where(static phase => phase.BySet.Values.All(static on => on.Feasible == 0)))
        {
            IReadOnlyList<Limit> own = OfPhase(limits);
            SearchOutcome all = new(options.Top, own.Count);
            foreach (SearchOutcome on in phase.BySet.Values)
            {
                all.Merge(on);
            }

            return Binding(all, own);
        }

        return null;
    }

    private static string Describe(ObjectiveWeights weights) => weights switch
    {
        { Energy: 0, Carbon: 0 } => "time",
        { Time: 0, Carbon: 0 } => "energy",
        { Time: 0, Energy: 0 } => "carbon",
        _ => FormattableString.Invariant($"time^{weights.Time:G3} · energy^{weights.Energy:G3} · carbon^{weights.Carbon:G3}"),
    };
}
