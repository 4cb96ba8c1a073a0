using CarbonScaling.Carbon;
using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>A scenario with everything that the catalog and the laws fill in.</summary>
/// <param name="Job">The job.</param>
/// <param name="PredictedLoss">Loss by the law, in nats per token, where the scenario uses one.</param>
/// <param name="Grid">The grid's id, or "given".</param>
internal sealed record ResolvedScenario(CarbonJob Job, double? PredictedLoss, string Grid)
{
    /// <summary>The phases and their pools, where there are several of either; else none.</summary>
    public IReadOnlyList<ResolvedPhase> Phases { get; init; } = [];

    /// <summary>The phases; one for the whole job where it has none.</summary>
    /// <param name="scenario">The scenario.</param>
    public IReadOnlyList<ResolvedPhase> PhasesOf(Scenario scenario) =>
        Phases.Count > 0 ? Phases : [new(null, scenario, [new(scenario, Job)])];
}

/// <summary>A phase with everything that the catalog and the laws fill in.</summary>
/// <param name="Name">What people call it; null where the scenario does not say.</param>
/// <param name="Scenario">The scenario of the phase alone.</param>
/// <param name="Pools">Its pools, one at least.</param>
internal sealed record ResolvedPhase(string? Name, Scenario Scenario, IReadOnlyList<ResolvedPool> Pools)
{
    /// <summary>The job, with each pool as its cluster.</summary>
    public IReadOnlyList<CarbonJob> Jobs { get; } = [.. Pools.Select(static pool => pool.Job)];
}

/// <summary>A pool of a phase.</summary>
/// <param name="Scenario">The scenario of the phase on that pool alone.</param>
/// <param name="Job">The job, with the pool as its cluster.</param>
internal sealed record ResolvedPool(Scenario Scenario, CarbonJob Job);

/// <summary>Makes a job of a scenario and the catalog.</summary>
internal static class JobBuilder
{
    private const double SecondsPerHour = 3600;
    private const double SecondsPerMinute = 60;

    private static readonly DateOnly FirstHybridRelease = new(2026, 5, 1);

    /// <summary>Makes the job.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="given">The parameters of the training model; null for those that the scenario asks for.</param>
    /// <exception cref="ScenarioException">The scenario names what the catalog lacks, or asks for what cannot be.</exception>
    public static ResolvedScenario Build(Scenario scenario, Catalog catalog, ModelParameters? given = null)
    {
        ProblemSink problems = new(scenario);
        CheckPools(scenario, problems);
        problems.ThrowIfAny();
        if (scenario.Training.Phases.Count == 0 && scenario.Cluster.Pools.Count == 1)
        {
            return BuildOne(scenario, catalog, given);
        }

        List<ScenarioProblem> found = [];
        List<ResolvedPhase> phases = [];
        ResolvedScenario? first = null;
        int count = Math.Max(1, scenario.Training.Phases.Count);
        for (int i = 0; i < count; i++)
        {
            Scenario phase = scenario.Training.Phases.Count == 0 ? scenario : scenario.OfPhase(i);
            List<ResolvedPool> pools = [];
            for (int pool = 0; pool < phase.Cluster.Pools.Count; pool++)
            {
                Scenario alone = phase.Cluster.Pools.Count == 1 ? phase : phase.OfPool(pool);
                try
                {
                    ResolvedScenario one = BuildOne(alone, catalog, given);
                    first ??= one;
                    pools.Add(new(alone, one.Job));
                }
                catch (ScenarioException refused)
                {
                    found.AddRange(refused.Problems);
                }
            }

            phases.Add(new(scenario.Training.Phases.Count == 0 ? null : scenario.Training.Phases[i].Name, phase, pools));
        }

        // What is wrong in every phase, or on every pool, is told once.
        return found.Count == 0
            ? first! with { Phases = phases }
            : throw new ScenarioException([.. found.DistinctBy(static problem => (problem.Line, problem.Field, problem.Value))]);
    }

    private static void CheckPools(Scenario scenario, ProblemSink problems)
    {
        IReadOnlyList<PoolSection> pools = scenario.Cluster.Pools;
        IEnumerable<string> plans = scenario.Training.Phases.Select(static (_, i) => $"training.phases[{i}].plan.pools").Prepend("plan.pools");
        foreach (string field in plans.Where(field => pools.Count == 1 && scenario.IsGiven(field)))
        {
            problems.Add(field, "has no effect on one pool; allowed: only with several in cluster.pools");
        }

        foreach (PoolSection pool in pools.Where(pool => pools.Count > 1 && !pool.Devices.IsFixed))
        {
            problems.Add(pool.Path + ".devices", "is a range; allowed with several pools: one number, of which a search may leave the pool out");
        }
    }

