namespace CarbonScaling.Cli.Tests;

/// <summary>Bad input gets one line for each problem, exit code 2 or 3, and never a stack trace, an infinity or a NaN.</summary>
public sealed class BadInputTests
{
    private const string Small = """
        model: llama-2-7b
        training: { tokens: 1G, sequenceLength: 4096, globalBatchSequences: 64 }
        cluster: { system: dgx-h100, devices: 8 }
        plan: { sharding: zero3 }
        site: { grid: fr }
        """;

    [Theory]
    [InlineData("training.tokens=-5", "training.tokens")]
    [InlineData("training.tokens=0", "training.tokens")]
    [InlineData("training.tokens=NaN", "training.tokens")]
    [InlineData("training.tokens=.inf", "training.tokens")]
    [InlineData("training.tokens=1e30", "training.tokens")]
    [InlineData("training.tokens=3 apples", "training.tokens")]
    [InlineData("training.sequenceLength=0", "training.sequenceLength")]
    [InlineData("training.precision=fp7", "training.precision")]
    [InlineData("training.globalBatchSequences=3.5", "training.globalBatchSequences")]
    [InlineData("cluster.devices=12", "cluster.devices")]
    [InlineData("cluster.devices=0", "cluster.devices")]
    [InlineData("cluster.system=dgx-h1000", "cluster.system")]
    [InlineData("model=llama-2-7c", "model")]
    [InlineData("plan.tensor=3", "plan.tensor")]
    [InlineData("plan.tensr=4", "plan.tensr")]
    [InlineData("plan.pipeline=3", "plan.pipeline")]
    [InlineData("plan.data=3", "plan.data")]
    [InlineData("plan.microBatch=7", "plan.microBatch")]
    [InlineData("plan.context=3", "plan.context")]
    [InlineData("plan.schedule=dualpipe", "plan.schedule")]
    [InlineData("plan.virtualStages=2", "plan")]
    [InlineData("site.pue=0.5", "site.pue")]
    [InlineData("site.grid=xx", "site.grid")]
    [InlineData("site.lifetimeYears=-1", "site.lifetimeYears")]
    [InlineData("limits.days=0", "limits.days")]
    [InlineData("limits.memoryHeadroom=1", "limits.memoryHeadroom")]
    [InlineData("software.attentionKernel=flash9", "software.attentionKernel")]
    [InlineData("calibration=mine.yaml", "calibration")]
    [InlineData("objective=cost", "objective")]
    public void A_bad_field_is_named_in_one_line(string setting, string field)
    {
        CliResult result = Cli.RunWithInput(Small, "estimate", "-", "--set", setting);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        string line = Assert.Single(Lines(result.Error));
        Assert.Contains(field, line, StringComparison.Ordinal);
        Clean(result.Error);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        CliResult result = Cli.RunWithInput(
            Small, "estimate", "-", "--set", "training.tokens=-5", "--set", "site.pue=9", "--set", "plan.tensor=x");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(3, Lines(result.Error).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b\n")]
    [InlineData("a: [")]
    [InlineData("a: &x 1\nb: *x\n")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("{\"model\": \"llama-2-7b\"")]
    [InlineData("\0\u0001\u0002")]
    public void A_text_that_is_no_scenario_is_refused(string text)
    {
        CliResult result = Cli.RunWithInput(text, "estimate", "-");
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(Lines(result.Error));
        Clean(result.Error);
    }

    [Fact]
    public void A_deep_or_huge_text_is_refused()
    {
        Assert.Equal(2, Cli.RunWithInput(new string('[', 100_000), "estimate", "-").ExitCode);
        Assert.Equal(2, Cli.RunWithInput("name: " + new string('x', 2_000_000), "estimate", "-").ExitCode);
    }

    [Theory]
    [InlineData("estimate", "no-such-file.yaml")]
    [InlineData("estimate")]
    [InlineData("estimat", "x")]
    [InlineData("catalog", "modls")]
    [InlineData("catalog", "models", "gpt-3")]
    [InlineData("plan", "-", "--threads", "0")]
    [InlineData("estimate", "-", "--format", "xml")]
    [InlineData("estimate", "-", "--bogus")]
    [InlineData("explain", "-", "--figure", "carbon.total")]
    public void A_bad_command_line_is_refused(params string[] args)
    {
        CliResult result = Cli.RunWithInput(Small, args);
        Assert.Equal(2, result.ExitCode);
        Assert.Single(Lines(result.Error));
        Clean(result.Error);
    }

    [Fact]
    public void An_infeasible_plan_is_shown_and_named()
    {
        CliResult result = Cli.RunWithInput(Small, "estimate", "-", "--set", "training.sequenceLength=65536");
        Assert.Equal(3, result.ExitCode);
        Assert.NotEmpty(result.Output);
        Assert.Contains("memory", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        Clean(result.Output);
    }

    [Fact]
    public void A_search_without_a_feasible_plan_names_the_limit()
    {
        CliResult result = Cli.RunWithInput(Small, "plan", "-", "--set", "limits.days=0.0001", "--format", "json");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("limits.days", result.Error, StringComparison.Ordinal);
        Clean(result.Output);
    }

    [Fact]
    public void A_run_that_fails_faster_than_it_saves_never_ends_and_says_so()
    {
        CliResult result = Cli.RunWithInput(Small, "estimate", "-", "--set", "cluster.failures={perDeviceHour: 1, restartMinutes: 100000}");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("does not get through", result.Output.Split('\n')[1], StringComparison.Ordinal);
        Assert.DoesNotContain("days", result.Output.Split('\n')[1], StringComparison.Ordinal);
        Assert.Matches("^infeasible: failures takes 13,[0-9]{3} mean times between failures, allowed 1", result.Error);
    }

    [Theory]
    [InlineData("plan.microBatch=3", "allowed: a divisor of 8")]
    [InlineData("training.globalBatchSequences=6", "allowed: none, with data that does not divide 6 itself")]
    public void A_micro_batch_that_does_not_fit_tells_what_would(string setting, string expected) => Assert.Contains(
        expected, Cli.RunWithInput(Small, "estimate", "-", "--set", setting).Error, StringComparison.Ordinal);

    [Fact]
    public void A_result_that_cannot_be_written_leaves_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;
        string file = Path.Combine(folder, "result.json");
        Assert.Equal(0, Cli.RunWithInput(Small, "estimate", "-", "--format", "json", "--out", file).ExitCode);
        Assert.Equal([file], Directory.GetFiles(folder));
        string nowhere = Path.Combine(folder, "none", "x");
        CliResult result = Cli.RunWithInput(Small, "estimate", "-", "--out", nowhere);
        Assert.Equal((2, $"--out: '{nowhere}' cannot be written: there is no such directory"), (result.ExitCode, result.Error.Trim()));
        result = Cli.RunWithInput(Small, "estimate", "-", "--out", "");
        Assert.Equal((2, "--out: '' is not a path; allowed: the path of a file, or - for standard output"), (result.ExitCode, result.Error.Trim()));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Redirected_text_carries_no_escape_codes()
    {
        CliResult result = Cli.RunWithInput(Small, "estimate", "-");
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.Contains("CO2e", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_example_runs_as_it_is()
    {
        // A range of devices is for `plan`.
        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(Cli.Example("7b-8gpu.yaml"))!, "*.yaml")
            .Where(static file => Path.GetFileName(file) != "search-1t.yaml")];
        Assert.True(files.Length >= 10);
        foreach (string file in files)
        {
            CliResult result = Cli.Run("estimate", file);
            Assert.True(result.ExitCode == 0, $"{file}: {result.Error}");
        }
    }

    [Theory]
    [InlineData("mixed-a100-h100.yaml", "Pools: 2", "cluster.pools: '[…]' has no launch arguments of Megatron-LM; allowed here: one pool")]
    [InlineData("llama-3-staged.yaml", "Phases: 7", "training.phases: '[…]' has a launch of its own for every phase; allowed here: none")]
    public void An_example_of_parts_runs_in_every_command_or_says_why_not(string file, string parts, string refusal)
    {
        CliResult planned = Cli.Run("plan", Cli.Example(file));
        Assert.Equal(0, planned.ExitCode);
        Assert.Contains(parts, planned.Output, StringComparison.Ordinal);

        CliResult explained = Cli.Run("explain", Cli.Example(file), "--figure", "carbon.totalKg");
        Assert.Equal(0, explained.ExitCode);
        Assert.Contains("CARBON-6", explained.Output, StringComparison.Ordinal);

        CliResult exported = Cli.Run("export", Cli.Example(file));
        Assert.Equal(2, exported.ExitCode);
        Assert.Contains(refusal, Assert.Single(Lines(exported.Error)), StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void Clean(string text)
    {
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text.Replace("'NaN'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
    }
}
