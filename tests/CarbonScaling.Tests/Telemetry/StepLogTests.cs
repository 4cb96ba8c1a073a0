using CarbonScaling.Telemetry;

namespace CarbonScaling.Tests.Telemetry;

public class StepLogTests
{
    [Fact]
    public void Megatron_lines_give_step_time_batch_and_loss()
    {
        TelemetryFile file = Logs.Read(Logs.Megatron);

        Assert.Equal((TelemetryKind.MegatronLog, 3, 5000L), (file.Kind, file.Steps!.Samples.Count, file.Steps.PlannedSteps));
        StepSample second = file.Steps.Samples[1];
        Assert.Equal((2L, 12.9361, 128d, 256d, 10.44022), (second.Step, second.Seconds, second.BatchSequences, second.ConsumedSequences, second.Loss));
        Assert.Equal(new DateTimeOffset(2025, 8, 1, 7, 19, 50, TimeSpan.Zero).ToUnixTimeSeconds(), second.Time);
        Assert.Equal(3, second.Line);
        Assert.Null(second.Watts);
    }

    [Fact]
    public void Megatron_lines_give_power_where_it_is_logged()
    {
        StepSample last = Logs.Read(Logs.MegatronWithPower).Steps!.Samples[1];

        Assert.Equal((652.8, 3.0372, 0.02386082), (last.Watts, last.Seconds!.Value, last.Loss!.Value));
        Assert.Equal(0.956222, last.Time!.Value % 1, 5);
    }

    [Theory]
    [InlineData(Logs.OldMegatron, 100, 0.5572, 6.803)]
    [InlineData(Logs.MegatronDeepSpeed, 10, 104.31, 2.1)]
    public void Older_forms_of_Megatron_are_read(string text, long step, double seconds, double loss)
    {
        StepSample first = Logs.Read(text).Steps!.Samples[0];

        Assert.Equal((step, seconds, loss, null), (first.Step, first.Seconds!.Value, first.Loss!.Value, first.Time));
    }

    [Fact]
    public void Torchtitan_lines_give_rates_with_and_without_colours()
    {
        TelemetryFile file = Logs.Read(Logs.Torchtitan);

        Assert.Equal(TelemetryKind.TorchtitanLog, file.Kind);
        Assert.Equal([(1L, 1941d), (10, 5902), (20, 5914)], file.Steps!.Samples.Select(each => (each.Step, each.TokensPerSecondPerDevice!.Value)));
        Assert.Equal(12.37955, file.Steps.Samples[2].Loss);
        Assert.Equal(0.317, file.Steps.Samples[2].Time!.Value % 1, 3);
    }

    [Fact]
    public void A_launcher_s_prefixes_leave_one_rank()
    {
        string[] lines = [.. Logs.Torchtitan.Split('\n').Where(line => line.Contains("INFO - \u001b[31mstep", StringComparison.Ordinal))];
        string mixed = string.Join('\n', lines.SelectMany(line => new[] { "[rank1]:" + line, "[rank0]:" + line.Replace("tps: 5,9", "tps: 7,9", StringComparison.Ordinal) })) + "\n";

        Assert.Equal([1941d, 5902], Logs.Read(mixed).Steps!.Samples.Select(each => each.TokensPerSecondPerDevice!.Value));
    }

    [Fact]
    public void A_table_of_steps_is_read_by_its_columns()
    {
        TelemetryFile file = Logs.Read("Loss,step,seconds,tokens,timestamp,note\r\n2.5,1,6.5,1048576,2026-02-06T20:55:02Z,warm\r\n,2,6.25,,,\r\n");

        Assert.Equal(TelemetryKind.StepTable, file.Kind);
        Assert.Equal((1L, 6.5, 1048576d, 2.5), (file.Steps!.Samples[0].Step, file.Steps.Samples[0].Seconds!.Value, file.Steps.Samples[0].Tokens!.Value, file.Steps.Samples[0].Loss!.Value));
        Assert.Equal((2L, 6.25, null, null), (file.Steps.Samples[1].Step, file.Steps.Samples[1].Seconds!.Value, file.Steps.Samples[1].Tokens, file.Steps.Samples[1].Time));
    }

    [Fact]
    public void The_unfinished_last_line_of_a_running_job_is_passed_over()
    {
        string text = Logs.Megatron + " [2025-08-01 07:20:16] iteration        4/    5000 | consumed samples:          512 | elapsed time per itera";
        string titan = Logs.Torchtitan + "[titan] 2026-02-11 00:55:28,317 - root - INFO - step: 30  loss: 12.3  grad_norm:  2.1  memory: 19.45GiB(30.39%)  tps: 5";

        Assert.Equal((3, 3), (Logs.Read(text).Steps!.Samples.Count, Logs.Read(titan).Steps!.Samples.Count));
    }

    [Theory]
    [InlineData("", "file:1: is empty; expected: CSV with the columns step and seconds, ")]
    [InlineData("hello\nworld\n", "file:1: is no telemetry; expected: ")]
    [InlineData("a\0b", "file:1: is not a text file; expected: ")]
    [InlineData("step,loss\n1,2\n", "file:1: has no column seconds; expected: step, seconds and optionally ")]
    [InlineData("step,seconds\n1,fast\n2,3\n", "file:2: seconds: 'fast' is not a number; expected: ")]
    [InlineData("step,seconds\n1,0\n2,3\n", "file:2: seconds: '0' is no measurement; expected: a number above 0")]
    [InlineData("step,seconds\n1,1e300\n2,3\n", "file:2: seconds: '1e300' is no measurement; expected: a number above 0 and at most 1e9")]
    [InlineData("step,seconds\n1e300,1\n2,3\n", "file:2: step: '1e300' is not a whole number; expected: ")]
    [InlineData("step,seconds,timestamp\n1,1,1e300\n2,3,\n", "file:2: timestamp: '1e300' is not a time; expected: ")]
    [InlineData("step,seconds\n1,2,3\n2,3\n", "file:2: has 3 fields under 2 columns; expected: a field for each")]
    [InlineData("step,seconds\n1.5,2\n2,3\n", "file:2: step: '1.5' is not a whole number; expected: ")]
    [InlineData("step,seconds,timestamp\n1,2,yesterday\n2,3,\n", "file:2: timestamp: 'yesterday' is not a time; expected: ")]
    [InlineData("step,seconds\n", "file:1: has a header and no step; expected: ")]
    [InlineData(" iteration 5/ 10 | learning rate: 1 |\n iteration 6/ 10 |\n", "file:1: iteration 5 has no duration; expected: elapsed time per iteration (ms): NUMBER |")]
    [InlineData(" iteration 5/ 10 | elapsed time per iteration (ms): nan |\n", "file:1: elapsed time per iteration: 'nan' is no duration; expected: ")]
    [InlineData("x step: 5  loss: 2  memory: 1GiB(1%)  tps: -3  mfu: 1%\n", "file:1: step 5 has no rate; expected: tps: NUMBER")]
    public void What_is_broken_is_told_in_one_line(string text, string start) => Assert.StartsWith(start, Logs.Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void Logs_of_two_programs_in_a_file_are_refused()
    {
        Assert.StartsWith("file:6: is a step of torchtitan", Logs.Refusal(Logs.Megatron[..^1] + Logs.Torchtitan.Split('\n')[1] + "\n"), StringComparison.Ordinal);
        Assert.StartsWith("file:7: is a step of Megatron-LM", Logs.Refusal(Logs.Torchtitan + Logs.OldMegatron), StringComparison.Ordinal);
    }
}
