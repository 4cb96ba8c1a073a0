using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Validation.Profiles;

namespace CarbonScaling.Cli.Tests;

/// <summary>The command calibrate over telemetry of a job, and what it gives to the other commands.</summary>
public sealed class OwnClusterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;

    /// <summary>A profile of one job.</summary>
    public static ClusterProfile Sample { get; } = new Profiler(Catalog.OpenEmbedded()).Fit(
        "sample", [new(ScenarioReader.Read(File.ReadAllText(Cli.Example("7b-8gpu.yaml")), "7b.yaml", []).Scenario!, "train.log", 12, 640)]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_profile_is_written_and_told_and_taken()
    {
        string own = Path.Combine(_folder, "own.yaml");
        CliResult made = Cli.Run(
            "calibrate", "--scenario", Cli.Example("7b-8gpu.yaml"), "--steps", Telemetry("7b-megatron.log"), "--power", Telemetry("7b-nvidia-smi.csv"), "--out", own);

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Contains("own: dgx-h100 on the set 'calibrated'", made.Output, StringComparison.Ordinal);
        Assert.All(made.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        (double before, string set) = StepOf();
        (double after, string adapted) = StepOf("--calibration", own);
        const double Measured = 10.94;
        Assert.Equal(("calibrated", "own"), (set, adapted));
        Assert.True(Math.Abs(after - Measured) < 0.5 * Math.Abs(before - Measured), $"{before} → {after} of {Measured} s");
        Assert.Equal(0, Cli.Run("track", Cli.Example("7b-8gpu.yaml"), "--calibration", own, "--telemetry", Telemetry("7b-megatron.log")).ExitCode);
    }

    [Fact]
    public void Jobs_of_a_cluster_are_taken_together()
    {
        CliResult result = Cli.Run(
            "calibrate",
            "--scenario", Cli.Example("7b-8gpu.yaml"), "--steps", Telemetry("7b-megatron.log"),
            "--scenario", Cli.Example("7b-8gpu.yaml"), "--steps", Telemetry("7b-torchtitan.log"),
            "--format", "csv");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(3, result.Output.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void Json_and_Yaml_hold_the_same_fields()
    {
        CliResult result = Cli.Run("calibrate", "--scenario", Cli.Example("7b-8gpu.yaml"), "--steps", Telemetry("7b-megatron.log"), "--format", "json");
        using JsonDocument document = JsonDocument.Parse(result.Output);
        string json = Path.Combine(_folder, "own.json");
        File.WriteAllText(json, result.Output);

        Assert.Equal("carbonscaling/profile/1", document.RootElement.GetProperty("schema").GetString());
        Assert.Equal("own-cluster", StepOf("--calibration", json).Set);
    }

    [Theory]
    [InlineData("--scenario needs what was measured of it; allowed: with --steps, --power or both", "--scenario", "EXAMPLE")]
    [InlineData("--steps and --power need the job that they are of; allowed: with --scenario", "--steps", "train.log")]
    [InlineData("--records and --own have no effect with --scenario; allowed: --steps and --power", "--scenario", "EXAMPLE", "--own")]
    [InlineData("--own needs the records of one's cluster; allowed: with --records", "--own")]
    [InlineData("--steps: 1 files for 2 scenarios; allowed: one for each, in the same order", "--scenario", "EXAMPLE", "--scenario", "EXAMPLE", "--steps", "train.log")]
    [InlineData("--calibration: a cluster adapts what the program carries; allowed: default, priors", "--scenario", "EXAMPLE", "--steps", "train.log", "--calibration", "own.yaml")]
    [InlineData("train.log: no such file", "--scenario", "EXAMPLE", "--steps", "train.log")]
    public void A_mistake_is_one_line(string problem, params string[] args)
    {
        CliResult result = Cli.Run(["calibrate", .. args.Select(static arg => arg == "EXAMPLE" ? Cli.Example("7b-8gpu.yaml") : arg)]);

        Assert.Equal((2, "", problem + "\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void A_log_of_another_job_is_refused()
    {
        CliResult result = Cli.Run(
            "calibrate", "--scenario", Cli.Example("7b-8gpu.yaml"), "--set", "training.globalBatchSequences=512", "--steps", Telemetry("7b-megatron.log"));

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("has 1.0486e6 tokens in a step, the scenario 2.0972e6; expected: the log of the scenario's job\n", result.Error, StringComparison.Ordinal);
    }

    private static string Telemetry(string name) => Path.Combine(Cli.Example("telemetry"), name);

    private static (double Seconds, string Set) StepOf(params string[] options)
    {
        using JsonDocument document = JsonDocument.Parse(Cli.Run(["estimate", Cli.Example("7b-8gpu.yaml"), "--format", "json", .. options]).Output);
        return (document.RootElement.GetProperty("step").GetProperty("seconds").GetDouble(), document.RootElement.GetProperty("modelVersion").GetString()!);
    }
}