    private static ResolvedScenario BuildOne(Scenario scenario, Catalog catalog, ModelParameters? given)
    {
        ProblemSink problems = new(scenario);
        Workload? workload = Workload.Resolve(scenario, catalog, problems);
        PoolSection pool = scenario.Cluster.Pools[0];
        NodeSystem? system = problems.Try("cluster.system", () => SystemReader.Read(catalog, pool.System));
        ModelParameters parameters = given ?? ParameterSets.Of(catalog).For(scenario);
        Site? site = SiteOf(scenario, catalog, parameters, problems);
        if (system is not null)
        {
            CheckDevices(scenario, system, problems);
        }

        Software software = system is null ? default : SoftwareOf(scenario, system, parameters, problems);
        if (system is not null && !system.Accelerator.Peaks.ContainsKey(scenario.Training.Precision))
        {
            string allowed = string.Join(", ", system.Accelerator.Peaks.Keys.Select(Names.Of).Order(StringComparer.Ordinal));
            problems.Add("training.precision", $"is not a format of {system.Accelerator.Id}; allowed: {allowed}");
        }

        problems.ThrowIfAny();
        NodeSystem linked = pool.Network.NicBandwidth is { } bandwidth
            ? system!.WithNicBandwidth(scenario.Figure("cluster.network.nicBandwidth", bandwidth, "B/s"))
            : system!;
        linked = linked with { ScaleUpDomain = scenario.Figure("cluster.domain", pool.Domain, "1", linked.ScaleUpDomain) };
        TrainingJob training = new()
        {
            Model = WithCapacity(workload!.Model, scenario),
            Tokens = workload.Tokens,
            SequenceLength = workload.SequenceLength,
            GlobalBatch = workload.GlobalBatch,
            Format = scenario.Training.Precision,
            Dropout = scenario.Training.Dropout,
            Storage = StorageOf(scenario.Training.Storage),
            Routing = new() { Imbalance = ImbalanceOf(scenario) },
            Software = software,
            Cluster = new(
                linked,
                scenario.Figure("cluster.devices", pool.Devices.Maximum, "devices"),
                scenario.Figure("cluster.network.oversubscription", pool.Network.Oversubscription ?? 1, "1"),
                scenario.Figure("cluster.network.contention", pool.Network.Contention ?? 1, "1")),
            Parameters = parameters,
        };
        CarbonJob job = new()
        {
            Training = training,
            Reliability = ReliabilityOf(scenario, parameters),
            Site = site!,
            Embodied = EmbodiedReader.Read(catalog, linked),
        };
        return new(job, workload.PredictedLoss, site!.Id);
    }

    private static Figure? ImbalanceOf(Scenario scenario)
    {
        return scenario.Training.Routing.Imbalance is { } given
            ? scenario.Figure("training.routing.imbalance", given, "1")
            : null;
    }

    private static Storage StorageOf(StorageSection section) => new(
        section.Weights ?? WeightStorage.Both,
        section.Moments ?? MomentStorage.Fp32,
        section.NonlinearityInputs ?? NonlinearityStorage.Bf16,
        section.Gradients);

    private static Transformer WithCapacity(Transformer model, Scenario scenario) =>
        model.Experts is { } experts && scenario.Training.Routing.CapacityFactor is { } factor
            ? model with
            {
                Experts = experts with { CapacityFactor = scenario.Figure("training.routing.capacityFactor", factor, "1") },
            }
            : model;

    private static void CheckDevices(Scenario scenario, NodeSystem system, ProblemSink problems)
    {
        int node = (int)system.DevicesPerNode.Value;
        DeviceRange range = scenario.Cluster.Devices;
        bool partOfNode = range.IsFixed && range.Maximum < node && node % range.Maximum == 0;
        if (range.Maximum / node * node < range.Minimum && !partOfNode)
        {
            problems.Add("cluster.devices", $"does not fill nodes of {system.Id}; allowed: multiples of {node}, or one number that divides it");
        }

        int domain = (int)system.ScaleUpDomain.Value;
        if (scenario.Cluster.Pools[0].Domain > domain)
        {
            problems.Add("cluster.domain", $"is more than the {domain} accelerators of a scale-up domain of {system.Id}; allowed: 1 to {domain}");
        }
    }

    private static Software SoftwareOf(
        Scenario scenario, NodeSystem system, ModelParameters parameters, ProblemSink problems)
    {
        SoftwareStack stack = scenario.Software.Stack;
        OverlapSection overlap = scenario.Software.Overlap;
        return new(stack, AttentionOf(scenario, stack, system.Accelerator, parameters, problems))
        {
            MoeDispatcher = scenario.Software.MoeDispatcher ?? DispatcherOf(stack, scenario.Software.Release, system),
            OverlapTensor = overlap.Tensor,
            OverlapData = overlap.Data,
            OverlapPipeline = overlap.Pipeline,
        };
    }

