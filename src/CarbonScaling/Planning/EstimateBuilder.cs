using System.Reflection;
using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Makes the result that a user sees of a job and a plan.</summary>
internal sealed class EstimateBuilder(Scenario scenario, ResolvedScenario resolved, FlopsConvention convention, bool chosen)
{
    private const double Tera = 1e12;

    private static readonly string Version =
        typeof(EstimateBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Evaluates a plan.</summary>
    public Assessment<T> Assess<T>(SplitPlan plan)
        where T : struct, IReal<T> => Assessment<T>.Of(resolved.Job, plan, convention, number => FigureOf(plan, number));

    /// <summary>The result for a plan.</summary>
    public Estimate Build(SplitPlan plan)
    {
        CarbonJob job = resolved.Job;
        Assessment<Scalar> result = Assess<Scalar>(plan);
        Assessment<Traced> traced = Assess<Traced>(plan);
        double Of(string path) => Readings.Read(path, result).Value;
        EstimatedMemory memory = MemoryOf(plan, result, Of);
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
            Cluster = new(
                job.Training.Cluster.System.Id,
                job.Training.Cluster.System.Accelerator.Id,
                plan.Plan.Devices,
                result.Inputs.Machine.Products.Peak.Value.Value / Tera),
            Plan = PlanOf(plan.Plan),
            Memory = memory,
            Step = StepOf(Of),
            Run = new(
                job.Training.Tokens.Value,
                Of("run.steps"),
                Of("run.days"),
                Of("run.deviceHours"),
                Of("run.goodput"),
                Of("run.lostToFailures"),
                Of("run.lostToCheckpoints")),
            Energy = new(
                Of("energy.acceleratorKwh"),
                Of("energy.hostKwh"),
                Of("energy.networkKwh"),
                Of("energy.itKwh"),
                Of("energy.facilityKwh"),
                Of("energy.averageDeviceWatts"),
                Of("energy.averageFacilityMegawatts")),
            Carbon = new(
                Of("carbon.operationalKg"),
                Of("carbon.embodiedKg"),
                Of("carbon.totalKg"),
                Of("carbon.embodiedShare"),
                Of("carbon.embodiedAcceleratorKg"),
                Of("carbon.embodiedHostKg"),
                Of("carbon.embodiedNetworkKg"),
                UnitText.ConvertTo(job.Site.CarbonIntensity.Value, "g/kWh", Dimension.CarbonIntensity),
                job.Site.Id,
                job.Site.PowerUsageEffectiveness.Value),
            Intervals = IntervalsOf(traced),
            Extrapolation = ExtrapolationOf(plan.Plan.Devices, Of("model.parameters")),
            Violations = Limits.Exceeded(Limits.Of(scenario, job), result.Cost),
            Warnings = Warnings.Of(traced, resolved),
        };
    }

    /// <summary>The plan as a result shows it.</summary>
    public static EstimatedPlan PlanOf(in TrainingPlan plan) => new(
        plan.Tensor,
        plan.Pipeline,
        plan.VirtualStages,
        plan.Context,
        plan.Expert,
        plan.Data,
        plan.MicroBatch,
        plan.MicroBatches,
        plan.GlobalBatch,
        plan.SequenceParallel,
        Names.Of(plan.Sharding),
        Names.Of(plan.Recompute),
        Names.Of(plan.Schedule),
        Vocabulary.ContextModes.NameOf(plan.ContextMode),
        plan.ExpertTensor,
        plan.ShardGroup,
        Vocabulary.TensorOverlaps.NameOf(plan.TensorOverlap),
        Names.Of(plan.Offload));

    private EstimatedStep StepOf(Func<string, double> of) => new(
        of("step.seconds"),
        of("step.computeSeconds"),
        of("step.tensorCommSeconds"),
        of("step.pipelineBubbleSeconds"),
        of("step.pipelineCommSeconds"),
        of("step.dataCommSeconds"),
        of("step.expertCommSeconds"),
        of("step.contextCommSeconds"),
        of("step.optimizerSeconds"),
        of("step.otherSeconds"),
        of("step.tokensPerSecond"),
        of("step.tokensPerSecondPerDevice"),
        Names.Of(convention),
        of("step.modelTflopsPerDevice"),
        of("step.hardwareTflopsPerDevice"),
        of("step.mfu"),
        of("step.hfu"));

