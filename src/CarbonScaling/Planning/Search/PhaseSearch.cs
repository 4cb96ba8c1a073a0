using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning.Search;

/// <summary>The search of one phase in parts that run side by side: on each pool alone, and on each set of several.</summary>
internal sealed class PhaseSearch
{
    private readonly List<Func<SearchOutcomes>> _parts = [];
    private readonly SearchOutcomes _refused;

    /// <summary>Prepares the search of a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="limits">The limits on one pool.</param>
    /// <param name="open">Makes an empty outcome.</param>
    public PhaseSearch(ResolvedPhase phase, Func<ResolvedPool, IReadOnlyList<Limit>> limits, Func<SearchOutcomes> open)
    {
        _refused = open();
        for (int i = 0; i < phase.Pools.Count; i++)
        {
            Alone(phase.Pools[i], i, new(limits(phase.Pools[i]), phase.Scenario.Objective), open);
        }

        PoolPlanner? planner = phase.Pools.Count > 1 ? new(phase.Jobs) : null;
        for (int set = 1; set < 1 << phase.Pools.Count; set++)
        {
            if (int.PopCount(set) > 1)
            {
                int[] pools = [.. Enumerable.Range(0, phase.Pools.Count).Where(pool => (set & (1 << pool)) != 0)];
                Ranking ranking = new(limits(phase.Pools[0]), phase.Scenario.Objective);
                Together(new(phase.Scenario.Plan, planner!, pools, ranking, open));
            }
        }
    }

    /// <summary>The parts, in a fixed order.</summary>
    public IReadOnlyList<Func<SearchOutcomes>> Parts => _parts;

    /// <summary>What was refused before any part runs.</summary>
    public SearchOutcomes Refused => _refused;

    private void Alone(ResolvedPool pool, int index, Ranking ranking, Func<SearchOutcomes> open)
    {
        SearchSpace space = new(pool.Scenario, pool.Job.Training);
        LayerSearch search = new(pool.Job, index, space, new JobModel<Lanes>(pool.Job), ranking, open);
        Add(space.Layers, search.Run);
    }

    private void Together(PoolSearch search) => Add(search.Layers, search.Run);

    private void Add(Func<IDictionary<string, long>, List<LayerChoice>> layers, Func<LayerChoice, SearchOutcomes> run)
    {
        SortedDictionary<string, long> refused = new(StringComparer.Ordinal);
        foreach (LayerChoice choice in layers(refused))
        {
            _parts.Add(() => run(choice));
        }

        foreach ((string reason, long count) in refused)
        {
            _refused.All.Refuse(reason, count);
            _refused.All.Space += count;
        }
    }
}
