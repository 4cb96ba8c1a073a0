using CarbonScaling.Training;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Training;

/// <summary>
/// Holds the closed forms of schedules that split the backward pass against the simulator, with the bounds that their
/// documentation states.
/// </summary>
public class PipelineSplitTests
{
    private const double Rounding = 1e-9;

    private static readonly PipelineScheduleKind[] Kinds =
    [
        PipelineScheduleKind.ZeroBubbleH1,
        PipelineScheduleKind.ZeroBubbleH2,
        PipelineScheduleKind.ZeroBubbleV,
        PipelineScheduleKind.DualPipe,
    ];

    [Theory]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 0.25, 0.0)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 0.3, -0.005)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 0.3, 0.0)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, 0.1, 0.0)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, 0.3, -0.001)]
    [InlineData(PipelineScheduleKind.DualPipe, 0.1, 0.0)]
    [InlineData(PipelineScheduleKind.DualPipe, 0.3, -0.005)]
    internal void Equal_stages_are_exact_but_for_long_transfers(PipelineScheduleKind kind, double transfer, double low)
    {
        Gen<PipelineSplitRecipe> recipes = PipelineSplitRecipe.Any(kind, PipelineLayout.Even, transfer, plain: true);
        Within(recipes, postValidates: false, low, 0, -low / 100);
        Within(recipes, postValidates: true, low, 0, -low / 100);
    }

    [Theory]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, PipelineLayout.Even, false, -0.005, 0, 0.0001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, PipelineLayout.EndsOneLess, false, -0.04, 0, 0.0025)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, PipelineLayout.EndsOneLess, true, -0.04, 0, 0.0025)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, PipelineLayout.FullerFirst, false, -0.05, 0, 0.003)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, PipelineLayout.FullerFirst, true, -0.05, 0, 0.003)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, PipelineLayout.Free, false, -0.04, 0, 0.0015)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.Even, false, 0, 0, 0)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.Even, true, 0, 0, 0)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.EndsOneLess, false, -0.025, 0, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.EndsOneLess, true, -0.025, 0, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.FullerFirst, false, -0.07, 0, 0.0025)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.FullerFirst, true, -0.07, 0, 0.0025)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.Free, false, -0.035, 0, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, PipelineLayout.Free, true, -0.035, 0, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, PipelineLayout.Even, false, -0.05, 0.003, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, PipelineLayout.Even, true, -0.05, 0.003, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, PipelineLayout.EndsOneLess, false, -0.03, 0, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, PipelineLayout.EndsOneLess, true, -0.03, 0, 0.001)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, PipelineLayout.Free, false, -0.07, 0, 0.0025)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, PipelineLayout.Free, true, -0.07, 0, 0.0025)]
    [InlineData(PipelineScheduleKind.DualPipe, PipelineLayout.Even, false, -0.01, 0, 0.001)]
    [InlineData(PipelineScheduleKind.DualPipe, PipelineLayout.EndsOneLess, false, -0.025, 0, 0.001)]
    [InlineData(PipelineScheduleKind.DualPipe, PipelineLayout.FullerFirst, false, -0.15, 0.07, 0.01)]
    [InlineData(PipelineScheduleKind.DualPipe, PipelineLayout.Free, false, -0.05, 0, 0.002)]
    internal void Uneven_stages_are_within_their_bounds(
        PipelineScheduleKind kind, PipelineLayout layout, bool postValidates, double low, double high, double mean) =>
        Within(PipelineSplitRecipe.Any(kind, layout, 0.1), postValidates, low, high, mean);

    [Fact]
    public void Equal_stages_take_the_published_times_where_those_hold()
    {
        foreach ((int p, int m) in ((int, int)[])[(2, 4), (4, 8), (8, 20), (16, 64)])
        {
            foreach ((double f, double b, double w) in ((double, double, double)[])[(1, 1, 1), (1, 1.2, 0.8), (2, 3, 1.5)])
            {
                double work = m * (f + b + w);
                double Time(PipelineScheduleKind kind, bool postValidates) =>
                    Equal(kind, p, m, new(f, b, w, 0), 0).Predict(postValidates) - work;

                Assert.Equal((p - 1) * (f + b - w), Time(PipelineScheduleKind.ZeroBubbleH1, false), Rounding);
                Assert.Equal((p - 1) * (f + b - w), Time(PipelineScheduleKind.ZeroBubbleH1, true), Rounding);
                Assert.Equal((p - 1) * Math.Max(f, f + b - (2 * w)), Time(PipelineScheduleKind.ZeroBubbleH2, false), Rounding);
                Assert.Equal((p - 1) * (f + b - (2 * w)), Time(PipelineScheduleKind.ZeroBubbleH2, true), Rounding);
                Assert.Equal((p - 1) * Math.Max(b / 2, b - w), Time(PipelineScheduleKind.ZeroBubbleV, false), Rounding);
                Assert.Equal((p - 1) * (b - w), Time(PipelineScheduleKind.ZeroBubbleV, true), Rounding);

                int h = p / 2;
                double fill = Math.Max((p - 2) * f, ((h - 2) * f) + ((h - 1) * b));
                Assert.Equal(p == 2 ? 0 : fill + ((h - 1) * (b - w)), Time(PipelineScheduleKind.DualPipe, false), Rounding);
            }
        }
    }

    // Published as (p/2 − 1)·(F&B + B − 3W), B the whole backward pass; equal to the simulated time where F = B = W.
    [Fact]
    public void The_published_time_of_DualPipe_is_too_long_where_backward_passes_take_longer()
    {
        Assert.Equal((8 / 2 - 1) * (3 + 2 - 3), Simulate(1, 1, 1) - (20 * 3), Rounding);
        Assert.True((8 / 2 - 1) * (3 + 2 - (3 * 0.8)) > Simulate(1, 1.2, 0.8) - (20 * 3) + 0.5);

        static double Simulate(double forward, double input, double weight) =>
            Equal(PipelineScheduleKind.DualPipe, 8, 20, new(forward, input, weight, 0), 0).Simulate(false);
    }

    [Fact]
    public void Transfers_that_no_combined_pass_hides_cost_what_is_stated()
    {
        foreach (int p in (int[])[2, 4, 6, 8, 12, 16])
        {
            foreach (int m in (int[])[2 * p, (2 * p) + 2, 3 * p, 4 * p])
            {
                const double Transfer = 0.05;
                PipelineSplitCase pipeline = (Recipe(PipelineScheduleKind.DualPipe, p, m, new(1, 1.2, 0.8, 0), Transfer) with
                {
                    HidesTransfers = false,
                }).Make();

                Assert.Equal(pipeline.Simulate(false), pipeline.Predict(false), 1.01 * Transfer);
            }
        }
    }

    [Fact]
    public void No_pipeline_is_faster_than_its_busiest_device_and_longer_transfers_never_help()
    {
        PCG random = new(1, 1);
        foreach (PipelineScheduleKind kind in Kinds)
        {
            foreach (bool hides in (bool[])[false, true])
            {
                Gen<PipelineSplitRecipe> recipes = PipelineSplitRecipe.Any(kind, PipelineLayout.EndsOneLess, 2);
                for (int count = 0; count < 200; count++)
                {
                    PipelineSplitRecipe recipe = recipes.Generate(random, null, out _) with { HidesTransfers = hides };
                    PipelineSplitCase some = recipe.Make();
                    PipelineSplitCase more = (recipe with { Transfer = 1.1 * recipe.Transfer }).Make();
                    double none = (recipe with { Transfer = 0 }).Make().Predict(true);
                    Assert.True(none >= PipelineSplitSimulator.Busy(some.Simulated).Max() * (1 - Rounding), recipe.ToString());
                    Assert.True(some.Predict(true) >= none * (1 - Rounding), recipe.ToString());
                    Assert.True(more.Predict(true) >= some.Predict(true) * (1 - Rounding), recipe.ToString());
                    Assert.True(more.Predict(false) >= some.Predict(false) * (1 - Rounding), recipe.ToString());
                    Assert.True(some.Predict(false) >= some.Predict(true) * (1 - Rounding), recipe.ToString());
                }
            }
        }
    }

    // What the busiest device is said to work must not be more than the makespan, or its waiting would be negative.
    [Fact]
    public void Inner_devices_of_DualPipe_never_work_longer_than_the_makespan()
    {
        PCG random = new(1, 4);
        Gen<PipelineSplitRecipe> recipes = PipelineSplitRecipe.Any(PipelineScheduleKind.DualPipe, PipelineLayout.FullerFirst, 0);
        for (int count = 0; count < 500; count++)
        {
            PipelineSplitCase pipeline = recipes.Generate(random, null, out _).Make();
            PipelineStages<Scalar> stages = pipeline.Stages;
            Scalar device = PipelineSchedule.FullestInnerDevice(stages) - stages.MiddleHidden;
            Assert.True(pipeline.Predict(false) >= (stages.MicroBatches * device).Value * (1 - Rounding));
        }
    }

    [Theory]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV)]
    [InlineData(PipelineScheduleKind.DualPipe)]
    public void Lanes_with_different_pipelines_do_not_disturb_each_other(PipelineScheduleKind kind)
    {
        PCG random = new(1, 2);
        PipelineLayout layout = kind == PipelineScheduleKind.ZeroBubbleV ? PipelineLayout.EndsOneLess : PipelineLayout.FullerFirst;
        Gen<PipelineSplitRecipe>[] recipes =
            [PipelineSplitRecipe.Any(kind, layout, 0.5), PipelineSplitRecipe.Any(kind, PipelineLayout.Even, 0.5)];
        for (int count = 0; count < 100; count++)
        {
            PipelineStages<Scalar>[] each =
                [.. Enumerable.Range(0, Lanes.Count).Select(lane => recipes[lane % 2].Generate(random, null, out Size _).Make().Stages)];
            foreach ((bool overlaps, bool postValidates) in ((bool, bool)[])[(false, false), (true, true)])
            {
                Lanes makespan = PipelineSchedule.Makespan(kind, overlaps, Together(each), postValidates);

                Assert.All(each, (stages, lane) => Assert.Equal(
                    PipelineSchedule.Makespan(kind, overlaps, stages, postValidates).Value, makespan[lane], Rounding));
            }
        }
    }

    private static PipelineStages<Lanes> Together(PipelineStages<Scalar>[] each)
    {
        Lanes Load(Func<PipelineStages<Scalar>, Scalar> part) => Lanes.Load([.. each.Select(stages => part(stages).Value)]);
        return new(
            Load(stages => stages.FirstForward),
            Load(stages => stages.FirstBackward),
            Load(stages => stages.MiddleForward),
            Load(stages => stages.MiddleBackward),
            Load(stages => stages.LastForward),
            Load(stages => stages.LastBackward),
            Load(stages => stages.MiddleForwardSum),
            Load(stages => stages.MiddleBackwardSum),
            Load(stages => stages.Stages),
            Load(stages => stages.MicroBatches),
            Load(stages => stages.VirtualStages),
            Load(stages => stages.Transfer),
            Load(stages => stages.FirstWeight),
            Load(stages => stages.MiddleWeight),
            Load(stages => stages.LastWeight),
            Load(stages => stages.MiddleWeightSum),
            Load(stages => stages.FirstHidden),
            Load(stages => stages.MiddleHidden),
            Load(stages => stages.LastHidden),
            Load(stages => stages.MiddleHiddenSum));
    }

    private static PipelineSplitRecipe Recipe(PipelineScheduleKind kind, int p, int m, PartTimes stage, double transfer)
    {
        PartTimes layer = kind == PipelineScheduleKind.ZeroBubbleV ? 0.5 * stage : stage;
        return new(kind, PipelineLayout.Even, p, m, 1, layer, default, default, 0, transfer);
    }

    private static PipelineSplitCase Equal(PipelineScheduleKind kind, int p, int m, PartTimes stage, double transfer) =>
        Recipe(kind, p, m, stage, transfer).Make();

    private static void Within(Gen<PipelineSplitRecipe> recipes, bool postValidates, double low, double high, double mean)
    {
        const int Cases = 150;
        PCG random = new(1, 1);
        double sum = 0;
        for (int count = 0; count < Cases; count++)
        {
            PipelineSplitRecipe recipe = recipes.Generate(random, null, out _);

            // A combined schedule has no step without an end.
            double error = recipe.Make().Error(postValidates && recipe.Kind != PipelineScheduleKind.DualPipe);
            Assert.True(error >= low - Rounding && error <= high + Rounding, $"{error:P3} off: {recipe}");
            sum += Math.Abs(error);
        }

        Assert.True(sum / Cases <= mean + Rounding, $"{sum / Cases:P4} off on average");
    }
}
