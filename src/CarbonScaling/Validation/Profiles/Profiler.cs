using System.Globalization;
using System.Reflection;
using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Telemetry;
using CarbonScaling.Tracking;
using CarbonScaling.Training;
using CarbonScaling.Units;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Validation.Profiles;

/// <summary>Adapts the model to a cluster from a few measured steps and watts.</summary>
/// <remarks>
/// The most probable overall parameters of the cluster, as multipliers of a parameter set, with log-normal priors around 1 and
/// Student-t errors of ln(measured/predicted), by Gauss-Newton with weights; derivatives come from the trace of every
/// prediction. A calibration leaves its own parameters only what published sources do not determine, which a few rows of one
/// more source hardly move; these have the spread from cluster to cluster. Deterministic. Holds no state but catalog and parameters; safe to share between threads.
/// </remarks>
public sealed class Profiler
{
    private const string Step = "step.seconds";
    private const string Watts = "energy.averageDeviceWatts";

    // Layouts of one cluster scatter at least as published steps of equal inputs do, by 2.5 % on average, and single ones are
    // off by far more (a bad node, a paging host): hence the heavy tail. A meter of power is off by 5 % (arXiv:2312.02741).
    private const double StepScale = 0.03;
    private const double WattsScale = 0.05;
    private const double DegreesOfFreedom = 2;

    /// <summary>Within this, two numbers of tokens of a step are taken for the same.</summary>
    private const double SameBatch = 0.01;

    private const int MostRounds = 50;
    private const double SmallStep = 1e-9;

    /// <summary>The measurements say nothing of a parameter where they leave more of its spread.</summary>
    private const double MostSpreadRatio = 0.99;

    // What layouts of a cluster scatter around what they share, before it is measured, counts for four measurements.
    private const double GuessedScatter = 0.05;
    private const double GuessWeight = 4;

    private static readonly string Version =
        typeof(Profiler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly Catalog _catalog;
    private readonly ModelParameters _parameters;

    /// <summary>Makes a profiler.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="parameters">The parameters to adapt; null for those of the catalog.</param>
    public Profiler(Catalog catalog, ModelParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _catalog = catalog;
        _parameters = parameters ?? ParameterSets.Of(catalog).Default;
    }

    /// <summary>The parameters that are adapted.</summary>
    internal ModelParameters Parameters => _parameters;

    /// <summary>What telemetry says of a job: the median duration of a step without warm-up, and the mean power of accelerators.</summary>
    /// <param name="scenario">The job with the plan that it ran with.</param>
    /// <param name="files">Its telemetry.</param>
    /// <exception cref="ScenarioException">The scenario is not sound, or the files are of another job or say nothing of one.</exception>
    public OwnMeasurement Measure(Scenario scenario, IReadOnlyList<TelemetryFile> files)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(files);
        OnePart.Require(scenario, "calibrate");
        TrainingJob job = JobBuilder.Build(scenario, _catalog, _parameters).Job.Training;
        StepBasis basis = new(job.GlobalBatch.Value * job.SequenceLength.Value, job.SequenceLength.Value, job.Cluster.DeviceCount);
        MeasuredSteps? steps = StepMeasurement.Of([.. files.Select(static file => file.Steps).OfType<StepLog>()], basis);
        string name = string.Join(", ", files.Select(static file => file.Name));
        if (steps?.TokensPerStep is { } tokens && Math.Abs((tokens / basis.TokensPerStep) - 1) > SameBatch)
        {
            throw new ScenarioException([new(name, 1, "", "", string.Create(
                CultureInfo.InvariantCulture, $"has {tokens:0.####e0} tokens in a step, the scenario {basis.TokensPerStep:0.####e0}; expected: the log of the scenario's job"))]);
        }

        PowerReading? power = PowerReading.Of(files, PowerBoundary.Devices, steps, []);
        return steps is null && power is null
            ? throw new ScenarioException([new(name, 1, "", "", $"says nothing of steps or of the power of accelerators; expected: {TelemetryKinds.Expected}")])
            : new(scenario, name, steps?.MedianSeconds, power?.Watts);
    }

