using CarbonScaling.Training;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Training;

/// <summary>Holds the closed forms against the simulator, with the bounds that their documentation states.</summary>
public class PipelineScheduleTests
{
    private const double Rounding = 1e-9;

    // The schedules whose backward pass is one.
    private static readonly PipelineScheduleKind[] Whole =
        [PipelineScheduleKind.GPipe, PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.Interleaved];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void GPipe_is_exact(double fill) =>
        Within(
            PipelineRecipe.Any(PipelineScheduleKind.GPipe, PipelineLayout.Free, TransferMode.Blocking, 1, fill: fill),
            300,
            -Rounding,
            Rounding,
            Rounding);

    [Theory]
    [InlineData(PipelineLayout.Even, 0.1, 0.05, 0, 0, 0)]
    [InlineData(PipelineLayout.Even, 0.1, 0.5, 0, 0, 0)]
    [InlineData(PipelineLayout.Even, 0.1, 1.0, 0, 0, 0)]
    [InlineData(PipelineLayout.Even, 0.5, 2.0, 0, 0, 0)]
    [InlineData(PipelineLayout.EndsOneLess, 0.0, 0.5, 0, 0, 0)]
    [InlineData(PipelineLayout.EndsOneLess, 0.0, 1.0, 0, 0, 0)]
    [InlineData(PipelineLayout.EndsOneLess, 0.1, 1.0, -0.003, 0, 0.0001)]
    [InlineData(PipelineLayout.FullerFirst, 0.1, 0.5, -0.05, 0.035, 0.002)]
    [InlineData(PipelineLayout.FullerFirst, 0.1, 1.0, -0.05, 0, 0.001)]
    [InlineData(PipelineLayout.FullerFirst, 0.1, 2.0, -0.03, 0, 0.001)]
    [InlineData(PipelineLayout.FullerFirst, 0.1, 4.0, -0.016, 0, 0.0005)]
    [InlineData(PipelineLayout.Free, 0.0, 0.5, -0.095, 0, 0.003)]
    [InlineData(PipelineLayout.Free, 0.0, 1.0, -0.016, 0, 0.0002)]
    [InlineData(PipelineLayout.Free, 0.1, 1.0, -0.016, 0, 0.001)]
    [InlineData(PipelineLayout.Free, 0.1, 2.0, -0.006, 0, 0.0006)]
    [InlineData(PipelineLayout.Free, 0.5, 1.0, -0.06, 0, 0.004)]
    internal void One_forward_one_backward_is_within_its_bounds(
        PipelineLayout layout, double transfer, double fill, double low, double high, double mean) =>
        Within(
            PipelineRecipe.Any(PipelineScheduleKind.OneForwardOneBackward, layout, TransferMode.Blocking, transfer, fill: fill),
            400,
            low - Rounding,
            high + Rounding,
            mean + Rounding);

    [Theory]
    [InlineData(PipelineLayout.Even, TransferMode.Overlapped, 0.0, 3, 1.0, 0, 0, 0)]
    [InlineData(PipelineLayout.Even, TransferMode.Overlapped, 0.1, 3, 1.0, 0, 0.015, 0.004)]
    [InlineData(PipelineLayout.Even, TransferMode.Overlapped, 1.0, 3, 1.0, -0.005, 0.027, 0.006)]
    [InlineData(PipelineLayout.Even, TransferMode.Overlapped, 1.0, 3, 2.0, -0.005, 0.015, 0.003)]
    [InlineData(PipelineLayout.Even, TransferMode.Overlapped, 3.0, 3, 2.0, -0.11, 0.075, 0.02)]
    [InlineData(PipelineLayout.EndsOneLess, TransferMode.Overlapped, 0.0, 3, 1.0, 0, 0, 0)]
    [InlineData(PipelineLayout.EndsOneLess, TransferMode.Overlapped, 1.0, 3, 1.0, -0.005, 0.005, 0.0003)]
    [InlineData(PipelineLayout.Even, TransferMode.Blocking, 0.1, 3, 1.0, -0.007, 0.007, 0.001)]
    [InlineData(PipelineLayout.Even, TransferMode.Blocking, 1.0, 3, 1.0, -0.007, 0.05, 0.007)]
    [InlineData(PipelineLayout.EndsOneLess, TransferMode.Blocking, 0.1, 3, 1.0, -0.03, 0.007, 0.004)]
    [InlineData(PipelineLayout.EndsOneLess, TransferMode.Blocking, 1.0, 3, 2.0, -0.03, 0.03, 0.004)]
    [InlineData(PipelineLayout.Even, TransferMode.Overlapped, 0.1, 2, 1.0, -0.017, 0.015, 0.005)]
    [InlineData(PipelineLayout.Even, TransferMode.Blocking, 0.1, 2, 1.0, -0.017, 0.015, 0.003)]
    internal void Interleaved_is_within_its_bounds(
        PipelineLayout layout, TransferMode mode, double transfer, int stages, double fill, double low, double high, double mean) =>
        Within(
            PipelineRecipe.Any(PipelineScheduleKind.Interleaved, layout, mode, transfer, stages, fill),
            100,
            low - Rounding,
            high + Rounding,
            mean + Rounding);

