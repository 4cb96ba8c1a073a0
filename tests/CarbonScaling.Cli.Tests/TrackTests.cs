using System.Globalization;
using System.Text;
using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Telemetry;
using CarbonScaling.Testing;
using CarbonScaling.Tracking;

namespace CarbonScaling.Cli.Tests;

/// <summary>The command track over the examples and small files of its own.</summary>
public sealed class TrackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;

    /// <summary>The example, tracked.</summary>
    public static Track Sample { get; } = SampleOf("7b-megatron.log", "7b-nvidia-smi.csv", "7b-sacct.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_example_runs_as_it_is()
    {
        CliResult result = Cli.Run(
            "track", Cli.Example("7b-8gpu.yaml"), "--telemetry", Telemetry("7b-megatron.log"), "--telemetry", Telemetry("7b-nvidia-smi.csv"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (string part in (string[])["Measured against predicted", "power per device", "Drift", "from step", "1 restarts, 120 steps done again", "Whole run, to 2026-02-"])
        {
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        }

        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Json_holds_the_fields_of_the_contract()
    {
        JsonElement root = Json("7b-torchtitan.log", "7b-dcgm.prom");

        Assert.Equal("carbonscaling/track/1", root.GetProperty("schema").GetString());
        Assert.Equal("torchtitan", root.GetProperty("telemetry")[0].GetProperty("kind").GetString());
        Assert.Equal("dcgm", root.GetProperty("telemetry")[1].GetProperty("kind").GetString());
        Assert.Equal(2, root.GetProperty("intervals").GetProperty("projected.totalKg").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("nodePower").ValueKind);
    }

    [Fact]
    public void Csv_is_one_row_of_figures()
    {
        string[] lines = Cli.Run("track", Cli.Example("7b-8gpu.yaml"), "--telemetry", Telemetry("7b-megatron.log"), "--format", "csv").Output.Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Contains(",projected.totalKg,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("carbonscaling/track/1,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_at_the_predicted_rate_end_as_predicted()
    {
        Track track = Of("step,seconds\n", Predicted.Step.Seconds, 20);

        Assert.Equal(1, track.Step!.Ratio, 9);
        Assert.True(track.Step.Inside);
        Assert.Equal(Predicted.Run.DeviceHours, track.Projected!.DeviceHours, Predicted.Run.DeviceHours * 1e-6);
        Assert.Equal(Predicted.Energy.FacilityKwh, track.Projected.FacilityKwh, Predicted.Energy.FacilityKwh * 1e-6);
        Assert.Equal(Predicted.Carbon.TotalKg, track.Projected.TotalKg, Predicted.Carbon.TotalKg * 1e-6);
    }

    [Fact]
    public void A_rate_that_is_half_doubles_what_remains()
    {
        Track track = Of("step,seconds\n", 2 * Predicted.Step.Seconds, 20);

        Assert.False(track.Step!.Inside);
        Assert.Equal(2 * Predicted.Run.DeviceHours, track.Projected!.DeviceHours, Predicted.Run.DeviceHours * 1e-3);
        Assert.Equal(2 * Predicted.Carbon.EmbodiedKg, track.Projected.EmbodiedKg, Predicted.Carbon.EmbodiedKg * 1e-3);
        (double low, double high) = track.Intervals.Ranges["projected.days"];
        Assert.InRange(track.Projected.Days, low, high);
        Assert.True(high / low < 1.05, "measured steps leave little doubt about the time");
    }

    [Fact]
    public void Measured_power_replaces_the_predicted()
    {
        double watts = 1.1 * Predicted.Energy.AverageDeviceWatts;
        Track track = Of("step,seconds,watts\n", Predicted.Step.Seconds, 20, string.Create(CultureInfo.InvariantCulture, $",{watts:R}"));

        Assert.Equal(("measured", "predicted"), (track.Finish!.Power, track.Finish.HostPower));
        Assert.Equal(1.1, track.Power!.Ratio, 9);
        Assert.Equal(1.1 * Predicted.Energy.AcceleratorKwh, track.Projected!.AcceleratorKwh, Predicted.Energy.AcceleratorKwh * 1e-6);
        double rest = Predicted.Energy.ItKwh - Predicted.Energy.AcceleratorKwh;
        Assert.Equal(rest, track.Projected.ItKwh - track.Projected.AcceleratorKwh, rest * 1e-6);
    }

    [Fact]
    public void A_run_at_its_end_has_nothing_to_go()
    {
        int all = (int)Math.Ceiling(Predicted.Run.Steps);
        Track track = Of("step,seconds\n", Predicted.Step.Seconds, all);

        Assert.Equal((1d, 0d), (track.Progress!.Share, track.Finish!.RemainingDays));
        Assert.Equal(track.Progress.SoFar, track.Projected);
    }

    [Fact]
    public void A_limit_that_the_projection_exceeds_is_told()
    {
        CliResult result = Cli.Run(
            "track", Cli.Example("7b-8gpu.yaml"), "--telemetry", Telemetry("7b-megatron.log"), "--set", "limits.days=1");

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("infeasible: as it runs, limits.days takes ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\n", ":1: is no telemetry; expected: ")]
    [InlineData("step,seconds\n1,x\n", ":2: seconds: 'x' is not a number; expected: ")]
    public void A_broken_file_is_told_in_one_line(string text, string problem)
    {
        string file = Path.Combine(_folder, "broken");
        File.WriteAllText(file, text);
        CliResult result = Cli.Run("track", Cli.Example("7b-8gpu.yaml"), "--telemetry", file);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.EndsWith("none.log: no such file\n", Cli.Run("track", Cli.Example("7b-8gpu.yaml"), "--telemetry", "none.log").Error, StringComparison.Ordinal);

    [Fact]
    public void Standard_input_is_a_file()
    {
        CliResult result = Cli.RunWithInput("step,seconds\n1,11\n2,10.9\n", "track", Cli.Example("7b-8gpu.yaml"), "--telemetry", "-");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    private static Estimate Predicted { get; } = new Estimator(Catalog.OpenEmbedded()).Estimate(Scenario());

    private static string Telemetry(string name) => Path.Combine(Cli.Example("telemetry"), name);

    private static JsonElement Json(params string[] files) => JsonDocument.Parse(
        Cli.Run(["track", Cli.Example("7b-8gpu.yaml"), "--format", "json", .. files.SelectMany(file => new[] { "--telemetry", Telemetry(file) })]).Output).RootElement;

    private static Scenario Scenario() => ScenarioReader.Read(File.ReadAllText(Cli.Example("7b-8gpu.yaml")), "7b-8gpu.yaml", []).Scenario!;

    private static Track SampleOf(params string[] files) => new Tracker(new(Catalog.OpenEmbedded())).Of(
        Scenario(),
        [.. files.Select(file =>
        {
            using FileStream stream = File.OpenRead(Telemetry(file));
            return TelemetryReader.Read(stream, file);
        })]);

    private static Track Of(string header, double seconds, int steps, string more = "")
    {
        StringBuilder text = new(header);
        for (int step = 1; step <= steps; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step},{seconds:R}{more}\n");
        }

        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text.ToString()));
        return new Tracker(new(Catalog.OpenEmbedded())).Of(Scenario(), [TelemetryReader.Read(stream, "steps.csv")]);
    }
}