    /// <summary>Adapts to jobs that were measured.</summary>
    /// <param name="name">The title of the profile.</param>
    /// <param name="measurements">What was measured, all on one kind of system.</param>
    /// <exception cref="ScenarioException">A scenario is not sound, its plan not legal, or nothing was measured.</exception>
    public ClusterProfile Fit(string name, IReadOnlyList<OwnMeasurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        List<Observation> observations = [];
        foreach (OwnMeasurement measured in measurements)
        {
            OnePart.Require(measured.Scenario, "calibrate");
            ResolvedScenario resolved = JobBuilder.Build(measured.Scenario, _catalog, _parameters);
            SplitPlan plan = FixedPlan.Of(measured.Scenario, resolved.Job.Training);
            Add(observations, measured.Source, resolved.Job, plan, measured.StepSeconds, measured.DeviceWatts);
        }

        return Fit(name, observations);
    }

    /// <summary>Adapts to rows of a record file that were measured on one cluster; rows that cannot be predicted are left out.</summary>
    /// <param name="name">The title of the profile.</param>
    /// <param name="records">The rows.</param>
    /// <exception cref="ScenarioException">No row can be predicted.</exception>
    public ClusterProfile FitRecords(string name, IReadOnlyList<StepRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        RecordResolver resolver = new(_catalog);
        List<Observation> observations = [];
        foreach (StepRecord record in records)
        {
            ResolvedRecord resolved = resolver.Resolve(record);
            if (resolved.Resolved is not null)
            {
                Add(observations, $"{record.File}, {record.Id}", resolved.Resolved.Job, resolved.Plan, record.StepSeconds, null);
            }
        }

        return Fit(name, observations);
    }

    /// <summary>The duration of a step of a record; null where the record cannot be predicted.</summary>
    internal double? StepSeconds(StepRecord record)
    {
        ResolvedRecord resolved = new RecordResolver(_catalog).Resolve(record);
        return resolved.Resolved is null
            ? null
            : Math.Exp(new Observation("", resolved.Resolved.Job, resolved.Plan, Step, 1).Predict(_parameters).Logarithm);
    }

    private static void Add(List<Observation> observations, string source, CarbonJob job, SplitPlan plan, double? seconds, double? watts)
    {
        if (seconds is { } step)
        {
            observations.Add(new(source, job, plan, Step, step));
        }

        if (watts is { } power)
        {
            observations.Add(new(source, job, plan, Watts, power));
        }
    }

    private ClusterProfile Fit(string name, List<Observation> observations)
    {
        if (observations.Count == 0)
        {
            throw new ScenarioException([new(name, 1, "", "", "has no measurement that can be predicted; expected: a step or power of one job at least")]);
        }

        NodeSystem[] systems = [.. observations.Select(static each => each.Job.Training.Cluster.System).DistinctBy(static system => system.Id)];
        OverallParameter[] all = [.. OverallParameter.All.Where(parameter => FiguresOf(parameter, systems).Count > 0)];
        Mode first = Search(all, systems, observations);

        // What the measurements say nothing of stays as the set has it, with its own uncertainty.
        OverallParameter[] determined = [.. all.Where((parameter, i) => Math.Sqrt(first.Covariance[i, i]) < MostSpreadRatio * parameter.Spread)];
        OverallParameter[] kept = determined.Length == 0 ? all : determined;
        Mode mode = kept.Length == all.Length ? first : Search(kept, systems, observations);
        CalibratedSet set = SetOf(name, kept, systems, mode, observations);
        ModelParameters after = set.Apply(_parameters);
        return new()
        {
            Name = name,
            Systems = [.. systems.Select(static system => system.Id)],
            Records =
            [
                .. observations.Select(each => new ProfileRecord(
                    each.Source, each.Figure, each.Measured, Math.Exp(each.Predict(_parameters).Logarithm), Math.Exp(each.Predict(after).Logarithm))),
            ],
            Set = set,
            Figures =
            [
                .. set.Parameters.SelectMany(static parameter => parameter.Figures).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    .Select(figure => new ProfileFigure(figure, _parameters[figure].Unit, _parameters[figure].Value, after[figure].Value)),
            ],
        };
    }

