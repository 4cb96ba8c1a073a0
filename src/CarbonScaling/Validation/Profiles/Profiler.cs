using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Profiles;

/// <summary>Adapts the model to a cluster from a few measured steps and watts.</summary>
/// <remarks>
/// The most probable overall parameters (<see cref="Profile.Multipliers"/>) with log-normal priors around a parameter set and
/// Student-t errors of ln(measured/predicted), by Gauss-Newton with weights; derivatives come from the trace of every
/// prediction. Deterministic. Holds no state but catalog and parameters; safe to share between threads.
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

    private const int MostRounds = 50;
    private const double SmallStep = 1e-9;
    private const double LeastSpreadShare = 0.5;
    private const string Residual = "step.residual";

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

    /// <summary>Adapts to jobs that were measured.</summary>
    /// <param name="name">The title of the profile.</param>
    /// <param name="measurements">What was measured, all on one kind of system.</param>
    /// <exception cref="ScenarioException">A scenario is not sound, its plan not legal, or nothing was measured.</exception>
    public Profile Fit(string name, IReadOnlyList<OwnMeasurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        List<Observation> observations = [];
        foreach (OwnMeasurement measured in measurements)
        {
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
    public Profile FitRecords(string name, IReadOnlyList<StepRecord> records)
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

    /// <summary>The duration of a step of a record under a parameter set; null where the record cannot be predicted.</summary>
    internal double? StepSeconds(StepRecord record, ModelParameters parameters)
    {
        ResolvedRecord resolved = new RecordResolver(_catalog).Resolve(record);
        return resolved.Resolved is null
            ? null
            : Math.Exp(new Observation("", resolved.Resolved.Job, resolved.Plan, Step, 1).Predict(parameters).Logarithm);
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

    private Profile Fit(string name, List<Observation> observations)
    {
        if (observations.Count == 0)
        {
            throw new ScenarioException([new(name, 1, "", "", "has no measurement of a step or of power; expected: at least one")]);
        }

        NodeSystem[] systems = [.. observations.Select(static each => each.Job.Training.Cluster.System).DistinctBy(static system => system.Id)];
        AdaptedSet set = new(_parameters, systems);
        (double[] logs, double[,] covariance) = Search(set, observations);
        ModelParameters after = set.Apply(logs);
        int count = logs.Length;
        double[] spreads = [.. Enumerable.Range(0, count).Select(i => Math.Sqrt(covariance[i, i]))];
        return new()
        {
            Name = name,
            Base = _parameters.Id,
            System = string.Join(", ", systems.Select(static system => system.Id)),
            Records =
            [
                .. observations.Select(each => new ProfileRecord(
                    each.Source,
                    each.Figure,
                    each.Measured,
                    Math.Exp(each.Predict(_parameters).Logarithm),
                    Math.Exp(each.Predict(after).Logarithm))),
            ],
            Multipliers =
            [
                .. Enumerable.Range(0, count).Where(set.Has).Select(i =>
                    new ProfileMultiplier(OverallParameter.All[i].Id, Math.Exp(logs[i]), OverallParameter.All[i].Spread, spreads[i])),
            ],
            Parameters = [.. Adapted(set, after, spreads)],
        };
    }

    // A parameter of a family is as much surer as the family's multiplier is; half of its own spread stays.
    private static IEnumerable<ProfileParameter> Adapted(AdaptedSet set, ModelParameters after, double[] spreads)
    {
        foreach (string name in set.Names.Order(StringComparer.Ordinal))
        {
            double learned = set.FamiliesOf(name).Sum(family => Square(OverallParameter.All[family].Spread) - Square(spreads[family]));
            yield return new(name, after[name].Value, Less(set.Priors[name].Spread, learned));
        }

        double common = Square(OverallParameter.All[0].Spread) - Square(spreads[0]);
        yield return new(Residual, set.Priors[Residual].Value, Less(set.Priors[Residual].Spread, common));
    }

    private static double Less(double spread, double learned) =>
        Math.Sqrt(Math.Max(Square(LeastSpreadShare * spread), Square(spread) - Math.Max(0, learned)));

    private static (double[] Logs, double[,] Covariance) Search(AdaptedSet set, List<Observation> observations)
    {
        int count = OverallParameter.All.Count;
        double[] logs = new double[count];
        double[,] normal = new double[count, count];
        for (int round = 0; round < MostRounds; round++)
        {
            normal = new double[count, count];
            double[] right = new double[count];
            for (int i = 0; i < count; i++)
            {
                double precision = 1 / Square(OverallParameter.All[i].Spread);
                normal[i, i] = precision;
                right[i] = -precision * logs[i];
            }

            ModelParameters parameters = set.Apply(logs);
            foreach (Observation observation in observations)
            {
                (double predicted, IReadOnlyDictionary<string, InputSensitivity> elasticities) = observation.Predict(parameters);
                double[] gradient = GradientOf(set, elasticities, logs);
                double error = Math.Log(observation.Measured) - predicted;
                double scale = observation.Figure == Step ? StepScale : WattsScale;
                double weight = (DegreesOfFreedom + 1) / (DegreesOfFreedom + Square(error / scale)) / Square(scale);
                for (int i = 0; i < count; i++)
                {
                    right[i] += weight * gradient[i] * error;
                    for (int j = 0; j < count; j++)
                    {
                        normal[i, j] += weight * gradient[i] * gradient[j];
                    }
                }
            }

            double[] move = SymmetricSystem.Solve(normal, right);
            for (int i = 0; i < count; i++)
            {
                logs[i] += move[i];
            }

            if (move.All(static each => Math.Abs(each) < SmallStep))
            {
                break;
            }
        }

        return (logs, SymmetricSystem.Invert(normal));
    }

    private static double[] GradientOf(AdaptedSet set, IReadOnlyDictionary<string, InputSensitivity> elasticities, double[] logs)
    {
        double[] gradient = new double[logs.Length];
        foreach ((string input, InputSensitivity sensitivity) in elasticities)
        {
            if (set.NameOf(input) is { } name)
            {
                double slope = sensitivity.Elasticity * set.At(name, logs).Slope;
                foreach (int family in set.FamiliesOf(name))
                {
                    gradient[family] += slope;
                }
            }
        }

        return gradient;
    }

    private static double Square(double value) => value * value;

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
