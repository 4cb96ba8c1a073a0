using System.Diagnostics;
using CarbonScaling.Planning.Search;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Searches every legal combination of what a scenario leaves open.</summary>
internal sealed class PlanSearch(Scenario scenario, ResolvedScenario resolved, PlanOptions options)
{
    /// <summary>Runs the search.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public PlanResult Run(IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<Limit> limits = Limits.Of(scenario, resolved.Job);
        SearchOutcome outcome = Search(limits, progress, cancellationToken);
        double seconds = watch.Elapsed.TotalSeconds;
        EstimateBuilder builder = new(scenario, resolved, options.Flops, chosen: true);
        return new()
        {
            Objective = Describe(scenario.Objective),
            Plans = [.. outcome.Best.Select(candidate => builder.Build(candidate.Plan))],
            Pareto = [.. outcome.Front.Select(candidate => new ParetoPoint(
                candidate.Days, candidate.CarbonKg, candidate.Plan.Plan.Devices, EstimateBuilder.PlanOf(candidate.Plan.Plan)))],
            Infeasible = Reasons(outcome, limits),
            Search = new(outcome.Space, outcome.Evaluated, Pruned: 0, outcome.Feasible, seconds, Exact: true),
            Binding = Binding(outcome, limits),
            Best = outcome.Best is [var best, ..] ? best.Plan : null,
        };
    }

    private SearchOutcome Search(
        IReadOnlyList<Limit> limits, IProgress<SearchProgress>? progress, CancellationToken cancellationToken)
    {
        SearchOutcome all = new(options.Top, limits.Count);
        SearchSpace space = new(scenario, resolved.Job.Training);
        List<LayerChoice> choices = space.Layers(all.Illegal);
        all.Space = all.Illegal.Values.Sum();
        LayerSearch search = new(
            resolved.Job, space, new JobModel<Lanes>(resolved.Job), limits, scenario.Objective, options.Top);
        SearchOutcome[] parts = new SearchOutcome[choices.Count];
        long done = 0;
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.Threads ?? -1,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, choices.Count, parallel, i =>
        {
            parts[i] = search.Run(choices[i]);
            progress?.Report(new(Interlocked.Increment(ref done), choices.Count));
        });
        foreach (SearchOutcome part in parts)
        {
            all.Merge(part);
        }

        if (all.Space == 0)
        {
            all.Refuse("no product of tensor, pipeline and data gives the devices and divides the batch");
        }

        return all;
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

    private static string Describe(ObjectiveWeights weights) => weights switch
    {
        { Energy: 0, Carbon: 0 } => "time",
        { Time: 0, Carbon: 0 } => "energy",
        { Time: 0, Energy: 0 } => "carbon",
        _ => FormattableString.Invariant($"time^{weights.Time:G3} · energy^{weights.Energy:G3} · carbon^{weights.Carbon:G3}"),
    };
}
