using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Validation;

namespace CarbonScaling.Cli.Tests;

/// <summary>The command validate over small files of its own.</summary>
public sealed class ValidateTests : IDisposable
{
    private const string Header =
        "id,n_layers,d_model,n_heads,seq_len,accelerator,n_devices,precision,framework,tp,pp,global_batch_sequences,measured_step_time_s,recompute";

    private const string Sound = "X-1,24,2048,16,2048,A100-80GB,8,bf16,Megatron-Core,2,1,64,1.5,none";
    private const string Unknown = "Y-1,24,2048,16,2048,abacus,8,bf16,Megatron-Core,2,1,64,1.5,none";

    private readonly string _folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;

    /// <summary>A validation with a predicted row of each of four sources and one that is left out.</summary>
    public static ValidationOutcome Sample { get; } = new Validator(Catalog.OpenEmbedded()).Run(
        RecordReader.Read(string.Join('\n', [Header, .. "ABCD".Select(source => Sound.Replace('X', source)), Unknown]), "sample.csv").Records);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Errors_and_what_is_left_out_are_told()
    {
        CliResult result = Cli.Run("validate", "--records", FileOf(Sound, Unknown));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("── step.seconds: duration of a step", result.Output, StringComparison.Ordinal);
        Assert.Contains("median error", result.Output, StringComparison.Ordinal);
        Assert.Contains("  6nd-0.4 ", result.Output, StringComparison.Ordinal);
        Assert.Contains("unknown-system, 1 records", result.Output, StringComparison.Ordinal);
        Assert.Contains("'abacus'", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Rows_are_listed_on_demand() =>
        Assert.Contains("  row  method ", Cli.Run("validate", "--rows", "--records", FileOf(Sound)).Output, StringComparison.Ordinal);

    [Fact]
    public void Json_holds_the_fields_of_the_contract()
    {
        using JsonDocument document = JsonDocument.Parse(Cli.Run("validate", "--records", FileOf(Sound, Unknown), "--format", "json").Output);
        JsonElement root = document.RootElement;
        JsonElement method = root.GetProperty("targets")[0].GetProperty("methods")[0];

        Assert.Equal("carbonscaling/validation/1", root.GetProperty("schema").GetString());
        Assert.Equal("step.seconds", root.GetProperty("targets")[0].GetProperty("target").GetString());
        Assert.Equal(("carbonscaling", 1), (method.GetProperty("method").GetString(), method.GetProperty("n").GetInt32()));
        Assert.True(method.GetProperty("fittedConstants").GetInt32() > 50);
        Assert.Equal(JsonValueKind.Null, method.GetProperty("medianApeInterval95").ValueKind);

        JsonElement[] rows = [.. root.GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("method").GetString() == "carbonscaling")];
        Assert.Equal(1.5, rows[0].GetProperty("measured").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("excluded").ValueKind);
        Assert.Equal("unknown-system", rows[1].GetProperty("excluded").GetString());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("predicted").ValueKind);
        double error = (rows[0].GetProperty("predicted").GetDouble() / 1.5) - 1;
        Assert.Equal(Math.Abs(error), method.GetProperty("medianApe").GetDouble(), 1e-12);
    }

    [Fact]
    public void Csv_is_a_row_for_each_measurement()
    {
        string[] lines = Cli.Run("validate", "--records", FileOf(Sound, Unknown), "--format", "csv").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("id,source,target,unit,method,measured,predicted,low,high,error,excluded,detail,table,hardware", lines[0]);
        Assert.StartsWith("X-1,X,step.seconds,s,carbonscaling,1.5,", lines[1], StringComparison.Ordinal);
        Assert.Equal("Y-1,Y,step.seconds,s,carbonscaling,1.5,,,,,unknown-system,'abacus',step.seconds,abacus", lines[2]);
        Assert.Contains(lines, line => line.StartsWith("X-1,X,step.seconds,s,6nd-0.4,1.5,", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_files_and_standard_input_are_read_together()
    {
        CliResult result = Cli.RunWithInput(
            $"{Header}\n{Sound.Replace("X-1", "Z-1", StringComparison.Ordinal)}\n", "validate", "--records", FileOf(Sound), "--records", "-", "--format", "csv");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(2, result.Output.Split('\n').Count(line => line.Contains(",carbonscaling,", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("page.html", "<!doctype html>")]
    [InlineData("page.md", "# Validation")]
    public void The_ending_of_the_file_asks_for_a_page(string name, string beginning)
    {
        string file = Path.Combine(_folder, name);
        CliResult result = Cli.Run("validate", "--records", FileOf(Sound), "--out", file);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        Assert.StartsWith(beginning, File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_goes_to_standard_output_too() =>
        Assert.StartsWith("<!doctype html>", Cli.Run("validate", "--records", FileOf(Sound), "--page", "html").Output, StringComparison.Ordinal);

    [Fact]
    public void Files_of_runs_are_told_by_their_header()
    {
        string runs = Path.Combine(_folder, "runs.csv");
        File.WriteAllText(runs, "id,params_total,tokens,accelerator,n_devices,device_hours,arch\nr-1,6.7e9,1e12,A100-80GB,256,80000,dense-decoder\n");
        CliResult result = Cli.Run("validate", "--records", runs, "--records", FileOf(Sound), "--format", "csv");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("r-1,r-1,run.deviceHours,h,carbonscaling,80000,", result.Output, StringComparison.Ordinal);
        Assert.Contains("X-1,X,step.seconds,s,carbonscaling,1.5,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_above_what_is_allowed_ends_with_4()
    {
        string far = FileOf(Sound.Replace("1.5", "100", StringComparison.Ordinal));
        CliResult result = Cli.Run("validate", "--records", far, "--fail-above", "0.5");

        Assert.Equal(4, result.ExitCode);
        Assert.StartsWith("above: step.seconds has a median error of 9", result.Error, StringComparison.Ordinal);
        Assert.NotEqual("", result.Output);
        Assert.Equal(0, Cli.Run("validate", "--records", far, "--fail-above", "1").ExitCode);
    }

    [Fact]
    public void Every_problem_of_every_file_is_a_line()
    {
        string first = FileOf(Sound.Replace("24", "x", StringComparison.Ordinal));
        string second = Path.Combine(_folder, "second.csv");
        File.WriteAllText(second, "id,tp\n");
        CliResult result = Cli.Run("validate", "--records", first, "--records", second);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        string[] lines = result.Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"{first}:2: row X-1, n_layers: 'x' is not a number", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.StartsWith($"{second}:1: ", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("'n_layers' is a column that is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_or_another_file_is_told()
    {
        Assert.Equal($"{_folder}: is a directory; allowed: a record file, or - for standard input", Cli.Run("validate", "--records", _folder).Error.Trim());
        string binary = Path.Combine(_folder, "binary.csv");
        File.WriteAllBytes(binary, [0, 1, 2]);
        Assert.Equal($"{binary}: is not a text file; allowed: CSV in UTF-8", Cli.Run("validate", "--records", binary).Error.Trim());
    }

    private string FileOf(params string[] rows)
    {
        string file = Path.Combine(_folder, "own.csv");
        File.WriteAllText(file, string.Join('\n', [Header, .. rows]));
        return file;
    }
}
