using CarbonScaling.Planning;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Methods;

/// <summary>What whole runs took over what the best plan for them takes, or theirs where it is published.</summary>
/// <remarks>
/// The planner finds the best plan, and a run without a plan is predicted by it. Teams take one that works, evaluate,
/// restart and repeat, and count all of it. So two factors for all runs, one for plans that the planner chose and one for
/// plans that are published, each the median over sources of the geometric mean of a source, are fitted to device-hours.
/// </remarks>
internal sealed class Practice
{
    /// <summary>Factors that are fitted.</summary>
    public const int Constants = 2;

    private readonly (bool Blind, string Source, double Excess)[] _sources;

    private Practice((bool Blind, string Source, double Excess)[] sources) => _sources = sources;

    /// <summary>Learns from runs.</summary>
    /// <param name="cases">The records, evaluated.</param>
    /// <param name="table">The table of the device-hours.</param>
    /// <param name="parameters">The parameters with which a source is predicted.</param>
    public static Practice Of(IEnumerable<ValidationCase> cases, ValidationTable table, Func<string, ModelParameters> parameters) => new(
    [
        .. from each in cases
           where each.Run is not null && each.Excluded is null
           let measured = table.Measured(each)
           let estimate = each.With(parameters(each.Source)).Estimate
           where measured is not null && estimate is not null
           group Math.Log(measured.Value / estimate.Run.DeviceHours) by (Blind: IsBlind(each), each.Source) into source
           orderby source.Key.Source
           select (source.Key.Blind, source.Key.Source, source.Average()),
    ]);

    /// <summary>A prediction under the factor, with the interval that its scatter makes wider.</summary>
    /// <param name="record">The run.</param>
    /// <param name="prediction">The prediction for its plan.</param>
    /// <param name="leftOut">A source that the factor may not know; null for none.</param>
    public Prediction Apply(ValidationCase record, Prediction prediction, string? leftOut)
    {
        bool blind = IsBlind(record);
        double[] known =
        [
            .. _sources
                .Where(source => source.Blind == blind && source.Source != leftOut)
                .Select(static source => source.Excess)
                .Order(),
        ];
        if (known.Length < 2 || prediction.Value is not { } value)
        {
            return prediction;
        }

        double middle = ErrorMetrics.Quantile(known, 0.5);
        double variance = known.Sum(excess => (excess - middle) * (excess - middle)) / (known.Length - 1);
        double own = prediction is { Low: { } low, High: { } high } ? Math.Log(high / low) / (2 * Intervals.StandardDeviations) : 0;
        double expected = value * Math.Exp(middle);
        (double least, double most) = Intervals.Around(expected, (own * own) + (variance * (1 + (1.0 / known.Length))));
        return new(expected, least, most);
    }

    // Whether the planner chose how the work of a run is split.
    private static bool IsBlind(ValidationCase record) => record.Run is { Tensor: null };
}
