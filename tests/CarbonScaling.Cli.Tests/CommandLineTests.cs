namespace CarbonScaling.Cli.Tests;

/// <summary>Arguments: what is wrong is told in one line that names what was probably meant.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("'estimat' is not a command (did you mean 'estimate'?); allowed: estimate, plan, explain, validate, calibrate, track, export, catalog", "estimat", "x.yaml")]
    [InlineData("'compare' is not a command; allowed: estimate, plan, explain, validate, calibrate, track, export, catalog", "compare", "x.yaml", "y.yaml")]
    [InlineData("a command is missing; allowed: estimate, plan, explain, validate, calibrate, track, export, catalog", "--quiet")]
    [InlineData("--fromat is not an option of carbonscaling estimate (did you mean '--format'?); see carbonscaling estimate --help", "estimate", "x.yaml", "--fromat", "json")]
    [InlineData("--format: 'jsn' is not known (did you mean 'json'?); allowed: text, json, csv", "estimate", "x.yaml", "--format", "jsn")]
    [InlineData("--flops: 'model' is not known", "estimate", "x.yaml", "--flops", "model")]
    [InlineData("--top: '0' is not a whole number in range; allowed: 1 to 1000", "plan", "x.yaml", "--top", "0")]
    [InlineData("--seed: '-1' is not a whole number in range; allowed: 0 to 2147483647", "plan", "x.yaml", "--seed=-1")]
    [InlineData("--depth: '1e3' is not a whole number", "explain", "x.yaml", "--figure", "step.seconds", "--depth", "1e3")]
    [InlineData("--calibration: 'mine' is not known; allowed: default, priors, or the path of a file of calibrate", "estimate", "x.yaml", "--calibration", "mine")]
    [InlineData("--calibration has no effect on validate", "validate", "--calibration", "mine.yaml")]
    [InlineData("--set has no effect on records", "calibrate", "--set", "plan.tensor=4")]
    [InlineData("none.csv: no such file", "calibrate", "--records", "none.csv")]
    [InlineData("none.yaml: no such file", "calibrate", "--calibration", "none.yaml")]
    [InlineData("--figure: 'step.second' cannot be explained (did you mean 'step.seconds'?); allowed: ", "explain", "x.yaml", "--figure", "step.second")]
    [InlineData("'--figure'", "explain", "x.yaml")]
    [InlineData("'--out'", "estimate", "x.yaml", "--out")]
    [InlineData("'SCENARIO'", "estimate")]
    [InlineData("--fail-above: '-1' is not a share; allowed: 0 to 1000, such as 0.15", "validate", "--fail-above=-1")]
    [InlineData("--fail-above: 'NaN' is not a share", "validate", "--fail-above", "NaN")]
    [InlineData("--set has no effect on published records", "validate", "--set", "plan.tensor=4")]
    [InlineData("none.csv: no such file", "validate", "--records", "none.csv")]
    [InlineData("the catalog has no kind 'modles'; did you mean 'models'?", "catalog", "modles")]
    [InlineData("accelerators has no 'h100'; did you mean 'h100-nvl'?", "catalog", "accelerators", "h100")]
    [InlineData("--top is not an option of carbonscaling estimate; see", "estimate", "x.yaml", "--top", "5")]
    [InlineData("--version is not an option of carbonscaling estimate; see", "estimate", "x.yaml", "--version")]
    [InlineData("'': is not a path; allowed: a scenario file, or - for standard input", "estimate", "")]
    public void A_mistake_is_one_line(string expected, params string[] args)
    {
        CliResult result = Cli.Run(args);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        string line = Assert.Single(result.Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_like_no_other_gets_no_suggestion()
    {
        Assert.Equal("the catalog has no kind 'nope'", Cli.Run("catalog", "nope").Error.Trim());
        Assert.Equal("models has no 'nope'", Cli.Run("catalog", "models", "nope").Error.Trim());
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("estimate", "--help")]
    [InlineData("plan", "--help", "--bogus")]
    [InlineData("explain", "-h")]
    [InlineData("validate", "--help")]
    [InlineData("calibrate", "--help")]
    [InlineData("export", "--help")]
    [InlineData("catalog", "--help")]
    public void Help_shows_examples_first(params string[] args)
    {
        CliResult result = Cli.Run(args);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        int examples = result.Output.IndexOf("Examples:", StringComparison.Ordinal);
        Assert.InRange(examples, 1, result.Output.IndexOf("Usage:", StringComparison.Ordinal));
        Assert.DoesNotContain("compare", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_one_line()
    {
        CliResult result = Cli.Run("--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^carbonscaling \d+\.\d+\.\d+\S*\r?\n$", result.Output);
    }

    [Theory]
    [InlineData("estim", "estimate")]
    [InlineData("estimate x.yaml --format ", "json")]
    [InlineData("explain x.yaml --figure carbon.to", "carbon.totalKg")]
    public void Shells_can_complete(string line, string expected)
    {
        CliResult result = Cli.Run($"[suggest:{line.Length}]", line);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(expected, result.Output.ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void Common_options_stand_before_or_after_the_command() => Assert.Equal(
        Cli.Run("--format", "csv", "catalog").Output, Cli.Run("catalog", "--format", "csv").Output);

    [Fact]
    public void A_convention_shows_in_the_result()
    {
        CliResult result = Cli.Run("estimate", Cli.Example("7b-8gpu.yaml"), "--flops", "model-causal", "--calibration", "default", "--seed", "7", "--threads", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("counted model-causal", result.Output, StringComparison.Ordinal);
    }
}
