using CarbonScaling.Validation;
using CarbonScaling.Validation.Metrics;

namespace CarbonScaling.Tests.Validation;

/// <summary>Draws of whole sources, the paired difference, the interval score and ranks.</summary>
public sealed class DrawTests
{
    private static readonly Comparison[] Rows =
    [
        .. Enumerable.Range(0, 60).Select(static i => new Comparison($"{i * i % 7}", 1 + (i % 5), (1 + (i % 5)) * (0.6 + (0.013 * (i * 37 % 60))))),
    ];

    // Draws as the definition says: copy the rows of the drawn sources together, sort, take the quantile.
    [Fact]
    public void Quantiles_of_draws_are_those_of_copied_rows()
    {
        string[] names = SourceDraws.NamesOf(Rows.Select(row => row.Source));
        double[] medians = new double[SourceDraws.Draws];
        double[] highs = new double[SourceDraws.Draws];
        double[] factors = new double[SourceDraws.Draws];
        SourceDraws.ForEachDraw(names.Length, 4, (draw, counts) =>
        {
            Comparison[] copied = [.. names.SelectMany((name, i) => Enumerable.Repeat(Rows.Where(row => row.Source == name), counts[i]).SelectMany(rows => rows))];
            double[] errors = [.. copied.Select(row => row.AbsoluteFraction).Order()];
            medians[draw] = ErrorMetrics.Quantile(errors, 0.5);
            highs[draw] = ErrorMetrics.Quantile(errors, 0.9);
            factors[draw] = Math.Exp(Math.Sqrt(copied.Average(row => row.LogRatio * row.LogRatio)));
        });
        ErrorMetrics errors = ErrorMetrics.Of(Rows, seed: 4);

        Near(SourceDraws.Interval(medians), errors.MedianApeInterval95!);
        Near(SourceDraws.Interval(highs), errors.P90ApeInterval95!);
        Near(SourceDraws.Interval(factors), errors.ExpRmsleInterval95!);
    }

    [Fact]
    public void Three_sources_are_too_few() =>
        Assert.Null(ErrorMetrics.Of([.. Rows.Where(row => row.Source is "0" or "1" or "2")], seed: 0).ExpRmsleInterval95);

    [Fact]
    public void A_method_that_is_nearer_everywhere_beats_and_one_that_is_nearer_half_of_the_time_does_not()
    {
        PairedRow[] nearer = [.. "ABCDE".Select(source => new PairedRow($"{source}", 0.1, 0.3))];
        (double difference, double[]? interval) = PairedDraws.Of(nearer, seed: 0);
        Assert.Equal(-0.2, difference, 1e-12);
        Assert.Equal(-0.2, interval![1], 1e-12);
        Assert.True(new MethodComparison("ours", "theirs", 5, 5, difference, interval).Beats);

        PairedRow[] mixed = [.. "ABCDEF".Select((source, i) => new PairedRow($"{source}", i % 2 == 0 ? 0.1 : 0.3, 0.2))];
        (_, double[]? undecided) = PairedDraws.Of(mixed, seed: 0);
        Assert.True(undecided![0] < 0 && undecided[1] > 0);
        Assert.Null(PairedDraws.Of(nearer[..3], seed: 0).Interval);
    }

    // Width ln 4 inside; outside by ln 2 another 20·ln 2.
    [Fact]
    public void An_interval_score_is_width_and_twenty_times_the_miss()
    {
        Assert.Equal(Math.Log(4), ErrorMetrics.Of([new("A", 1, 1, 0.5, 2)], 0).IntervalScore90!.Value, 1e-12);
        Assert.Equal(Math.Log(4) + (20 * Math.Log(2)), ErrorMetrics.Of([new("A", 4, 1, 0.5, 2)], 0).IntervalScore90!.Value, 1e-12);
        Assert.Equal(1, ErrorMetrics.Of([new("A", 4, 1, 0.5, 2)], 0).MedianHalfWidth90!.Value, 1e-12);
    }

    [Fact]
    public void Ranks_share_ties()
    {
        Assert.Equal(1, RankCorrelation.Of([(1, 10), (2, 20), (3, 1000)])!.Value, 1e-12);
        Assert.Equal(-1, RankCorrelation.Of([(1, 3), (2, 2), (3, 1)])!.Value, 1e-12);

        // Ranks 1, 2.5, 2.5 against 1, 2, 3: 1.5 / √(1.5 · 2).
        Assert.Equal(1.5 / Math.Sqrt(3), RankCorrelation.Of([(1, 1), (2, 2), (2, 3)])!.Value, 1e-12);
        Assert.Null(RankCorrelation.Of([(1, 1), (1, 2), (1, 3)]));
    }

    private static void Near(IReadOnlyList<double> expected, IReadOnlyList<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
}
