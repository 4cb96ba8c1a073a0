using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The parts of a result, read of an evaluated plan.</summary>
internal static class EstimateReading
{
    /// <summary>The plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="form">What several pools share out; null on one.</param>
    /// <param name="batch">Sequences of a step where the plan's replicas differ in their share; null for that of the plan.</param>
    public static EstimatedPlan PlanOf(in TrainingPlan plan, PoolForm? form = null, long? batch = null) => new(
        plan.Tensor,
        plan.Pipeline,
        plan.VirtualStages,
        plan.Context,
        plan.Expert,
        plan.Data,
        plan.MicroBatch,
        plan.MicroBatches,
        batch ?? plan.GlobalBatch,
        plan.SequenceParallel,
        Names.Of(plan.Sharding),
        Names.Of(plan.Recompute),
        Names.Of(plan.Schedule),
        Vocabulary.ContextModes.NameOf(plan.ContextMode),
        plan.ExpertTensor,
        plan.ShardGroup,
        Vocabulary.TensorOverlaps.NameOf(plan.TensorOverlap),
        Names.Of(plan.Offload))
    {
        Pools = form is { } shared ? Names.Of(shared) : null,
    };

    /// <summary>The plan of a phase.</summary>
    public static EstimatedPlan PlanOf(PhasePlan plan, CarbonJob job) =>
        PlanOf(plan.Whole.Plan, plan.Form, (long)job.Training.GlobalBatch.Value);

    /// <summary>A step.</summary>
    public static EstimatedStep StepOf(Assessment<Scalar> result)
    {
        double Of(string name) => Readings.Read("step." + name, result).Value;
        return new(
            Of("seconds"),
            Of("computeSeconds"),
            Of("tensorCommSeconds"),
            Of("pipelineBubbleSeconds"),
            Of("pipelineCommSeconds"),
            Of("dataCommSeconds"),
            Of("expertCommSeconds"),
            Of("contextCommSeconds"),
            Of("optimizerSeconds"),
            Of("otherSeconds"),
            Of("tokensPerSecond"),
            Of("tokensPerSecondPerDevice"),
            Names.Of(result.Convention),
            Of("modelTflopsPerDevice"),
            Of("hardwareTflopsPerDevice"),
            Of("mfu"),
            Of("hfu"));
    }

    /// <summary>A run.</summary>
    /// <param name="result">The plan.</param>
    /// <param name="tokens">Tokens to train on.</param>
    public static EstimatedRun RunOf(Assessment<Scalar> result, double tokens)
    {
        double Of(string name) => Readings.Read("run." + name, result).Value;
        return new(
            tokens, Of("steps"), Of("days"), Of("deviceHours"), Of("goodput"), Of("lostToFailures"), Of("lostToCheckpoints"));
    }

    /// <summary>Its energy.</summary>
    public static EstimatedEnergy EnergyOf(Assessment<Scalar> result)
    {
        double Of(string name) => Readings.Read("energy." + name, result).Value;
        return new(
            Of("acceleratorKwh"),
            Of("hostKwh"),
            Of("networkKwh"),
            Of("itKwh"),
            Of("facilityKwh"),
            Of("averageDeviceWatts"),
            Of("averageFacilityMegawatts"));
    }

    /// <summary>Its emissions.</summary>
    public static EstimatedCarbon CarbonOf(Assessment<Scalar> result)
    {
        double Of(string name) => Readings.Read("carbon." + name, result).Value;
        Site site = result.Job.Site;
        return new(
            Of("operationalKg"),
            Of("embodiedKg"),
            Of("totalKg"),
            Of("embodiedShare"),
            Of("embodiedAcceleratorKg"),
            Of("embodiedHostKg"),
            Of("embodiedNetworkKg"),
            UnitText.ConvertTo(site.CarbonIntensity.Value, "g/kWh", Dimension.CarbonIntensity),
            site.Id,
            site.PowerUsageEffectiveness.Value);
    }

    /// <summary>The pools of a phase, or of all phases together; null where the scenario has one.</summary>
    /// <param name="shown">The phase whose step, memory and shares are shown.</param>
    /// <param name="phases">The phases over which energy and emissions are summed.</param>
    /// <param name="headroom">Share of the memory that stays free.</param>
    public static IReadOnlyList<EstimatedPool>? PoolsOf(
        Assessment<Scalar> shown, IReadOnlyList<Assessment<Scalar>> phases, double headroom) => shown.Pools.Count == 0
        ? null
        : [.. shown.Pools.Select(pool => PoolOf(pool, shown, phases, headroom))];

    private static EstimatedPool PoolOf(
        Assessment<Scalar> pool, Assessment<Scalar> shown, IReadOnlyList<Assessment<Scalar>> phases, double headroom)
    {
        Assessment<Scalar> all = Assessment<Scalar>.OfPhases(
            [.. phases.Select(phase => phase.Pools.Single(own => own.Pool == pool.Pool))], 0);
        SplitPlan plan = pool.Split;
        bool stages = plan.Span.IsPart;
        double batch = stages ? plan.Plan.GlobalBatch : pool.Job.Training.GlobalBatch.Value;
        return new(
            pool.Job.Training.Cluster.System.Id,
            pool.Job.Training.Cluster.System.Accelerator.Id,
            plan.PoolDevices,
            plan.Plan.Data,
            plan.Plan.MicroBatches,
            plan.Plan.GlobalBatch / batch,
            plan.Span.First,
            plan.HeldStages,
            stages || plan.Plan.Pipeline > 1
                ? Enumerable.Range(plan.Span.First, plan.HeldStages).Sum(plan.LayersOf)
                : plan.Layers.First,
            MemoryReading.Of(pool, headroom),
            PoolStepOf(pool, shown),
            EnergyOf(all),
            CarbonOf(all));
    }

    private static EstimatedPoolStep PoolStepOf(Assessment<Scalar> pool, Assessment<Scalar> shown)
    {
        double Of(string name) => Readings.Read("step." + name, pool).Value;
        double duration = shown.Cost.Step.Duration.Value.Value;
        return new(
            duration,
            duration - pool.OwnStep.Value.Value,
            Of("computeSeconds"),
            Of("tensorCommSeconds"),
            Of("pipelineBubbleSeconds"),
            Of("pipelineCommSeconds"),
            Of("dataCommSeconds"),
            Of("expertCommSeconds"),
            Of("contextCommSeconds"),
            Of("optimizerSeconds"),
            Of("otherSeconds"));
    }
}
