using CarbonScaling.Training;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Training;

/// <summary>Pipelines whose stages all differ, against the simulator of passes.</summary>
public sealed class UnevenPipelineTests
{
    // Few micro-batches are followed one by one; of more, the rest is a bound.
    private const int Followed = 4;

    private static readonly Gen<(double[] Forward, double[] Backward)> Stages =
        from stages in Gen.Int[2, 8]
        from forward in Gen.Double[0.5, 3].Array[stages]
        from ratio in Gen.Double[1.5, 3].Array[stages]
        select (forward, forward.Zip(ratio, static (pass, times) => pass * times).ToArray());

    [Theory]
    [InlineData(PipelineScheduleKind.GPipe)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward)]
    public void Without_transfers_it_is_what_the_simulator_finds(PipelineScheduleKind kind) =>
        (from stages in Stages
         from microBatches in Gen.Int[1, Followed * 2]
         select (stages, microBatches)).Sample(one =>
        {
            double simulated = Simulated(kind, one.stages.Forward, one.stages.Backward, one.microBatches);
            Assert.Equal(simulated, Makespan(kind, one.stages.Forward, one.stages.Backward, 0, one.microBatches), 1e-9 * simulated);
        });

    [Fact]
    public void More_micro_batches_than_are_followed_are_bounded_from_above_and_hardly_so() =>
        (from stages in Stages
         from microBatches in Gen.Int[1, 200]
         select (stages, microBatches)).Sample(one =>
        {
            double simulated = Simulated(
                PipelineScheduleKind.OneForwardOneBackward, one.stages.Forward, one.stages.Backward, one.microBatches);
            double bound = Makespan(
                PipelineScheduleKind.OneForwardOneBackward, one.stages.Forward, one.stages.Backward, 0, one.microBatches);
            Assert.InRange(bound / simulated, 1 - 1e-9, 1.02);
        });

    [Theory]
    [InlineData(PipelineScheduleKind.GPipe, 0.0)]
    [InlineData(PipelineScheduleKind.GPipe, 0.05)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, 0.0)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, 0.05)]
    public void Equal_stages_take_what_the_closed_form_says(PipelineScheduleKind kind, double transfer)
    {
        const int Count = 6;
        const int MicroBatches = 30;
        PipelineStages<Scalar> stages = new(
            new(1), new(2), new(1), new(2), new(1), new(2), new(Count - 2), new(2 * (Count - 2)), new(Count), new(MicroBatches), new(1),
            new(transfer), new(0), new(0), new(0), new(0), new(0), new(0), new(0), new(0));
        double expected = PipelineSchedule.Makespan(kind, overlapsTransfers: false, stages).Value;
        double[] ones = [.. Enumerable.Repeat(1.0, Count)];
        double[] twos = [.. Enumerable.Repeat(2.0, Count)];

        Assert.Equal(expected, Makespan(kind, ones, twos, transfer, MicroBatches), 1e-9 * expected);
    }

    [Fact]
    public void A_slow_transfer_is_felt_by_its_two_ends()
    {
        double[] ones = [1, 1, 1, 1];
        Scalar[] passes = [.. ones.Select(one => new Scalar(one))];
        double Of(double a, double b, double c) => PipelineSchedule.Uneven<Scalar>(
            PipelineScheduleKind.OneForwardOneBackward, passes, passes, [new(a), new(b), new(c)], 100).Value;

        // The busiest stage has the slow link at one side: half of it in each of its two passes.
        Assert.Equal(100 * 0.5, Of(0, 0.5, 0) - Of(0, 0, 0), 2);
        Assert.Equal(Of(0.5, 0, 0), Of(0, 0, 0.5), 1.0);
        Assert.True(Of(0.5, 0.5, 0) > Of(0, 0.5, 0) + 40);
    }

    [Fact]
    public void Other_schedules_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => PipelineSchedule.Uneven<Scalar>(PipelineScheduleKind.Interleaved, [new(1), new(1)], [new(1), new(1)], [new(0)], 4));

    private static double Makespan(PipelineScheduleKind kind, double[] forward, double[] backward, double transfer, int microBatches) =>
        PipelineSchedule.Uneven<Scalar>(
            kind,
            [.. forward.Select(pass => new Scalar(pass))],
            [.. backward.Select(pass => new Scalar(pass))],
            [.. Enumerable.Repeat(new Scalar(transfer), forward.Length - 1)],
            microBatches).Value;

    private static double Simulated(PipelineScheduleKind kind, double[] forward, double[] backward, int microBatches) => PipelineSimulator.Run(
        new(
            kind,
            microBatches,
            [.. forward.Select(pass => new[] { pass })],
            [.. backward.Select(pass => new[] { pass })],
            0,
            TransferMode.Overlapped)).Makespan;
}