    private EstimatedMemory MemoryOf(SplitPlan plan, Assessment<Scalar> result, Func<string, double> of)
    {
        double capacity = resolved.Job.Training.Cluster.System.Accelerator.MemoryCapacity.Value;
        double total = of("memory.totalBytes");
        return new(
            of("memory.weightsBytes"),
            of("memory.gradientsBytes"),
            of("memory.optimizerBytes"),
            of("memory.activationsBytes"),
            of("memory.overheadBytes"),
            total,
            capacity,
            total <= capacity * (1 - scenario.Limits.MemoryHeadroom),
            [.. Enumerable.Range(0, plan.Plan.Pipeline).Select(stage => StageOf(plan, stage, result))]);
    }

    private static EstimatedStageMemory StageOf(SplitPlan plan, int stage, Assessment<Scalar> result)
    {
        int stages = plan.Plan.Pipeline;
        int layers = plan.Layers.LayersOf(stage, stages);
        bool end = stage == stages - 1 && plan.Plan.Schedule != PipelineScheduleKind.ZeroBubbleV;
        StagePlace place = stage == 0 ? StagePlace.First : end ? StagePlace.Last : StagePlace.Middle;
        MemoryUse<Scalar> use = StageMemory.Of(
            new(stage), new(layers), place, result.Layer, result.Plan, result.Shape, result.Inputs);
        double inFlight = stages == 1
            ? 1
            : PipelineSchedule.InFlight<Scalar>(
                plan.Plan.Schedule, new(stage), result.Plan.Pipeline, result.Plan.MicroBatches, result.Plan.VirtualStages).Value;
        return new(
            stage,
            layers,
            inFlight,
            use.Weights.Value.Value,
            use.Gradients.Value.Value,
            use.Optimizer.Value.Value,
            use.Activations.Value.Value,
            use.Overhead.Value.Value,
            use.Total.Value.Value);
    }

    private EstimatedExtrapolation ExtrapolationOf(double devices, double parameters)
    {
        TrainingJob job = resolved.Job.Training;
        CalibratedRange range = job.Parameters.Posterior?.Set.Range ?? CalibratedRange.Unfitted;
        return new(range.DevicesBeyond(devices), range.ParametersBeyond(parameters), range.HasRate(job) ? "calibrated" : "prior");
    }

    private static EstimatedIntervals IntervalsOf(Assessment<Traced> traced) => new(
        Intervals.Level,
        Intervals.Paths.ToDictionary(path => path, path => Intervals.Of(path, traced), StringComparer.Ordinal));

    private Figure FigureOf(SplitPlan plan, PlanNumber number)
    {
        string name = number.ToString();
        string path = number == PlanNumber.Devices ? "cluster.devices" : "plan." + char.ToLowerInvariant(name[0]) + name[1..];
        if (!scenario.IsGiven(path) && !chosen && IsOfScript(number))
        {
            return new(path, plan[number], "1", scenario.Model!.Imported!.Id, FigureStatus.Given);
        }

        FigureStatus status = scenario.IsGiven(path) ? FigureStatus.Given : chosen ? FigureStatus.Computed : FigureStatus.Default;
        string source = status == FigureStatus.Given ? ScenarioFigures.Given : chosen ? "search" : ScenarioFigures.Derived;
        return new(path, plan[number], "1", source, status);
    }

    // What a launch script says beside its model.
    private bool IsOfScript(PlanNumber number) => scenario.Model?.Megatron is { MicroBatch: not null } && number
        is PlanNumber.Tensor or PlanNumber.Context or PlanNumber.Pipeline or PlanNumber.VirtualStages
        or PlanNumber.Expert or PlanNumber.ExpertTensor or PlanNumber.MicroBatch;
}