    [Fact]
    public void Equal_stages_take_the_published_times()
    {
        foreach ((int p, int m, int v) in ((int, int, int)[])[(2, 2, 2), (2, 8, 3), (4, 8, 2), (8, 8, 4), (16, 64, 2)])
        {
            PipelineStages<Scalar> stages = Equal(p, m, v);

            Assert.Equal((m + p - 1) * 3.0, PipelineSchedule.GPipe(stages).Value, Rounding);
            Assert.Equal((m + p - 1) * 3.0, PipelineSchedule.OneForwardOneBackward(stages).Value, Rounding);
            Assert.Equal((m + ((p - 1) / (double)v)) * 3.0, PipelineSchedule.Interleaved(stages, true).Value, Rounding);
            Assert.Equal((m + ((p - 1) / (double)v)) * 3.0, PipelineSchedule.Interleaved(stages, false).Value, Rounding);
        }
    }

    [Theory]
    [InlineData(PipelineScheduleKind.GPipe, false, 36.4)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, false, 34.9)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, true, 34.9)]
    [InlineData(PipelineScheduleKind.Interleaved, true, 29.9)]
    [InlineData(PipelineScheduleKind.Interleaved, false, 32.3)]
    public void Transfers_by_hand(PipelineScheduleKind kind, bool overlaps, double expected) =>
        Assert.Equal(expected, PipelineSchedule.Makespan(kind, overlaps, Equal(4, 8, 2) with { Transfer = new(0.1) }).Value, Rounding);

    [Fact]
    public void The_first_stage_of_an_interleaved_pipeline_holds_what_is_published()
    {
        Scalar inFlight = PipelineSchedule.InFlight<Scalar>(PipelineScheduleKind.Interleaved, new(0), new(8), new(64), new(4));

        Assert.Equal(8 + (7 / 4.0), inFlight.Value, Rounding);
    }

    [Fact]
    public void No_pipeline_is_faster_than_its_busiest_stage_and_longer_transfers_never_help()
    {
        PCG random = new(1, 1);
        foreach (PipelineScheduleKind kind in Whole)
        {
            foreach (TransferMode mode in Enum.GetValues<TransferMode>())
            {
                Gen<PipelineRecipe> recipes = PipelineRecipe.Any(kind, PipelineLayout.FullerFirst, mode, 2, fill: 0.5);
                for (int count = 0; count < 500; count++)
                {
                    PipelineRecipe recipe = recipes.Generate(random, null, out _);
                    double none = (recipe with { Transfer = 0 }).Make().Predict();
                    double some = recipe.Make().Predict();
                    double more = (recipe with { Transfer = 1.1 * recipe.Transfer }).Make().Predict();

                    Assert.True(none >= recipe.Make().Busiest() * (1 - Rounding), recipe.ToString());
                    Assert.True(some >= none * (1 - Rounding) && more >= some * (1 - Rounding), recipe.ToString());
                }
            }
        }
    }

    [Theory]
    [InlineData(PipelineScheduleKind.GPipe, false)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, false)]
    [InlineData(PipelineScheduleKind.Interleaved, false)]
    [InlineData(PipelineScheduleKind.Interleaved, true)]
    public void Lanes_with_different_pipelines_do_not_disturb_each_other(PipelineScheduleKind kind, bool overlaps)
    {
        PCG random = new(1, 2);
        Gen<PipelineRecipe> recipes = PipelineRecipe.Any(kind, PipelineLayout.FullerFirst, TransferMode.Blocking, 0.5);
        for (int count = 0; count < 100; count++)
        {
            PipelineStages<Scalar>[] each =
                [.. Enumerable.Range(0, Lanes.Count).Select(_ => recipes.Generate(random, null, out Size _).Make().Stages)];
            Lanes Load(Func<PipelineStages<Scalar>, Scalar> part) => Lanes.Load([.. each.Select(stages => part(stages).Value)]);
            PipelineStages<Lanes> together = new(
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
                default,
                default,
                default,
                default,
                default,
                default,
                default,
                default);

            Lanes makespan = PipelineSchedule.Makespan(kind, overlaps, together);

            Assert.All(
                each,
                (stages, lane) => Assert.Equal(PipelineSchedule.Makespan(kind, overlaps, stages).Value, makespan[lane], Rounding));
        }
    }

    [Fact]
    public void An_unknown_schedule_is_refused()
    {
        PipelineScheduleKind unknown = (PipelineScheduleKind)99;

        Assert.Throws<ArgumentOutOfRangeException>(() => PipelineSchedule.Makespan(unknown, false, Equal(4, 8, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PipelineSchedule.InFlight<Scalar>(unknown, new(0), new(4), new(8), new(1)));
    }

    private static PipelineStages<Scalar> Equal(int p, int m, int v)
    {
        (double forward, double backward) = p > 2 ? (1, 2) : (0, 0);
        return new PipelineStages<Scalar>() with
        {
            FirstForward = new(1),
            FirstBackward = new(2),
            MiddleForward = new(forward),
            MiddleBackward = new(backward),
            LastForward = new(1),
            LastBackward = new(2),
            MiddleForwardSum = new(p - 2),
            MiddleBackwardSum = new(2 * (p - 2)),
            Stages = new(p),
            MicroBatches = new(m),
            VirtualStages = new(v),
        };
    }

    private static void Within(Gen<PipelineRecipe> recipes, int cases, double low, double high, double mean)
    {
        PCG random = new(1, 1);
        double sum = 0;
        for (int count = 0; count < cases; count++)
        {
            PipelineRecipe recipe = recipes.Generate(random, null, out _);
            double error = recipe.Make().Error();
            Assert.True(error >= low && error <= high, $"{error:P2} off: {recipe}");
            sum += Math.Abs(error);
        }

        Assert.True(sum / cases <= mean, $"{sum / cases:P3} off on average");
    }
}
