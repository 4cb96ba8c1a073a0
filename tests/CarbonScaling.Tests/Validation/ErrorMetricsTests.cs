using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

public sealed class ErrorMetricsTests
{
    // Worked by hand: measured 1, 2, 4, 8; predicted 1.1, 1.8, 5, 8. Errors 10 %, 10 %, 25 %, 0 %.
    private static readonly Comparison[] Four =
    [
        new("A", 1, 1.1, 0.9, 1.2), new("A", 2, 1.8, 1.5, 1.9), new("B", 4, 5, 3.5, 7), new("C", 8, 8),
    ];

    [Fact]
    public void Errors_are_those_worked_by_hand()
    {
        ErrorMetrics errors = ErrorMetrics.Of(Four, seed: 0);

        Assert.Equal((4, 3), (errors.N, errors.Sources));
        Assert.Equal(0.1, errors.MedianApe!.Value, 1e-12);
        Assert.Equal(0.1 + (0.7 * 0.15), errors.P90Ape!.Value, 1e-12);
        Assert.Equal(0.1125, errors.Mape!.Value, 1e-12);
        Assert.Equal((0.1 + 0.2 + 1 + 0) / 4, errors.Mae!.Value, 1e-12);
        Assert.Equal(Math.Sqrt((0.01 + 0.04 + 1) / 4), errors.Rmse!.Value, 1e-12);
        Assert.Equal(Math.Pow(1.1 * 0.9 * 1.25, 0.25), errors.Bias!.Value, 1e-12);
        double squares = Math.Pow(Math.Log(1.1), 2) + Math.Pow(Math.Log(0.9), 2) + Math.Pow(Math.Log(1.25), 2);
        Assert.Equal(Math.Exp(Math.Sqrt(squares / 4)), errors.ExpRmsle!.Value, 1e-12);

        // Mean 3.75; squared deviations 7.5625 + 3.0625 + 0.0625 + 18.0625 = 28.75.
        Assert.Equal(1 - (1.05 / 28.75), errors.R2!.Value, 1e-12);

        // Logarithms 0, 1, 2, 3 times ln 2: squared deviations 5·(ln 2)².
        Assert.Equal(1 - (squares / (5 * Math.Pow(Math.Log(2), 2))), errors.R2Log!.Value, 1e-12);
        Assert.Equal(1, errors.Within25);
        Assert.Equal(2.0 / 3, errors.Coverage90!.Value, 1e-12);
        Assert.Null(errors.MedianApeInterval95);
    }

    [Fact]
    public void Without_rows_there_are_no_errors()
    {
        ErrorMetrics errors = ErrorMetrics.Of([], seed: 0);
        Assert.Equal((0, 0), (errors.N, errors.Sources));
        Assert.Null(errors.MedianApe);
        Assert.Null(errors.R2);
    }

    [Fact]
    public void One_row_explains_no_variance()
    {
        ErrorMetrics errors = ErrorMetrics.Of([new("A", 2, 3)], seed: 0);
        Assert.Equal(0.5, errors.MedianApe);
        Assert.Null(errors.R2);
        Assert.Null(errors.R2Log);
        Assert.Null(errors.Coverage90);
        Assert.Equal(0, errors.Within25);
    }

    [Fact]
    public void Sources_that_agree_leave_no_doubt_and_the_seed_repeats_the_draw()
    {
        Comparison[] same = [.. "ABCDE".Select(source => new Comparison($"{source}", 1, 1.2))];
        IReadOnlyList<double> interval = ErrorMetrics.Of(same, seed: 3).MedianApeInterval95!;
        Assert.Equal(0.2, interval[0], 1e-12);
        Assert.Equal(0.2, interval[1], 1e-12);

        Comparison[] rows = [.. Enumerable.Range(0, 40).Select(index => new Comparison($"{index % 7}", 1, 1 + (0.01 * index)))];
        Assert.Equal(ErrorMetrics.Of(rows, seed: 5).MedianApeInterval95, ErrorMetrics.Of(rows, seed: 5).MedianApeInterval95);
        IReadOnlyList<double> spread = ErrorMetrics.Of(rows, seed: 5).MedianApeInterval95!;
        Assert.True(spread[0] < 0.195 && spread[1] > 0.195, $"{spread[0]} to {spread[1]}");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 4.6)]
    [InlineData(1, 5)]
    public void Quantiles_lie_between_values(double probability, double expected) =>
        Assert.Equal(expected, ErrorMetrics.Quantile([1, 2, 3, 4, 5], probability), 1e-12);
}