    // Recipes of Megatron-Bridge from release 26.06 on take HybridEP where a scale-up domain spans several nodes.
    private static MoeDispatcher DispatcherOf(SoftwareStack stack, DateOnly? release, NodeSystem system) =>
        stack == SoftwareStack.MegatronCore
        && release >= FirstHybridRelease
        && system.ScaleUpDomain.Value > system.DevicesPerNode.Value
            ? MoeDispatcher.HybridEp
            : MoeDispatcher.AllToAll;

    private static AttentionKernel AttentionOf(
        Scenario scenario, SoftwareStack stack, Accelerator accelerator, ModelParameters parameters, ProblemSink problems)
    {
        AttentionKernel[] known =
            [AttentionKernel.Unfused, .. DeviceParameters.AttentionKernels(parameters, accelerator)];

        // Fused kernels exist for 16-bit inputs only.
        bool single = scenario.Training.Precision == NumberFormat.Fp32;
        if (scenario.Software.AttentionKernel is not { } asked)
        {
            // The 2022 stacks kept the scores in memory; later ones use the newest fused kernel of the device.
            return single || stack.IsEarlyMegatron() ? AttentionKernel.Unfused : known[^1];
        }

        if (single && asked != AttentionKernel.Unfused)
        {
            problems.Add("software.attentionKernel", "does not exist in fp32, the precision of the training; allowed: auto, unfused");
        }
        else if (!known.Contains(asked))
        {
            problems.Add(
                "software.attentionKernel",
                $"was not measured on {accelerator.Id}; allowed: auto, {string.Join(", ", known.Select(Names.Of))}");
        }

        return asked;
    }

    private static Site? SiteOf(Scenario scenario, Catalog catalog, ModelParameters parameters, ProblemSink problems)
    {
        SiteSection section = scenario.Site;
        Figure? intensity = section.CarbonIntensityGramsPerKwh is { } given
            ? new Figure(
                "site.carbonIntensity",
                UnitText.Convert(given, "g/kWh", Dimension.CarbonIntensity),
                UnitText.BaseUnit(Dimension.CarbonIntensity),
                ScenarioFigures.Given,
                FigureStatus.Given)
            : GridIntensity(section, catalog, problems);
        double? lifetime = section.LifetimeYears is { } years ? UnitText.Convert(years, "years", Dimension.Time) : null;
        return intensity is null ? null : new(
            section.Grid ?? "given",
            intensity.Value,
            scenario.Figure("site.pue", section.Pue, "1", parameters["site.powerUsageEffectiveness"]),
            scenario.Figure(
                "site.lifetimeYears", lifetime, "s", catalog.Find("embodied", "lifetimes").Figure("default", Dimension.Time)));
    }

    private static Figure? GridIntensity(SiteSection section, Catalog catalog, ProblemSink problems)
    {
        CatalogEntry? grid = problems.Try("site.grid", () => catalog.Find("grids", section.Grid!));
        string kind = section.IntensityKind == IntensityKind.Lifecycle ? "lifecycle" : "direct";
        Figure? figure = grid?.OptionalFigure(kind, Dimension.CarbonIntensity);
        if (grid is not null && figure is null)
        {
            problems.Add("site.intensityKind", $"is not known of grid {grid.Id}; allowed: {(kind == "direct" ? "lifecycle" : "direct")}");
        }

        return figure;
    }

    private static ReliabilityPolicy? ReliabilityOf(Scenario scenario, ModelParameters parameters)
    {
        FailuresSection failures = scenario.Cluster.Failures;
        if (failures.Policy == FailurePolicy.None || failures.PerDeviceHour == 0)
        {
            return null;
        }

        CheckpointSection checkpoint = scenario.Cluster.Checkpoint;
        return new(
            scenario.Figure(
                "cluster.failures.perDeviceHour", failures.PerDeviceHour / SecondsPerHour, "1/s", parameters["failure.rate"]),
            scenario.Figure(
                "cluster.failures.restartMinutes", failures.RestartMinutes * SecondsPerMinute, "s", parameters["failure.restart"]),
            scenario.Figure(
                "cluster.checkpoint.storageBytesPerSecond",
                checkpoint.StorageBytesPerSecond,
                "B/s",
                parameters["checkpoint.storageBandwidth"]),
            checkpoint.StorageBytesPerSecond is null,
            checkpoint.Asynchronous ?? true);
    }
}
