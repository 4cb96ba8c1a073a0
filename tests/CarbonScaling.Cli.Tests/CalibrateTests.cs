using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Cli.Tests;

/// <summary>The command calibrate over small files of its own.</summary>
public sealed class CalibrateTests : IDisposable
{
    private const string Header =
        "id,n_layers,d_model,n_heads,seq_len,accelerator,n_devices,precision,framework,tp,pp,global_batch_sequences,measured_step_time_s,recompute";

    private const string Sound = "X-1,24,2048,16,2048,A100-80GB,8,bf16,Megatron-Core,2,1,64,1.5,none";
    private const string Unknown = "Y-1,24,2048,16,2048,abacus,8,bf16,Megatron-Core,2,1,64,1.5,none";

    private readonly string _folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;

    /// <summary>A calibration to a row of each of two sources.</summary>
    public static CalibrationOutcome Sample { get; } = new Calibrator(Catalog.OpenEmbedded()).Run(
        "sample", RecordReader.Read(string.Join('\n', [Header, .. "AB".Select(source => Sound.Replace('X', source)), Unknown]), "sample.csv").Records);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_calibration_is_written_and_told_and_taken()
    {
        string own = Path.Combine(_folder, "My own.yaml");
        CliResult made = Cli.Run("calibrate", "--records", FileOf(Sound, Sound.Replace('X', 'Z'), Unknown), "--out", own);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Contains("parameters fitted to 2 steps of 2 sources", made.Output, StringComparison.Ordinal);
        Assert.Contains("sources left out", made.Output, StringComparison.Ordinal);
        Assert.Contains("1 records left out by the rule unknown-system", made.Output, StringComparison.Ordinal);
        Assert.All(made.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Contains("\nid: \"my-own\"\n", File.ReadAllText(own), StringComparison.Ordinal);

        // Relative to the working folder on the command line, to the scenario inside it.
        string scenario = Path.Combine(_folder, "job.yaml");
        File.WriteAllText(scenario, File.ReadAllText(Cli.Example("7b-8gpu.yaml")) + "\ncalibration: My own.yaml\n");
        string[] versions = [VersionOf(Cli.Example("7b-8gpu.yaml"), "--calibration", own), VersionOf(scenario), VersionOf(scenario, "--calibration", "priors")];
        Assert.Equal(["my-own", "my-own", "priors"], versions);
    }

    [Fact]
    public void A_calibration_goes_on_from_another()
    {
        CliResult result = Cli.Run("calibrate", "--records", FileOf(Sound), "--calibration", "default", "--once", "--format", "json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal("carbonscaling/calibration-summary/1", document.RootElement.GetProperty("schema").GetString());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("errors").GetProperty("leaveOneSourceOut").ValueKind);
        Assert.All(document.RootElement.GetProperty("parameters").EnumerateArray(), static parameter => Assert.True(parameter.GetProperty("multiplier").GetDouble() > 0));
    }

    [Fact]
    public void The_table_has_a_row_for_every_parameter()
    {
        string[] lines = Cli.Run("calibrate", "--records", FileOf(Sound), "--once", "--format", "csv").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("id,by,multiplier,spread,priorSpread,ratio,determined,figures", lines[0].Trim());
        Assert.Equal(Sample.Set.Parameters.Count, lines.Length - 1);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        Refused("no record has a step that can be predicted", "--records", FileOf(Unknown));
        Refused("'many'", "--records", FileOf(Sound.Replace("2048", "many", StringComparison.Ordinal)));
        Refused("is given twice, first in line 2", "--records", FileOf(Sound, Sound));
        string wrong = Path.Combine(_folder, "wrong.yaml");
        File.WriteAllText(wrong, "schema: carbonscaling/estimate/1");
        Refused("is not a calibration of this version", "--calibration", wrong);
        CliResult estimate = Cli.Run("estimate", Cli.Example("7b-8gpu.yaml"), "--calibration", wrong);
        Assert.Equal(2, estimate.ExitCode);
        Assert.StartsWith($"{wrong}:1: schema: ", estimate.Error, StringComparison.Ordinal);
        Assert.Equal("none.yaml: no such file", Cli.Run("calibrate", "--calibration", "none.yaml").Error.Trim());
    }

    private static void Refused(string expected, params string[] args)
    {
        CliResult result = Cli.Run(["calibrate", .. args]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private static string VersionOf(params string[] args)
    {
        CliResult result = Cli.Run(["estimate", .. args, "--format", "json"]);
        Assert.Equal("", result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("modelVersion").GetString()!;
    }

    private string FileOf(params string[] rows)
    {
        string path = Path.Combine(_folder, "records.csv");
        File.WriteAllLines(path, [Header, .. rows]);
        return path;
    }
}
