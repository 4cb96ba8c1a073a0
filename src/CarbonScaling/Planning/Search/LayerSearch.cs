using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning.Search;

/// <summary>Searches every candidate that shares a layer choice.</summary>
/// <param name="job">The job.</param>
/// <param name="pool">The pool that is its cluster, counted from 0 as the scenario lists them.</param>
/// <param name="space">What the scenario leaves open.</param>
/// <param name="model">The model of the job.</param>
/// <param name="ranking">What candidates are ranked by and held against.</param>
/// <param name="open">Makes an empty outcome.</param>
internal sealed class LayerSearch(
    CarbonJob job, int pool, SearchSpace space, JobModel<Lanes> model, Ranking ranking, Func<SearchOutcomes> open)
{
    private readonly int _domain = job.Training.Cluster.DomainSize;
    private readonly bool _experts = job.Training.Model.Traits.Mixture is not null;

    /// <summary>Evaluates all of them.</summary>
    public SearchOutcomes Run(LayerChoice choice)
    {
        SearchOutcomes outcome = open();
        Dictionary<PlanShape, LaneBatch> batches = [];
        LayerCosts<Lanes>? layer = null;
        foreach (SplitPlan candidate in Candidates(choice, outcome.All))
        {
            PlanShape shape = PlanShape.Of(candidate.Plan, _domain, _experts);
            layer ??= model.Layer(shape, PlanInputs<Lanes>.From(number => Lanes.Literal(candidate[number])));
            if (!batches.TryGetValue(shape, out LaneBatch? batch))
            {
                batch = new(shape);
                batches.Add(shape, batch);
            }

            batch.Add(candidate);
            if (batch.IsFull)
            {
                Take(batch, layer, outcome);
            }
        }

        foreach (LaneBatch batch in batches.Values)
        {
            if (batch.Count > 0)
            {
                Take(batch, layer!, outcome);
            }
        }

        return outcome;
    }

    private IEnumerable<SplitPlan> Candidates(LayerChoice choice, SearchOutcome outcome)
    {
        int batch = (int)job.Training.GlobalBatch.Value;
        foreach (int pipeline in space.Pipelines(choice))
        {
            foreach (int data in space.DataDegrees(choice, pipeline))
            {
                int microBatches = batch / (data * choice.MicroBatch);
                foreach (PipelineChoice stages in space.Schedules(pipeline, microBatches))
                {
                    IReadOnlyList<ShardingChoice> shardings = space.Shardings(choice, data);
                    outcome.Space += shardings.Count;
                    TrainingPlan plan = choice.Plan(pipeline, stages, data, microBatches);
                    if (PlanRules.Check(job.Training, plan, out LayerSplit layers) is { } broken)
                    {
                        outcome.Refuse(broken.Reason, shardings.Count);
                        continue;
                    }

                    foreach (ShardingChoice sharding in shardings)
                    {
                        TrainingPlan sharded = plan with { Sharding = sharding.Kind, ShardGroup = sharding.Group };
                        if (PlanRules.Sharded(sharded) is { } uneven)
                        {
                            outcome.Refuse(uneven.Reason);
                            continue;
                        }

                        yield return new(sharded, layers);
                    }
                }
            }
        }
    }

    private void Take(LaneBatch batch, LayerCosts<Lanes> layer, SearchOutcomes outcomes)
    {
        IReadOnlyList<Limit> limits = ranking.Limits;
        JobCost<Lanes> cost = batch.Evaluate(model, layer);
        Span<Lanes> takenByLane = stackalloc Lanes[limits.Count];
        for (int i = 0; i < limits.Count; i++)
        {
            takenByLane[i] = limits[i].Taken(cost);
        }

        Span<double> taken = stackalloc double[limits.Count];
        for (int lane = 0; lane < batch.Count; lane++)
        {
            double seconds = cost.Run.WallTime.Value[lane];
            double joules = cost.Footprint.FacilityEnergy.Value[lane];
            double carbon = cost.Footprint.Total.Value[lane];
            for (int i = 0; i < limits.Count; i++)
            {
                taken[i] = takenByLane[i][lane];
            }

            double value = ranking.Objective(seconds, joules, carbon);
            outcomes.All.Evaluated++;
            SearchOutcome outcome = outcomes.On(new(1 << pool, batch[lane].Plan.Devices));
            if (ranking.Meets(taken, value, outcome))
            {
                outcome.Add(new(batch[lane], value, seconds / 86_400, carbon) { Joules = joules, Pool = pool });
            }
        }

        batch.Clear();
    }
}
