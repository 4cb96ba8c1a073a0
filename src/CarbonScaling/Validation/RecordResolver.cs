using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation;

/// <summary>A record, its scenario, and where it can be evaluated the job and the plan.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Resolved">The job; null where the row is left out.</param>
/// <param name="Plan">The plan.</param>
internal sealed record ResolvedRecord(RecordScenario Scenario, ResolvedScenario? Resolved, SplitPlan Plan);

/// <summary>Makes jobs of records, and says by which rule a row is left out.</summary>
internal sealed class RecordResolver(Catalog catalog)
{
    /// <summary>Share of a device's memory that a plan may take for its recomputation to be believed.</summary>
    private const double MostMemory = 0.9;

    private const string RecomputeRule =
        "as little as makes what tensors take fit 90 % of the memory, as whoever tunes a run would choose";

    private const string JaxRule =
        "JAX codes have one policy for all layers: what fits 90 % of the memory of none (but in Paxml), all but matrix products, all";

    /// <summary>Makes the job.</summary>
    public ResolvedRecord Resolve(StepRecord record)
    {
        Exclusion? excluded = RecordDefaults.Draft(record, catalog, out ScenarioDraft draft);
        if (excluded is not null)
        {
            return new(new(record, null, draft.Filled, excluded), null, default);
        }

        bool open = record.Recompute is null && RecordNotes.RecomputedLayers(record) is null;
        try
        {
            return open ? WithLeastRecomputation(record, draft) : Resolve(record, draft);
        }
        catch (KeyNotFoundException missing)
        {
            return new(new(record, null, draft.Filled, new(ExclusionRule.NotMeasured, missing.Message)), null, default);
        }
    }

    // None, the attention core, so many layers of each stage, all: the first that fits, else the last.
    private ResolvedRecord WithLeastRecomputation(StepRecord record, ScenarioDraft draft)
    {
        bool always = RecordSoftware.AlwaysRecomputes(record);
        ResolvedRecord best = With("plan.recompute", "none");
        if (best.Resolved is null || (!always && Fits(best)))
        {
            return best;
        }

        if (FrameworkClasses.Of(record).IsJax())
        {
            ResolvedRecord products = With("plan.recompute.modules", "[attention, norm, mlp]", JaxRule);
            return products.Resolved is not null && Fits(products) ? products : With("plan.recompute", "full", JaxRule);
        }

        ResolvedRecord selective = With("plan.recompute", "selective");
        if (selective.Resolved is not null && Fits(selective))
        {
            return selective;
        }

        best = With("plan.recompute", "full");
        int most = (record.Layers + record.Pipeline - 1) / record.Pipeline;
        (int tooFew, int enough) = (0, most);
        while (enough - tooFew > 1)
        {
            int layers = (tooFew + enough) / 2;
            ResolvedRecord some = With("plan.recompute.layers", layers.ToString(CultureInfo.InvariantCulture));
            if (some.Resolved is null)
            {
                break;
            }

            if (Fits(some))
            {
                (best, enough) = (some, layers);
            }
            else
            {
                tooFew = layers;
            }
        }

        return best;

        ResolvedRecord With(string path, string value, string rule = RecomputeRule) => Resolve(record, draft.With(path, value, rule));
    }

    private static bool Fits(ResolvedRecord record)
    {
        TrainingJob job = record.Resolved!.Job.Training;
        MemoryUse<Scalar> use = new EstimateBuilder(record.Scenario.Scenario!, record.Resolved, FlopsConvention.ModelFull, chosen: false)
            .Assess<Scalar>(record.Plan).Memory;
        double tensors = use.Total.Value.Value - use.Overhead.Value.Value;
        return tensors <= MostMemory * job.Cluster.System.Accelerator.MemoryCapacity.Value;
    }

    private ResolvedRecord Resolve(StepRecord record, ScenarioDraft draft)
    {
        DraftedJob drafted = DraftResolver.Resolve(draft, catalog);
        if (drafted is not { Scenario: { } scenario, Job: { } resolved })
        {
            return Left(drafted.Refused!);
        }

        try
        {
            SplitPlan plan = FixedPlan.Of(scenario, resolved.Job.Training);
            return new(new(record, scenario, draft.Filled, null), resolved, plan);
        }
        catch (ScenarioException refused)
        {
            return Left(DraftResolver.Refuse(ExclusionRule.IllegalPlan, refused.Problems));
        }

        ResolvedRecord Left(Exclusion exclusion) => new(new(record, null, draft.Filled, exclusion), null, default);
    }
}
