using System.Text.Json;
using CarbonScaling.Models;

namespace CarbonScaling.Cli.Tests;

/// <summary>The command <c>export</c>.</summary>
public sealed class ExportTests
{
    private const string Small = """
        model: llama-2-7b
        training: { tokens: 1G, sequenceLength: 4096, globalBatchSequences: 64 }
        cluster: { system: dgx-h100, devices: 8 }
        plan: { tensor: 2, pipeline: 1, microBatch: 1, sharding: zero3, recompute: none }
        site: { grid: fr }
        """;

    [Fact]
    public void Arguments_go_to_standard_output_and_notes_to_standard_error()
    {
        CliResult result = Cli.RunWithInput(Small, "export", "-", "--to", "megatron", "--set", "plan.offload=[weights]");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            ["plan: the scenario's own", "no argument: weights in the memory of the host"],
            Lines(result.Error));
        Assert.Contains("# No argument: weights in the memory of the host.\n--num-layers 32 \\\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("# llama-2-7b on 8 devices, a process each: t2 p1 d4 b1 m16 sp zero3 offload weights 1f1b\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("--train-iters 3815\n", result.Output, StringComparison.Ordinal);

        // Long lines are not broken, whatever the width.
        Assert.All(Lines(result.Output).SkipWhile(line => line.StartsWith('#')).SkipLast(1), line => Assert.Matches(@"^--\S.* \\$", line));
    }

    [Fact]
    public void What_is_written_can_be_given_as_a_model_and_keeps_the_plan()
    {
        string folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;
        string scenario = Path.Combine(folder, "job.yaml");
        File.WriteAllText(scenario, """
            model: launch.args
            training: { tokens: 14.8T }
            cluster: { system: hgx-h800, devices: 2048 }
            site: { grid: cn }
            """);
        CliResult written = Cli.Run("export", Cli.Example("deepseek-v3.yaml"), "--quiet", "--out", Path.Combine(folder, "launch.args"), "--set", "plan.schedule=1f1b");
        Assert.Equal((0, "", ""), (written.ExitCode, written.Output, written.Error));

        CliResult again = Cli.Run("export", scenario, "--format", "json");
        JsonElement first = Json(Cli.Run("export", Cli.Example("deepseek-v3.yaml"), "--format", "json", "--set", "plan.schedule=1f1b").Output);
        JsonElement second = Json(again.Output);
        Assert.Equal("plan: the scenario's own", Lines(again.Error)[0]);
        Assert.Equal(first.GetProperty("plan").ToString(), second.GetProperty("plan").ToString());
        Assert.Equal(
            first.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()),
            second.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("llama-3.1-405b.yaml", 128_256)]
    [InlineData("deepseek-v3.yaml", 129_280)]
    public void The_text_of_an_example_is_a_launch_script(string example, int vocabulary)
    {
        CliResult result = Cli.Run("export", Cli.Example(example));
        Assert.Equal(0, result.ExitCode);
        MegatronJob job = MegatronArguments.Read(result.Output, "launch.args");
        Assert.Equal((vocabulary, 16, 1), (job.Model.Vocabulary.Value, job.Settings.Pipeline, job.Settings.MicroBatch));
        Assert.Equal(example.StartsWith("deepseek", StringComparison.Ordinal), result.Output.Contains("# No argument: the schedule dualpipe", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_has_the_fields_of_the_contract()
    {
        JsonElement result = Json(Cli.RunWithInput(Small, "export", "-", "--format", "json", "--set", "plan.schedule=gpipe", "--set", "plan.pipeline=2").Output);
        Assert.Equal("carbonscaling/export/1", result.GetProperty("schema").GetString());
        Assert.Equal(("megatron", "scenario", 8), (result.GetProperty("target").GetString(), result.GetProperty("planFrom").GetString(), result.GetProperty("devices").GetInt32()));
        Assert.Contains("--tensor-model-parallel-size 2", result.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()));
        Assert.StartsWith("the schedule gpipe", Assert.Single(result.GetProperty("missing").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(2, result.GetProperty("plan").GetProperty("pipeline").GetInt32());
    }

    [Fact]
    public void A_table_has_a_row_for_each_argument() => Assert.StartsWith(
        "argument,value\n--num-layers,32\n--hidden-size,4096\n", Cli.RunWithInput(Small, "export", "-", "--format", "csv").Output, StringComparison.Ordinal);

    [Fact]
    public void An_open_plan_is_searched_and_said_so()
    {
        CliResult result = Cli.RunWithInput(Small, "export", "-", "--set", "plan.tensor=null", "--set", "plan.recompute=null");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^plan: the best of [0-9,]+ that meet every limit, by carbon; the scenario leaves open plan.tensor, plan.recompute$", Lines(result.Error)[0]);
        Assert.Contains("# Plan: the best of", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_written_and_told()
    {
        CliResult result = Cli.RunWithInput(Small, "export", "-", "--quiet", "--set", "training.sequenceLength=65536");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("--seq-length 65536", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("infeasible: memory takes", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_plan_nothing_is_written()
    {
        CliResult result = Cli.RunWithInput(Small, "export", "-", "--set", "plan.tensor=null", "--set", "limits.days=0.0001");
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("limits.days", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "megatorn", "--to: 'megatorn' is not known (did you mean 'megatron'?); allowed: megatron")]
    [InlineData("--set", "plan.tensor=3", "plan.tensor")]
    [InlineData("--set", "model=none.args", "none.args: no such file")]
    public void A_mistake_is_one_line(string option, string value, string expected)
    {
        CliResult result = Cli.RunWithInput(Small, "export", "-", option, value);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
