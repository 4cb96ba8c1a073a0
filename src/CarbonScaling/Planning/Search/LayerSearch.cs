using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning.Search;

/// <summary>Searches every candidate that shares a layer choice.</summary>
internal sealed class LayerSearch(
    CarbonJob job, SearchSpace space, JobModel<Lanes> model, IReadOnlyList<Limit> limits, ObjectiveWeights objective, int top)
{
    private readonly int _domain = job.Training.Cluster.DomainSize;
    private readonly bool _experts = job.Training.Model.Traits.Mixture is not null;

    /// <summary>Evaluates all of them.</summary>
    public SearchOutcome Run(LayerChoice choice)
    {
        SearchOutcome outcome = new(top, limits.Count);
        Dictionary<PlanShape, LaneBatch> batches = [];
        LayerCosts<Lanes>? layer = null;
        foreach (SplitPlan candidate in Candidates(choice, outcome))
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

    private void Take(LaneBatch batch, LayerCosts<Lanes> layer, SearchOutcome outcome)
    {
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

            double value = Objective(seconds, joules, carbon);
            outcome.Evaluated++;
            if (Meets(taken, value, outcome))
            {
                outcome.Add(new(batch[lane], value, seconds / 86_400, carbon));
            }
        }

        batch.Clear();
    }

    // A weighted objective is the product of powers, which does not depend on the units of its parts.
    private double Objective(double seconds, double joules, double carbon) => objective switch
    {
        { Energy: 0, Carbon: 0 } => seconds,
        { Time: 0, Carbon: 0 } => joules,
        { Time: 0, Energy: 0 } => carbon,
        _ => Math.Exp((objective.Time * Math.Log(seconds)) + (objective.Energy * Math.Log(joules)) + (objective.Carbon * Math.Log(carbon))),
    };

    private bool Meets(ReadOnlySpan<double> taken, double value, SearchOutcome outcome)
    {
        int exceeded = 0;
        int first = -1;
        for (int i = 0; i < taken.Length; i++)
        {
            if (exceeded == 0)
            {
                outcome.Least[i] = Math.Min(outcome.Least[i], taken[i]);
            }

            if (!(taken[i] <= limits[i].Allowed))
            {
                first = exceeded == 0 ? i : first;
                exceeded++;
            }
        }

        if (exceeded == 0)
        {
            return true;
        }

        outcome.FailedFirst[first]++;
        if (exceeded == 1)
        {
            outcome.Beyond(first, value, taken[first]);
        }

        return false;
    }
}
