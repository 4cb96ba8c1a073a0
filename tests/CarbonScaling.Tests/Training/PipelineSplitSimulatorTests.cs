using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>The simulated orders are the published ones, and hold as many activations as the equation says.</summary>
public class PipelineSplitSimulatorTests
{
    // As drawn by Qi et al. 2024, figure 3, four devices and eight micro-batches.
    [Theory]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 0, "F1 F2 F3 F4 B1 W1 F5 B2 W2 F6 B3 W3 F7 B4 W4 F8 B5 W5 B6 W6 B7 W7 B8 W8")]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 3, "F1 B1 F2 B2 F3 B3 F4 B4 W1 F5 B5 W2 F6 B6 W3 F7 B7 W4 F8 B8 W5 W6 W7 W8")]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 0, "F1 F2 F3 F4 F5 F6 F7 B1 W1 F8 B2 W2 B3 W3 B4 W4 B5 W5 B6 W6 B7 W7 B8 W8")]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 3, "F1 B1 F2 B2 F3 B3 F4 B4 F5 B5 F6 B6 F7 B7 W1 F8 B8 W2 W3 W4 W5 W6 W7 W8")]
    public void Orders_of_the_first_and_of_the_last_stage(PipelineScheduleKind kind, int device, string expected)
    {
        string[] passes = [.. PipelineSplitPrograms.Of(kind, 4, 8)[device].Select(step =>
            (step[0].Kind == SplitPassKind.Input ? "B" : step[0].Kind.ToString()[..1]) + (step[0].MicroBatch + 1))];

        Assert.Equal(expected, string.Join(' ', passes));
    }

    // Passes of 1. Device 0: F 0–1, F –2, B 3–4, W –5, B –6, W –7. Device 1: F 1–2, B –3, F –4, B –5, W –6, W –7.
    [Fact]
    public void Two_stages_and_two_micro_batches_by_hand() =>
        Assert.Equal(7, PipelineSplitSimulator.Makespan(Equal(PipelineScheduleKind.ZeroBubbleH1, 2, 2, 1)), 1e-9);

    // Passes of a whole stage take 1 each, so the work is 3m. ZB-H1 leaves p − 1 and ZB-H2 nothing inside, but its last
    // stage begins p − 1 later. A V has chunks of half a stage. The drawing of DualPipe with 8 devices and 20 micro-batches
    // has 66 columns (DeepSeek-AI 2024).
    [Theory]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 4, 8, 27, 27)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 4, 8, 27, 24)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, 4, 8, 25.5, 24)]
    [InlineData(PipelineScheduleKind.DualPipe, 8, 20, 66, 66)]
    [InlineData(PipelineScheduleKind.DualPipe, 4, 10, 32, 32)]
    public void Equal_passes(PipelineScheduleKind kind, int devices, int microBatches, double makespan, double period)
    {
        SplitPipeline pipeline = Equal(kind, devices, microBatches, kind == PipelineScheduleKind.ZeroBubbleV ? 0.5 : 1);

        Assert.Equal(makespan, PipelineSplitSimulator.Makespan(pipeline), 1e-9);
        Assert.Equal(period, PipelineSplitSimulator.Period(pipeline), 1e-9);
        Assert.All(PipelineSplitSimulator.Busy(pipeline), busy => Assert.Equal(3 * microBatches, busy, 1e-9));
    }

    [Theory]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV)]
    [InlineData(PipelineScheduleKind.DualPipe)]
    public void Activations_in_flight_are_those_of_the_equation(PipelineScheduleKind kind)
    {
        double chunks = kind == PipelineScheduleKind.ZeroBubbleV ? 2 : 1;
        int counted = 0;
        foreach (int stages in (int[])[2, 3, 4, 7, 8, 16])
        {
            for (int microBatches = stages; microBatches <= 4 * stages; microBatches++)
            {
                if (PipelineRequirements.Broken(kind, stages, (int)chunks, microBatches) is not null)
                {
                    continue;
                }

                SplitPass[][][] programs = PipelineSplitPrograms.Of(kind, stages, microBatches);
                double[] expected =
                [
                    .. Enumerable.Range(0, stages).Select(stage =>
                        PipelineSchedule.InFlight<Scalar>(kind, new(stage), new(stages), new(microBatches), new(chunks)).Value),
                ];
                Assert.Equal(expected, PipelineSplitSimulator.Held(programs, SplitPassKind.Weight).Select(held => held / chunks));
                counted++;
            }
        }

        Assert.True(counted > 20);
    }

    // What is published (Qi et al. 2024, table 2, M_B): those that still wait for the gradient of the inputs.
    [Fact]
    public void Activations_that_wait_for_the_gradient_of_the_inputs_are_those_published()
    {
        int[] stages = [.. Enumerable.Range(0, 8)];

        Assert.Equal(stages.Select(stage => 8 - stage), WithInput(PipelineScheduleKind.ZeroBubbleH1));
        Assert.Equal(stages.Select(stage => (2 * (8 - stage)) - 1), WithInput(PipelineScheduleKind.ZeroBubbleH2));

        static int[] WithInput(PipelineScheduleKind kind) =>
            PipelineSplitSimulator.Held(PipelineSplitPrograms.Of(kind, 8, 24), SplitPassKind.Input);
    }

    [Theory]
    [InlineData(PipelineScheduleKind.GPipe, 1, 1, 1, null)]
    [InlineData(PipelineScheduleKind.OneForwardOneBackward, 4, 2, 8, PipelineRequirement.OneChunk)]
    [InlineData(PipelineScheduleKind.Interleaved, 1, 2, 8, PipelineRequirement.SeveralStages)]
    [InlineData(PipelineScheduleKind.Interleaved, 4, 1, 8, PipelineRequirement.SeveralChunks)]
    [InlineData(PipelineScheduleKind.Interleaved, 4, 2, 10, PipelineRequirement.MultipleOfStages)]
    [InlineData(PipelineScheduleKind.Interleaved, 4, 2, 12, null)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 1, 1, 8, PipelineRequirement.SeveralStages)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 4, 2, 8, PipelineRequirement.OneChunk)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 4, 1, 3, PipelineRequirement.AsManyAsStages)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH1, 4, 1, 4, null)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 4, 2, 8, PipelineRequirement.OneChunk)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 4, 1, 6, PipelineRequirement.TwiceAsManyLessOne)]
    [InlineData(PipelineScheduleKind.ZeroBubbleH2, 4, 1, 7, null)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, 4, 1, 8, PipelineRequirement.TwoChunks)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, 4, 2, 6, PipelineRequirement.TwiceAsManyLessOne)]
    [InlineData(PipelineScheduleKind.ZeroBubbleV, 4, 2, 7, null)]
    [InlineData(PipelineScheduleKind.DualPipe, 1, 1, 8, PipelineRequirement.SeveralStages)]
    [InlineData(PipelineScheduleKind.DualPipe, 3, 1, 8, PipelineRequirement.EvenStages)]
    [InlineData(PipelineScheduleKind.DualPipe, 4, 2, 8, PipelineRequirement.OneChunk)]
    [InlineData(PipelineScheduleKind.DualPipe, 4, 1, 9, PipelineRequirement.EvenMicroBatches)]
    [InlineData(PipelineScheduleKind.DualPipe, 4, 1, 6, PipelineRequirement.TwiceAsMany)]
    [InlineData(PipelineScheduleKind.DualPipe, 4, 1, 8, null)]
    public void A_schedule_asks_for(PipelineScheduleKind kind, int stages, int chunks, int microBatches, PipelineRequirement? broken) =>
        Assert.Equal(broken, PipelineRequirements.Broken(kind, stages, chunks, microBatches));

    [Fact]
    public void An_unknown_schedule_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PipelineRequirements.Broken((PipelineScheduleKind)99, 4, 1, 8));

    private static SplitPipeline Equal(PipelineScheduleKind kind, int devices, int microBatches, double pass)
    {
        int parts = kind == PipelineScheduleKind.ZeroBubbleV ? 2 * devices : devices;
        return new(
            PipelineSplitPrograms.Of(kind, devices, microBatches),
            [.. Enumerable.Repeat(new PartTimes(pass, pass, pass, 0), parts)],
            0,
            HidesTransfers: true);
    }
}
