using System.Text;
using Spectre.Console;

namespace CarbonScaling.Cli.Tests;

/// <summary>Where results go, and what happens when they cannot.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_terminal_gets_colour_and_an_environment_or_option_takes_it_away()
    {
        Assert.Contains('\u001b', OnTerminal(variable: null));
        Assert.DoesNotContain('\u001b', OnTerminal(variable: "1"));
        Assert.DoesNotContain('\u001b', OnTerminal(variable: null, "--no-color"));
        Assert.DoesNotContain('\u001b', OnTerminal(variable: null, "--format", "json"));
    }

    [Fact]
    public void A_file_gets_what_standard_output_would_have_got_and_replaces_what_was_there()
    {
        string file = PathOf("result.txt");
        File.WriteAllText(file, "before");
        CliResult written = Cli.Run("catalog", "laws", "--out", file);
        Assert.Equal((0, ""), (written.ExitCode, written.Output));
        Assert.Equal(Cli.Run("catalog", "laws").Output, File.ReadAllText(file));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_link_keeps_leading_to_the_file()
    {
        string file = PathOf("file.txt");
        string link = PathOf("link.txt");
        File.WriteAllText(file, "before");
        File.CreateSymbolicLink(link, file);
        Assert.Equal(0, Cli.Run("catalog", "--out", link).ExitCode);
        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.StartsWith("kind", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none/result.txt")]
    [InlineData(".")]
    [InlineData("bad\0name")]
    public void A_path_that_cannot_be_written_is_told_in_one_line(string name)
    {
        CliResult result = Cli.Run("catalog", "--out", PathOf(name));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void The_scenario_itself_is_never_overwritten()
    {
        string scenario = PathOf("run.yaml");
        File.Copy(Cli.Example("7b-8gpu.yaml"), scenario);
        string before = File.ReadAllText(scenario);
        CliResult result = Cli.Run("estimate", scenario, "--out", scenario);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(before, File.ReadAllText(scenario));
    }

    [Fact]
    public void A_dash_is_standard_output() => Assert.Equal(Cli.Run("catalog").Output, Cli.Run("catalog", "--out", "-").Output);

    [Fact]
    public void A_result_that_misses_a_limit_is_still_written()
    {
        string file = PathOf("result.json");
        CliResult result = Cli.Run("estimate", Cli.Example("7b-8gpu.yaml"), "--set", "limits.days=1", "--format", "json", "--out", file);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("limits.days takes", result.Error, StringComparison.Ordinal);
        Assert.Contains("\"violations\": [", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_output_that_is_full_is_told_in_one_line()
    {
        using StringWriter error = new();
        using FullWriter output = new();
        int code = Application.Run(["catalog"], new() { Input = Stream.Null, Output = output, Error = error }, TestContext.Current.CancellationToken);
        Assert.Equal(2, code);
        Assert.Equal("standard output cannot be written: no space left\n", error.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void An_interrupted_run_says_nothing_and_ends_with_130()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Application.Run(
            ["plan", Cli.Example("search-1t.yaml")],
            new() { Input = Stream.Null, Output = output, Error = error },
            new CancellationToken(canceled: true));
        Assert.Equal((130, "", ""), (code, output.ToString(), error.ToString()));
    }

    [Fact]
    public void A_fault_is_one_line_without_a_stack_trace()
    {
        using StringWriter error = new();
        using BrokenStream input = new();
        int code = Application.Run(
            ["estimate", "-"], new() { Input = input, Output = TextWriter.Null, Error = error }, TestContext.Current.CancellationToken);
        Assert.Equal(1, code);
        Assert.Equal("internal error: InvalidOperationException: a fault\n", error.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("40", 60)]
    [InlineData("80", 80)]
    [InlineData("500", 160)]
    [InlineData("wide", 100)]
    [InlineData(null, 100)]
    public void The_environment_tells_the_width_within_reason(string? columns, int width)
    {
        Surroundings surroundings = new() { Input = Stream.Null, Output = TextWriter.Null, Error = TextWriter.Null, Variable = name => name == "COLUMNS" ? columns : null };
        Assert.Equal(width, surroundings.Width);
        Assert.Equal(90, (surroundings with { TerminalWidth = 90 }).Width);
    }

    private static string OnTerminal(string? variable, params string[] options)
    {
        using StringWriter output = new();
        Surroundings surroundings = new()
        {
            Input = Stream.Null,
            Output = output,
            Error = TextWriter.Null,
            OutputIsTerminal = true,
            Colors = ColorSystem.Standard,
            TerminalWidth = 80,
            Variable = name => name == "NO_COLOR" ? variable : null,
        };
        Assert.Equal(0, Application.Run(["catalog", "grids", "fr", .. options], surroundings, TestContext.Current.CancellationToken));
        return output.ToString();
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private sealed class FullWriter : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Flush() => throw new IOException("no space left");
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new InvalidOperationException("a fault\nin two lines"[..7]);
    }
}
