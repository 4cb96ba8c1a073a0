using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Validation.Methods;
using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>A record with all that methods and tables need of it.</summary>
internal sealed class ValidationCase
{
    private const double Tera = 1e12;

    private readonly Dictionary<ModelParameters, Evaluation> _evaluations =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>The id of the record.</summary>
    public required string Id { get; init; }

    /// <summary>The group that is left out and drawn anew as one.</summary>
    public required string Source { get; init; }

    /// <summary>The step, where it is one.</summary>
    public StepRecord? Step { get; init; }

    /// <summary>The run, where it is one.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>The footprint, where it is one.</summary>
    public FootprintRecord? Footprint { get; init; }

    /// <summary>What rules filled.</summary>
    public IReadOnlyList<FilledField> Filled { get; init; } = [];

    /// <summary>Why the record is no test of any method; null where it is one.</summary>
    public Exclusion? Excluded { get; init; }

    /// <summary>Why this program has no prediction; null where it has.</summary>
    public Exclusion? Refused { get; init; }

    /// <summary>What baselines may know.</summary>
    public required CaseFacts Facts { get; init; }

    /// <summary>The groups of the record: hardware, size and kind of model.</summary>
    public required CaseGroups Groups { get; init; }

    /// <summary>Evaluates the record with a set of parameters; null where it cannot be.</summary>
    public Func<ModelParameters, Evaluation>? Evaluate { get; init; }

    /// <summary>FLOPs that the step executes, with attention and what is computed again; no parameter changes them.</summary>
    public double? ExecutedFlops => _evaluations.Values.Select(static each => each.Estimate).FirstOrDefault(static estimate => estimate is not null) is { } any
        ? any.Step.HardwareTflopsPerDevice * Tera * any.Step.Seconds * any.Cluster.Devices
        : null;

    /// <summary>What <see cref="Prepare"/> found with a set of parameters.</summary>
    public Evaluation With(ModelParameters parameters) =>
        _evaluations.TryGetValue(parameters, out Evaluation? known) ? known : new(null, Refused);

    /// <summary>Evaluates the record with some sets of parameters, each once; for one thread at a time.</summary>
    public void Prepare(IEnumerable<ModelParameters> sets)
    {
        if (Evaluate is null)
        {
            return;
        }

        foreach (ModelParameters set in sets)
        {
            if (!_evaluations.ContainsKey(set))
            {
                _evaluations[set] = Evaluate(set);
            }
        }
    }
}

/// <summary>The groups by which errors are shown.</summary>
/// <param name="Hardware">The accelerator.</param>
/// <param name="Size">The class of the number of parameters.</param>
/// <param name="Kind">dense or mixture.</param>
/// <param name="Precision">The number format.</param>
/// <param name="Set">Source, model, hardware and precision: rows of a set differ along one axis.</param>
/// <param name="Layouts">What rows share that differ in their layout alone; empty where nothing is known.</param>
internal sealed record CaseGroups(string Hardware, string Size, string Kind, string Precision, string Set, string Layouts)
{
    private static readonly (double Least, string Name)[] Sizes =
        [(1e12, "1T and more"), (1e11, "100B to 1T"), (1e10, "10B to 100B"), (1e9, "1B to 10B"), (0, "below 1B")];

    /// <summary>The class of a number of parameters.</summary>
    public static string SizeOf(double? parameters) =>
        parameters is { } count ? Sizes.First(size => count >= size.Least).Name : "unknown";
}