    private List<string> FiguresOf(OverallParameter parameter, NodeSystem[] systems) =>
    [
        .. _parameters.Figures.Where(figure => figure.Value.Value > 0 && Array.Exists(systems, system => parameter.Covers(figure.Key, system)))
            .Select(static figure => figure.Key)
            .Order(StringComparer.Ordinal),
    ];

    // Efficiencies cannot exceed 1; one that is 1 or more is none of a whole.
    private bool IsShare(string figure) => _parameters[figure].Value < 1
        && (figure.EndsWith("efficiency", StringComparison.Ordinal) || figure.StartsWith("memory.efficiency.", StringComparison.Ordinal));

    private CalibratedSet SetOf(
        string name, OverallParameter[] parameters, NodeSystem[] systems, Mode mode, List<Observation> observations)
    {
        FittedParameter[] fitted =
        [
            .. parameters.Select((parameter, i) => new FittedParameter(
                parameter.Id, "", FiguresOf(parameter, systems), mode.Logs[i], Math.Sqrt(mode.Covariance[i, i]), parameter.Spread, parameter.Spread)),
        ];
        return new(fitted, mode.Covariance, ResidualsOf(mode, observations), RangeOf(observations))
        {
            Id = name,
            Base = _parameters.Id,
            ProgramVersion = Version,
            PriorsDigest = MultiplierMap.DigestOf(_parameters),
            Shares = fitted.SelectMany(static parameter => parameter.Figures).Where(IsShare).ToHashSet(StringComparer.Ordinal),
        };
    }

    // Of a class of jobs that was measured, the scatter on the cluster; of others, what the set states of them.
    private ResidualSpreads ResidualsOf(Mode mode, List<Observation> observations)
    {
        ResidualSpreads known = _parameters.Posterior?.Residuals
            ?? new(_parameters["step.residual"].Spread, new Dictionary<string, double>(), PerDoubling: 0, Unseen: 0);
        Observation[] steps = [.. observations.Where(static each => each.Figure == Step)];
        if (steps.Length == 0)
        {
            return known;
        }

        double sum = GuessWeight * Square(GuessedScatter);
        foreach ((Observation observation, double error) in observations.Zip(mode.Errors).Where(static each => each.First.Figure == Step))
        {
            sum += (DegreesOfFreedom + 1) / (DegreesOfFreedom + Square(error / StepScale)) * Square(error);
        }

        double scatter = Math.Sqrt(sum / (GuessWeight + steps.Length));
        Dictionary<string, double> classes = ResidualSpreads.Classes.ToDictionary(
            static each => each, each => known.ByClass.GetValueOrDefault(each, known.Pooled), StringComparer.Ordinal);
        foreach (string measured in steps.Select(static each => ResidualSpreads.ClassOf(each.Job.Training)))
        {
            classes[measured] = scatter;
        }

        return known with { ByClass = classes };
    }

