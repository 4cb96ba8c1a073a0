using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Evaluates plans of a scenario over its phases and pools.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="resolved">What it was resolved to.</param>
/// <param name="convention">How model FLOPs are counted.</param>
/// <param name="chosen">Whether a search chose what the scenario leaves open.</param>
internal sealed class PlanAssessor(Scenario scenario, ResolvedScenario resolved, FlopsConvention convention, bool chosen)
{
    private readonly IReadOnlyList<ResolvedPhase> _phases = resolved.PhasesOf(scenario);

    /// <summary>The phases; one for the whole job where it has none.</summary>
    public IReadOnlyList<ResolvedPhase> Phases => _phases;

    /// <summary>Evaluates a plan as a number.</summary>
    public Assessment<Scalar> Assess(JobPlan plan)
    {
        Assessment<Scalar>[] phases = [.. plan.Phases.Select((phase, i) => Phase<Scalar>(i, phase, ShownOf))];
        return Whole(phases, LongestOf(phases));
    }

    /// <summary>Evaluates a plan over another numeric type, showing the same parts.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="numbers">The plan, evaluated as a number.</param>
    public Assessment<T> Assess<T>(JobPlan plan, Assessment<Scalar> numbers)
        where T : struct, IReal<T>
    {
        IReadOnlyList<Assessment<Scalar>> known = numbers.Phases.Count == 0 ? [numbers] : numbers.Phases;
        Assessment<T>[] phases = [.. plan.Phases.Select((phase, i) => Phase<T>(i, phase, _ => ShownOf(known[i].Pools)))];
        return Whole(phases, LongestOf(known));
    }

    private Assessment<T> Phase<T>(int index, PhasePlan plan, Func<IReadOnlyList<Assessment<T>>, ShownPools> shown)
        where T : struct, IReal<T>
    {
        ResolvedPhase phase = _phases[index];
        if (plan.Pools is not [var only])
        {
            PlanFigures figures = new(phase.Scenario, chosen);
            return Assessment<T>.OfPools(
                phase.Jobs,
                plan,
                convention,
                (pool, number) => pool is null ? figures.Of(plan.Whole, number) : figures.Of(pool, number),
                shown);
        }

        ResolvedPool resolvedPool = phase.Pools[only.Pool];
        PlanFigures own = new(resolvedPool.Scenario, chosen);
        Assessment<T> alone = Assessment<T>.Of(resolvedPool.Job, plan.Whole, convention, number => own.Of(plan.Whole, number)) with
        {
            Pool = only.Pool,
        };
        return phase.Pools.Count == 1 ? alone : alone with { Pools = [alone] };
    }

    private Assessment<T> Whole<T>(Assessment<T>[] phases, int longest)
        where T : struct, IReal<T> =>
        scenario.Training.Phases.Count == 0 ? phases[0] : Assessment<T>.OfPhases(phases, longest);

    private static int LongestOf(IReadOnlyList<Assessment<Scalar>> phases) =>
        Greatest(phases, static phase => (phase.Cost.Run.DeviceTime.Value.Value, 0));

    // Of pools whose steps are equally long, as in a pipeline, the one that waits least.
    private static ShownPools ShownOf(IReadOnlyList<Assessment<Scalar>> pools) => pools.Count == 0 ? default : new(
        Greatest(pools, static pool => (pool.OwnStep.Value.Value, -pool.Cost.Step.Bubble.Value.Value)),
        Greatest(pools, static pool => (pool.FilledMemory(), 0)));

    private static int Greatest(IReadOnlyList<Assessment<Scalar>> all, Func<Assessment<Scalar>, (double, double)> of)
    {
        int greatest = 0;
        for (int i = 1; i < all.Count; i++)
        {
            if (of(all[i]).CompareTo(of(all[greatest])) > 0)
            {
                greatest = i;
            }
        }

        return greatest;
    }
}
