using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

public class PipelineSimulatorTests
{
    // Four stages, eight micro-batches, F = 1 and B = 2. Without transfers GPipe and 1F1B take (m + p − 1)·3 = 33 and two
    // chunks (m + (p − 1)/2)·3 = 28.5. GPipe adds 6 hops and 7 times 2 neighbours in each direction: 0.6 + 7·0.4 = 3.4.
    // Interleaved, the first micro-batch passes 7 hops down and the last one 7 back: 1.4.
    [Theory]
    [InlineData(PipelineScheduleKind.GPipe, 1, 0, TransferMode.Blocking, 33)]
    [InlineData(PipelineScheduleKind.GPipe, 1, 0.1, TransferMode.Overlapped, 33.6)]
    [InlineData(PipelineScheduleKind.GPipe, 1, 0.1, TransferMode.Blocking, 36.4)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, 1, 0, TransferMode.Overlapped, 33)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, 1, 0, TransferMode.Blocking, 33)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, 1, 0.1, TransferMode.Blocking, 34.9)]
    [InlineData(PipelineScheduleKind.Interleaved, 2, 0, TransferMode.Overlapped, 28.5)]
    [InlineData(PipelineScheduleKind.Interleaved, 2, 0, TransferMode.Blocking, 28.5)]
    [InlineData(PipelineScheduleKind.Interleaved, 2, 0.1, TransferMode.Overlapped, 29.9)]
    internal void Four_equal_stages(PipelineScheduleKind kind, int chunks, double transfer, TransferMode mode, double expected)
    {
        SimulatedRun run = PipelineSimulator.Run(Equal(kind, 4, 8, chunks, 1, 2, transfer, mode));

        Assert.Equal(expected, run.Makespan, 1e-9);
        Assert.All(run.Busy, busy => Assert.Equal(24, busy, 1e-9));
    }

    // Passes and transfers of 1, by hand. Stage 0: F 0–1, send to 2, F to 3, exchange 4–5, B to 6, receive 7–8, B to 9.
    // Stage 1: receive 1–2, F to 3, B to 4, exchange to 5, F to 6, B to 7, send to 8.
    [Fact]
    public void Blocking_transfers_by_hand() =>
        Assert.Equal(
            9,
            PipelineSimulator.Run(Equal(PipelineScheduleKind.OneForwardOneBackward, 2, 2, 1, 1, 1, 1, TransferMode.Blocking)).Makespan,
            1e-9);

    // The heavy first stage works without a break: 3 forward and 3 backward passes of 5, and the gap is on stage 1.
    [Fact]
    public void A_heavy_first_stage_by_hand()
    {
        SimulatedPipeline pipeline = new(
            PipelineScheduleKind.OneForwardOneBackward, 3, [[5], [1]], [[5], [1]], 0, TransferMode.Overlapped);

        SimulatedRun run = PipelineSimulator.Run(pipeline);

        Assert.Equal(30, run.Makespan, 1e-9);
        Assert.Equal([30, 6], run.Busy);
        Assert.Equal([2, 1], run.InFlight);
    }

    [Fact]
    public void A_single_micro_batch_passes_every_hop_twice() =>
        Assert.Equal(
            (3 * 3) + (4 * 0.5),
            PipelineSimulator.Run(Equal(PipelineScheduleKind.OneForwardOneBackward, 3, 1, 1, 1, 2, 0.5, TransferMode.Overlapped)).Makespan,
            1e-9);

    [Theory]
    [InlineData(PipelineScheduleKind.GPipe)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward)]
    [InlineData(PipelineScheduleKind.Interleaved)]
    public void Activations_in_flight_are_those_of_the_equation(PipelineScheduleKind kind)
    {
        bool interleaved = kind == PipelineScheduleKind.Interleaved;
        foreach (int stages in (int[])[2, 3, 4, 7, 8])
        {
            foreach (int chunks in interleaved ? (int[])[2, 3, 5] : [1])
            {
                for (int count = 1; count <= 12; count++)
                {
                    int microBatches = interleaved ? count * stages : count;
                    TransferMode mode = count % 2 == 0 ? TransferMode.Blocking : TransferMode.Overlapped;
                    SimulatedRun run = PipelineSimulator.Run(Equal(kind, stages, microBatches, chunks, 1, 2, 0.1, mode));
                    double[] expected =
                    [
                        .. Enumerable.Range(0, stages).Select(stage =>
                            PipelineSchedule.InFlight<Scalar>(kind, new(stage), new(stages), new(microBatches), new(chunks)).Value),
                    ];

                    Assert.Equal(expected, run.InFlight);
                }
            }
        }
    }

    private static SimulatedPipeline Equal(
        PipelineScheduleKind kind,
        int stages,
        int microBatches,
        int chunks,
        double forward,
        double backward,
        double transfer,
        TransferMode mode)
    {
        double[][] Times(double pass) =>
            [.. Enumerable.Range(0, stages).Select(_ => Enumerable.Repeat(pass / chunks, chunks).ToArray())];
        return new(kind, microBatches, Times(forward), Times(backward), transfer, mode);
    }
}
