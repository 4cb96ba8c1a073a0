using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Planning.Launch;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>How an estimate is shown.</summary>
/// <param name="Flops">How model FLOPs are counted.</param>
public sealed record EstimateOptions(FlopsConvention Flops = FlopsConvention.ModelFull);

/// <summary>The front door: what a scenario takes, the best plan for it, and how each figure came about.</summary>
/// <remarks>Holds no state but the catalog; safe to share between threads.</remarks>
public sealed class Estimator
{
    private readonly Catalog _catalog;
    private readonly ModelParameters? _parameters;

    /// <summary>Makes an estimator over a catalog.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="parameters">The parameters of the model, such as those of a profile; null for the catalog's.</param>
    public Estimator(Catalog catalog, ModelParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _catalog = catalog;
        _parameters = parameters;
    }

    /// <summary>The paths of the figures that <see cref="Explain"/> derives.</summary>
    public static IReadOnlyList<string> Figures => Readings.Paths;

    /// <summary>The parameters that a catalog has: calibrated, or as they are without any training steps.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="priors">Whether to leave the calibration out.</param>
    public static ModelParameters ParametersOf(Catalog catalog, bool priors = false)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ParameterSets sets = ParameterSets.Of(catalog);
        return priors ? sets.WithoutData : sets.Default;
    }

    /// <summary>The calibration that a catalog carries, which scenarios take by default; null where it has none.</summary>
    /// <exception cref="CatalogException">It cannot be read.</exception>
    public static CalibratedSet? CalibrationOf(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ParameterSets.Of(catalog).Fit;
    }

    /// <summary>What a scenario takes with the plan that it states.</summary>
    /// <exception cref="ScenarioException">The scenario names what the catalog lacks, or its plan is not legal.</exception>
    public Estimate Estimate(Scenario scenario, EstimateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ResolvedScenario resolved = JobBuilder.Build(scenario, _catalog, _parameters);
        EstimateBuilder builder = new(scenario, resolved, (options ?? new()).Flops, chosen: false);
        return builder.Build(FixedPlan.OfJob(scenario, resolved));
    }

    /// <summary>The same with the evaluation that it shows, traced.</summary>
    /// <exception cref="ScenarioException">The scenario names what the catalog lacks, or its plan is not legal.</exception>
    internal (Estimate Estimate, Assessment<Traced> Traced) Trace(Scenario scenario, EstimateOptions options)
    {
        ResolvedScenario resolved = JobBuilder.Build(scenario, _catalog, _parameters);
        EstimateBuilder builder = new(scenario, resolved, options.Flops, chosen: false);
        SplitPlan plan = FixedPlan.Of(scenario, resolved.Job.Training);
        return (builder.Build(plan), builder.Assess<Traced>(plan));
    }

    /// <summary>The best plans for a scenario, over every legal combination of what it leaves open.</summary>
    /// <exception cref="ScenarioException">The scenario names what the catalog lacks, or allows no plan at all.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public PlanResult Plan(
        Scenario scenario,
        PlanOptions? options = null,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ResolvedScenario resolved = JobBuilder.Build(scenario, _catalog, _parameters);
        return new PlanSearch(scenario, resolved, options ?? new()).Run(progress, cancellationToken);
    }

    /// <summary>
    /// The arguments with which Megatron-LM trains as a scenario says: with its own plan where that is complete, else with
    /// the best plan for it.
    /// </summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="options">How a search runs.</param>
    /// <param name="progress">Told how far a search is.</param>
    /// <param name="cancellationToken">Ends a search.</param>
    /// <exception cref="ScenarioException">The scenario names what the catalog lacks, or its plan is not legal.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public ExportResult Export(
        Scenario scenario,
        PlanOptions? options = null,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        RefuseParts(scenario);
        PlanOptions used = (options ?? new()) with { Top = 1 };
        ResolvedScenario resolved = JobBuilder.Build(scenario, _catalog, _parameters);
        TrainingJob job = resolved.Job.Training;
        IReadOnlyList<string> open = FixedPlan.Open(scenario, job);
        if (open.Count == 0)
        {
            SplitPlan plan = FixedPlan.Of(scenario, job);
            Estimate estimate = new EstimateBuilder(scenario, resolved, used.Flops, chosen: false).Build(plan);
            return new(LaunchOf(plan, estimate, "scenario"), estimate, null);
        }

        PlanResult found = new PlanSearch(scenario, resolved, used).Run(progress, cancellationToken);
        return found.Best is { } best
            ? new(LaunchOf(best, found.Plans[0], "search"), found.Plans[0], found)
            : new(null, null, found);

        LaunchExport LaunchOf(SplitPlan plan, Estimate estimate, string from)
        {
            MegatronText text = LaunchSettings.Write(job, plan);
            return new()
            {
                PlanFrom = from,
                Open = open,
                Model = job.Model.Id,
                Devices = plan.Plan.Devices,
                Plan = estimate.Plan,
                Arguments = text.Arguments,
                Missing = text.Missing,
            };
        }
    }

    // One launch has one set of arguments on devices of one kind.
    private static void RefuseParts(Scenario scenario)
    {
        ProblemSink problems = new(scenario);
        if (scenario.Training.Phases.Count > 0)
        {
            problems.Add("training.phases", "has a launch of its own for every phase; allowed here: none, export the scenario of one phase at a time");
        }

        if (scenario.Cluster.Pools.Count > 1)
        {
            problems.Add("cluster.pools", "has no launch arguments of Megatron-LM; allowed here: one pool");
        }

        problems.ThrowIfAny();
    }

    /// <summary>How a figure of <see cref="Estimate"/> came about.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="figure">One of <see cref="Figures"/>.</param>
    /// <param name="options">How FLOPs are counted.</param>
    /// <exception cref="ArgumentException">There is no such figure.</exception>
    /// <exception cref="ScenarioException">The scenario names what the catalog lacks, or its plan is not legal.</exception>
    public Derivation Explain(Scenario scenario, string figure, EstimateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (!Figures.Contains(figure))
        {
            throw new ArgumentException($"There is no figure '{figure}'{NearestName.Hint(figure, Figures)}.", nameof(figure));
        }

        ResolvedScenario resolved = JobBuilder.Build(scenario, _catalog, _parameters);
        EstimateBuilder builder = new(scenario, resolved, (options ?? new()).Flops, chosen: false);
        Traced value = Readings.Read(figure, builder.Assess<Traced>(FixedPlan.OfJob(scenario, resolved)));
        Posterior? posterior = resolved.Job.Training.Parameters.Posterior;
        return Derivation.Of(figure, UnitOf(figure), value.Node, input => posterior?.OriginOf(input));
    }

    private static string UnitOf(string figure) => figure switch
    {
        _ when figure.EndsWith("Bytes", StringComparison.Ordinal) => "B",
        _ when figure.EndsWith("Seconds", StringComparison.Ordinal) || figure == "step.seconds" => "s",
        _ when figure.EndsWith("Kwh", StringComparison.Ordinal) => "kWh",
        _ when figure.EndsWith("Kg", StringComparison.Ordinal) => "kgCO2e",
        _ when figure.EndsWith("Watts", StringComparison.Ordinal) => "W",
        _ when figure.EndsWith("Megawatts", StringComparison.Ordinal) => "MW",
        _ when figure.EndsWith("TflopsPerDevice", StringComparison.Ordinal) => "TFLOP/s",
        _ when figure.StartsWith("step.tokens", StringComparison.Ordinal) => "1/s",
        "run.days" => "days",
        "run.deviceHours" => "h",
        _ => "1",
    };
}
