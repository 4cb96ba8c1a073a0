using CarbonScaling.Cli.Commands;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Planning;
using Spectre.Console;
using Spectre.Console.Testing;

namespace CarbonScaling.Cli.Tests;

/// <summary>The small parts of the texts.</summary>
public sealed class RenderingTests
{
    [Theory]
    [InlineData(18.24, "s", "18.2 s")]
    [InlineData(0.0009, "s", "900 us")]
    [InlineData(94.31, "days", "94.3 days")]
    [InlineData(0.5, "days", "12 h")]
    [InlineData(1234.5, "days", "1,230 days")]
    [InlineData(8.93e6, "kgCO2e", "8.93 kt CO2e")]
    [InlineData(27.5e6, "kWh", "27.5 GWh")]
    [InlineData(85899345920, "B", "80 GiB")]
    [InlineData(85899345921, "B", "80.0 GiB")]
    [InlineData(15.6e12, "tokens", "15.6 T tokens")]
    [InlineData(405.85e9, "parameters", "406 B parameters")]
    [InlineData(16384, "1", "16,384")]
    [InlineData(929833, "1", "929,833")]
    [InlineData(1234.56, "1", "1,230")]
    [InlineData(0.4531, "1", "0.453")]
    [InlineData(0, "1", "0")]
    [InlineData(989, "TFLOP/s", "989 TFLOP/s")]
    [InlineData(2048, "sequences", "2,048 sequences")]
    [InlineData(double.PositiveInfinity, "days", "infinite days")]
    [InlineData(double.NaN, "s", "undefined")]
    public void A_value_reads_well(double value, string unit, string expected) => Assert.Equal(expected, Human.Value(value, unit));

    [Theory]
    [InlineData("run.deviceHours", 30.84e6, "30.8 M h")]
    [InlineData("step.mfu", 0.4123, "41.2 %")]
    [InlineData("step.dataCommSeconds", 0.5, "500 ms")]
    [InlineData("energy.averageFacilityMegawatts", 18.6, "18.6 MW")]
    [InlineData("carbon.totalKg", 8.93e6, "8.93 kt CO2e")]
    [InlineData("run.steps", 1.5e6, "1.5 M")]
    public void A_figure_takes_its_unit_from_its_name(string path, double value, string expected) =>
        Assert.Equal(expected, Human.Figure(path, value));

    [Theory]
    [InlineData(110, 100, "10 % over")]
    [InlineData(100.4, 100, "0.4 % over")]
    [InlineData(450, 100, "4.5 times")]
    [InlineData(double.PositiveInfinity, 100, "no end to it")]
    public void An_excess_is_a_share_or_a_multiple(double value, double allowed, string expected) =>
        Assert.Equal(expected, Human.Excess(value, allowed));

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "████████")]
    [InlineData(2, "████████")]
    [InlineData(0.5, "████")]
    [InlineData(0.0625, "▌")]
    [InlineData(0.0001, "▏")]
    [InlineData(double.NaN, "")]
    public void A_bar_is_as_long_as_its_share(double share, string expected) => Assert.Equal(expected, Bars.Of(share, 8));

    [Theory]
    [InlineData(20, "█████▓▓▓▓▓··········")]
    [InlineData(10, "██████████▓▓▓▓▓▓▓▓▓▓")]
    [InlineData(5, "██████████|▓▓▓▓▓▓▓▓▓")]
    public void Parts_are_stacked_against_a_capacity(double capacity, string expected)
    {
        using TestConsole console = new();
        console.Write(Bars.Stacked([new("a", 5, '█', Color.Red), new("b", 5, '▓', Color.Blue)], capacity, 20));
        Assert.Equal(expected, console.Output.TrimEnd());
    }

    [Fact]
    public void Progress_shows_after_a_second_and_is_gone_at_the_end()
    {
        using StringWriter terminal = new();
        SteppedTime time = new();
        using (ProgressLine line = new(terminal, time))
        {
            line.Report(new SearchProgress(1, 10));
            Assert.Empty(terminal.ToString());
            time.Now += TimeSpan.FromSeconds(2);
            line.Report(new SearchProgress(5, 10));
            line.Report(new SearchProgress(6, 10));
        }

        const string Shown = "searching [###############...............] 50 %, 2 s";
        Assert.Equal($"\r{Shown}\r{new string(' ', Shown.Length)}\r", terminal.ToString());
    }

    [Fact]
    public void Quick_work_shows_no_progress()
    {
        using StringWriter terminal = new();
        using (ProgressLine line = new(terminal, new SteppedTime()))
        {
            line.Report(new SearchProgress(10, 10));
        }

        Assert.Empty(terminal.ToString());
    }

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
