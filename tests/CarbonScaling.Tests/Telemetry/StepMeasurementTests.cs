using CarbonScaling.Telemetry;

namespace CarbonScaling.Tests.Telemetry;

public class StepMeasurementTests
{
    private const double Start = 1_770_411_300;

    private static readonly StepBasis Basis = new(TokensPerStep: 8192, SequenceLength: 1024, Devices: 4);

    [Fact]
    public void Median_and_spread_leave_out_warm_up_and_bear_outliers()
    {
        double[] seconds = [30, 8, 2.00, 2.02, 1.98, 2.00, 9.0, 2.01, 1.99, 2.00];
        MeasuredSteps steps = Of(seconds);

        Assert.Equal((10, 2, 1), (steps.Entries, steps.WarmUp, steps.Outliers));
        Assert.Equal(2.0, steps.MedianSeconds, 12);
        Assert.Equal((2.00 + 2.02 + 1.98 + 2.00 + 9.0 + 2.01 + 1.99 + 2.00) / 8, steps.MeanSeconds, 12);
        Assert.InRange(steps.Spread, 0.001, 0.01);
        Assert.Equal(8192 / (2.0 * 4), steps.TokensPerSecondPerDevice, 9);
        Assert.Equal(10 * 8192d, steps.TokensSoFar);
    }

    [Fact]
    public void A_rate_becomes_a_duration_with_the_batch_and_the_devices()
    {
        MeasuredSteps steps = StepMeasurement.Of([new([new() { Step = 7, Line = 1, TokensPerSecondPerDevice = 1024 }], null)], Basis)!;

        Assert.Equal((2d, 1024d), (steps.MedianSeconds, steps.TokensPerSecondPerDevice));
    }

    [Fact]
    public void An_entry_covers_the_steps_since_the_one_before()
    {
        StepLog log = new([.. new[] { 100, 200, 300, 350 }.Select(step => Sample(step, 2, null))], 1000);
        MeasuredSteps steps = StepMeasurement.Of([log], Basis)!;

        Assert.Equal((350L, 1L, 350L, 700d, 1000L), (steps.StepsRun, steps.FirstStep, steps.LastStep, steps.SecondsInSteps, steps.PlannedSteps!.Value));
    }

    [Fact]
    public void Gaps_restarts_and_lost_steps_are_found_from_times_and_numbers()
    {
        // Steps 1 to 20 of 2 s; a pause of 300 s; again from step 16.
        List<StepSample> samples = [];
        double time = Start;
        for (int step = 1; step <= 20; step++)
        {
            samples.Add(Sample(step, 2, time += 2));
        }

        time += 300;
        for (int step = 16; step <= 40; step++)
        {
            samples.Add(Sample(step, 2, time += 2));
        }

        MeasuredSteps steps = StepMeasurement.Of([new(samples, null)], Basis)!;

        Assert.Equal((1, 5L, 45L, 40L), (steps.Restarts, steps.StepsDoneAgain, steps.StepsRun, steps.LastStep));
        Assert.Equal([new StepGap(20, 300, true)], steps.Gaps);
        Assert.Equal(390, steps.WallSeconds!.Value, 6);
        Assert.Equal(Start, steps.Start!.Value, 6);
    }

    [Fact]
    public void Files_are_put_in_the_order_of_their_times()
    {
        StepLog first = new([Sample(1, 2, Start + 2), Sample(2, 2, Start + 4)], null);
        StepLog second = new([Sample(3, 2, Start + 106), Sample(4, 2, Start + 108)], null);
        MeasuredSteps steps = StepMeasurement.Of([second, first], Basis)!;

        Assert.Equal((4L, 1, 0L), (steps.LastStep, steps.Restarts, steps.StepsDoneAgain));
        Assert.Equal(100, Assert.Single(steps.Gaps).Seconds, 6);
    }

    [Theory]
    [InlineData(0.03, 60)]
    [InlineData(-0.05, 150)]
    public void A_change_of_level_is_found_where_it_is(double change, int at)
    {
        Random random = new(3);
        double[] seconds = [.. Enumerable.Range(0, 200).Select(i => 2 * (i < at ? 1 : 1 + change) * (1 + (0.01 * (random.NextDouble() - 0.5))))];
        StepDrift drift = Of(seconds).Drift!;

        Assert.True(drift.Moved);
        Assert.InRange(drift.FromStep, at - 2, at + 4);
        Assert.Equal(change, drift.Change, 2);
        Assert.Equal(2 * (1 + change), Of(seconds).CurrentSeconds, 2);
    }

    [Fact]
    public void Noise_is_a_change_as_rarely_as_its_significance_says()
    {
        int moved = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            moved += Of([.. Enumerable.Range(0, 60).Select(_ => 2 + random.NextDouble())]).Drift!.Moved ? 1 : 0;
        }

        // At 1 % the expected number is 3; eleven or more have a chance below 1 in 3,000.
        Assert.InRange(moved, 0, 10);
    }

    [Fact]
    public void Pettitt_s_statistic_is_that_worked_by_hand()
    {
        // Ranks 1 to 10 in order: U(t) = t(t + 1) − 11 t, greatest at t = 5 with 25; p = 2 exp(−6 · 625 / 1100).
        ChangePoint change = ChangePoint.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])!;

        Assert.Equal(2 * Math.Exp(-6 * 625 / 1100.0), change.Significance, 12);
        Assert.Equal((5, 3d, 8d), (change.Index, change.Before, change.After));
        Assert.Null(ChangePoint.Of([1, 2, 3]));
    }

    private static MeasuredSteps Of(double[] seconds) => StepMeasurement.Of(
        [new([.. seconds.Select((value, index) => Sample(index + 1, value, null))], null)], Basis)!;

    private static StepSample Sample(int step, double seconds, double? time) => new() { Step = step, Line = step, Seconds = seconds, Time = time };
}