    private CalibratedRange RangeOf(List<Observation> observations)
    {
        CalibratedRange known = _parameters.Posterior?.Set.Range ?? CalibratedRange.Unfitted;
        string[] Joined(IReadOnlyList<string> before, Func<TrainingJob, string> of) =>
            [.. before.Concat(observations.Select(each => of(each.Job.Training))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        double[] sizes = [.. observations.Select(static each => each.Job.Training.Model.ParameterCount)];
        return new(
            Joined(known.Rates, CalibratedRange.RateOf),
            Joined(known.SoftwareClasses, static job => MachineLift.NameOf(job.Software.Stack)),
            Math.Max(known.MostDevices, observations.Max(static each => (double)each.Plan.Plan.Devices)),
            Math.Min(known.LeastParameters, sizes.Min()),
            Math.Max(known.MostParameters, sizes.Max()));
    }

    private Mode Search(OverallParameter[] parameters, NodeSystem[] systems, List<Observation> observations)
    {
        int count = parameters.Length;
        MultiplierMap map = MultiplierMap.Of(_parameters, [.. parameters.Select(parameter => FiguresOf(parameter, systems))], IsShare);
        Dictionary<string, string> keys = map.Figures.ToDictionary(figure => _parameters[figure].Name, static figure => figure, StringComparer.Ordinal);
        double[] logs = new double[count];
        double[] errors = new double[observations.Count];
        double[,] covariance = new double[count, count];
        for (int round = 0; round < MostRounds; round++)
        {
            double[,] normal = new double[count, count];
            double[] right = new double[count];
            for (int i = 0; i < count; i++)
            {
                double precision = 1 / Square(parameters[i].Spread);
                normal[i, i] = precision;
                right[i] = -precision * logs[i];
            }

            ModelParameters moved = Moved(map, logs);
            for (int row = 0; row < observations.Count; row++)
            {
                Observation observation = observations[row];
                (double predicted, IReadOnlyDictionary<string, InputSensitivity> elasticities) = observation.Predict(moved);
                double[] gradient = GradientOf(map, keys, elasticities, logs);
                double error = Math.Log(observation.Measured) - predicted;
                double scale = observation.Figure == Step ? StepScale : WattsScale;
                double weight = (DegreesOfFreedom + 1) / (DegreesOfFreedom + Square(error / scale)) / Square(scale);
                errors[row] = error;
                for (int i = 0; i < count; i++)
                {
                    right[i] += weight * gradient[i] * error;
                    for (int j = 0; j < count; j++)
                    {
                        normal[i, j] += weight * gradient[i] * gradient[j];
                    }
                }
            }

            PositiveDefinite factors = PositiveDefinite.Factorise(normal)
                ?? throw new InvalidOperationException("The normal equations of a fit with priors are positive definite.");
            covariance = factors.Inverse();
            double largest = 0;
            for (int i = 0; i < count; i++)
            {
                double step = Enumerable.Range(0, count).Sum(j => covariance[i, j] * right[j]);
                logs[i] += step;
                largest = Math.Max(largest, Math.Abs(step));
            }

            if (largest < SmallStep)
            {
                break;
            }
        }

        return new(logs, covariance, errors);
    }

    private ModelParameters Moved(MultiplierMap map, double[] logs)
    {
        Dictionary<string, Figure> figures = new(_parameters.Figures, StringComparer.Ordinal);
        foreach (string figure in map.Figures)
        {
            figures[figure] = _parameters[figure] with { Value = map.At(figure, logs).Value };
        }

        return new(_parameters.Id, figures);
    }

    private static double[] GradientOf(
        MultiplierMap map, Dictionary<string, string> keys, IReadOnlyDictionary<string, InputSensitivity> elasticities, double[] logs)
    {
        double[] gradient = new double[logs.Length];
        foreach ((string input, InputSensitivity sensitivity) in elasticities)
        {
            if (keys.TryGetValue(input, out string? figure))
            {
                double slope = sensitivity.Elasticity * map.At(figure, logs).Slope;
                foreach (int parameter in map.ParametersOf(figure))
                {
                    gradient[parameter] += slope;
                }
            }
        }

        return gradient;
    }

    private static double Square(double value) => value * value;

    /// <summary>The most probable multipliers.</summary>
    /// <param name="Logs">Their logarithms.</param>
    /// <param name="Covariance">Covariance of these.</param>
    /// <param name="Errors">ln(measured/predicted) of every observation.</param>
    private sealed record Mode(double[] Logs, double[,] Covariance, double[] Errors);

    private sealed record Observation(string Source, CarbonJob Job, SplitPlan Plan, string Figure, double Measured)
    {
        public (double Logarithm, IReadOnlyDictionary<string, InputSensitivity> Elasticities) Predict(ModelParameters parameters)
        {
            CarbonJob job = Job with { Training = Job.Training with { Parameters = parameters } };
            Assessment<Traced> traced = Assessment<Traced>.Of(
                job, Plan, FlopsConvention.ModelFull, number => new(number.ToString(), Plan[number], "1", "plan", FigureStatus.Given));
            TraceNode node = Readings.Read(Figure, traced).Node;
            return (Math.Log(node.Value), Sensitivity.Elasticities(node));
        }
    }
}
