using System.Numerics;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning.Search;

/// <summary>Searches every plan that several pools share out.</summary>
/// <param name="section">What the scenario fixes of the plan.</param>
/// <param name="planner">Shares plans out.</param>
/// <param name="pools">The pools, several.</param>
/// <param name="ranking">What candidates are ranked by and held against; memory as a share of what devices have.</param>
/// <param name="open">Makes an empty outcome.</param>
internal sealed class PoolSearch(
    PlanSection section, PoolPlanner planner, IReadOnlyList<int> pools, Ranking ranking, Func<SearchOutcomes> open)
{
    private const int Many = 4;

    private readonly TrainingJob _job = planner.Jobs[pools[0]].Training;
    private readonly DeviceSet _set = new(pools.Sum(static pool => 1 << pool), 0);
    private readonly int[] _devices = [.. pools.Select(pool => planner.Jobs[pool].Training.Cluster.DeviceCount)];

    private readonly SearchSpace _space = new(
        section, planner.Jobs[pools[0]].Training, Sum(pools.Select(pool => planner.Jobs[pool].Training.Cluster.DeviceCount)));

    /// <summary>The layer choices, in a fixed order; those that break a rule are counted by reason.</summary>
    public List<LayerChoice> Layers(IDictionary<string, long> refused) => _space.Layers(refused);

    /// <summary>Evaluates every plan with a layer choice.</summary>
    public SearchOutcomes Run(LayerChoice choice)
    {
        SearchOutcomes outcomes = open();
        TrainingPlan alone = choice.Plan(1, new(PipelineScheduleKind.OneForwardOneBackward, 1), 1, 1);
        if (pools.Select(pool => PlanRules.Layer(planner.Jobs[pool].Training, alone)).FirstOrDefault(static rule => rule is not null) is { } broken)
        {
            outcomes.All.Space++;
            outcomes.All.Refuse(broken.Reason);
            return outcomes;
        }

        Dictionary<int, LayerCosts<Scalar>> costs = pools.ToDictionary(static pool => pool, pool => planner.Layer(pool, alone));
        if (section.Pools is null or PoolForm.Data)
        {
            foreach (TrainingPlan plan in Replicated(choice))
            {
                Try(plan, PoolForm.Data, pools, costs, outcomes);
            }
        }

        if (section.Pools is null or PoolForm.Pipeline)
        {
            foreach (TrainingPlan plan in Pipelined(choice))
            {
                foreach (int[] order in Orders([], [.. pools]))
                {
                    Try(plan, PoolForm.Pipeline, order, costs, outcomes);
                }
            }
        }

        return outcomes;
    }

    private static DeviceRange Sum(IEnumerable<int> devices)
    {
        int all = devices.Sum();
        return new(all, all);
    }

    // Plans of which every pool holds whole replicas.
    private IEnumerable<TrainingPlan> Replicated(LayerChoice choice) =>
        from pipeline in _space.Pipelines(choice)
        let perReplica = (long)choice.Tensor * choice.Context * pipeline
        where _devices.All(devices => devices % perReplica == 0)
        let data = (int)(_devices.Sum() / perReplica)
        where section.Data is null || section.Data == data
        from stages in _space.Schedules(pipeline, Many * pipeline)
        from sharding in _space.Shardings(choice, data)
        select choice.Plan(pipeline, stages, data, 1) with { Sharding = sharding.Kind, ShardGroup = sharding.Group };

    // Plans of which every pool holds whole stages.
    private IEnumerable<TrainingPlan> Pipelined(LayerChoice choice)
    {
        long stage = (long)choice.Tensor * choice.Context;
        int batch = (int)_job.GlobalBatch.Value;
        int common = _devices.Aggregate(0, static (divisor, devices) => (int)BigInteger.GreatestCommonDivisor(divisor, devices));
        return from data in section.Data is { } one ? [one] : Enumerable.Range(1, common)
               where _devices.All(devices => devices % (stage * data) == 0)
               let pipeline = (int)(_devices.Sum() / (stage * data))
               where pipeline <= _job.Model.LayerCount && (section.Pipeline is null || section.Pipeline == pipeline)
               where batch % ((long)data * choice.MicroBatch) == 0 && section.VirtualStages is null or 1
               from schedule in new[] { PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.GPipe }
               where section.Schedule is null || section.Schedule == schedule
               from sharding in _space.Shardings(choice, data)
               select choice.Plan(pipeline, new(schedule, 1), data, batch / (data * choice.MicroBatch)) with
               {
                   Sharding = sharding.Kind,
                   ShardGroup = sharding.Group,
               };
    }

    private static IEnumerable<int[]> Orders(int[] taken, int[] left) => left.Length == 0
        ? [taken]
        : left.SelectMany(next => Orders([.. taken, next], [.. left.Where(pool => pool != next)]));

    private void Try(
        TrainingPlan plan,
        PoolForm form,
        IReadOnlyList<int> order,
        Dictionary<int, LayerCosts<Scalar>> costs,
        SearchOutcomes outcomes)
    {
        outcomes.All.Space++;
        List<LayerCosts<Scalar>> layers = [.. order.Select(pool => costs[pool])];
        if (PoolRules.Check(planner, order, plan, form, uneven: false, out PhasePlan? shared, layers) is { } broken)
        {
            outcomes.All.Refuse(broken.Reason);
            return;
        }

        outcomes.All.Evaluated++;
        (JobCost<Scalar> cost, double filled) = planner.Cost(shared!, layers);
        double seconds = cost.Run.WallTime.Value.Value;
        double joules = cost.Footprint.FacilityEnergy.Value.Value;
        double carbon = cost.Footprint.Total.Value.Value;
        double[] taken = [.. ranking.Limits.Select(limit => limit.Kind == LimitKind.Memory ? filled : limit.Taken(cost).Value)];
        double value = ranking.Objective(seconds, joules, carbon);
        SearchOutcome outcome = outcomes.On(_set);
        if (ranking.Meets(taken, value, outcome))
        {
            outcome.Add(new(shared!.Whole, value, seconds / 86_400, carbon) { Joules = joules, Parts = new([shared]) });
        }
    }
}
