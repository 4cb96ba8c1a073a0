using System.Runtime.CompilerServices;
using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Commands;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Testing;
using Spectre.Console;

namespace CarbonScaling.Cli.Tests;

/// <summary>What people read, approved as a whole.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void An_estimate(int width) => Approve(new EstimateReport(Samples.Estimate), width);

    [Fact]
    public void An_infeasible_estimate() => Approve(new EstimateReport(Samples.Infeasible), 80);

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void A_search(int width) => Approve(new PlanReport(Samples.Plan), width);

    [Fact]
    public void A_search_that_found_nothing() => Approve(new PlanReport(Samples.NoPlan), 80);

    [Fact]
    public void A_calibration_fits_its_width() => Assert.All(
        TextOf(new CalibrationReport(CalibrateTests.Sample), 80).Split('\n'), static line => Assert.InRange(line.Length, 0, 80));

    [Fact]
    public void An_explanation() => Approve(Explanation(depth: 10), 80);

    [Fact]
    public void An_explanation_cut_short() => Approve(Explanation(depth: 1), 80);

    [Theory]
    [InlineData("carbonscaling", "--help")]
    [InlineData("explain", "explain", "--help")]
    [InlineData("validate", "validate", "--help")]
    public void Help(string name, params string[] args)
    {
        CliResult result = Cli.Run(args);
        Assert.Equal(0, result.ExitCode);
        Snapshot.Matches(result.Output, PathOf($"{nameof(Help)}.{name}"));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_asked_for(int width)
    {
        IReport[] reports = [new EstimateReport(Samples.Infeasible), new PlanReport(Samples.NoPlan), Explanation(depth: 10)];
        foreach (string line in reports.SelectMany(report => TextOf(report, width).Split('\n')))
        {
            Assert.True(line.Length <= width, $"{line.Length} columns: {line}");
            Assert.Equal(line.TrimEnd(), line);
        }
    }

    [Fact]
    public void Colour_changes_nothing_but_colour()
    {
        string colored = ReportText.Of(new EstimateReport(Samples.Estimate), ResultFormat.Text, 80, ColorSystem.TrueColor);
        Assert.Contains('\u001b', colored);
        string plain = System.Text.RegularExpressions.Regex.Replace(colored, "\u001b\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Equal(
            TextOf(new EstimateReport(Samples.Estimate), 80),
            string.Join('\n', plain.Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void Plain_text_never_reaches_for_the_terminal()
    {
        Styled report = new();
        Assert.Equal("strong\n", TextOf(report, 80));
        Assert.True(report.HadCodes, "a console without ANSI codes sets colours of the terminal itself");
    }

    private sealed class Styled : IReport
    {
        public bool HadCodes { get; private set; }

        public void WriteText(IAnsiConsole console)
        {
            HadCodes = console.Profile.Capabilities.Ansi;
            console.Write(new Text("strong\n", new Style(Color.Red, decoration: Decoration.Bold)));
        }

        public void WriteJson(System.Text.Json.Utf8JsonWriter writer) => throw new NotSupportedException();

        public CsvTable ToCsv() => throw new NotSupportedException();
    }

    private static ExplanationReport Explanation(int depth) => new(Samples.Derivation, Catalog.OpenEmbedded(), depth);

    private static string TextOf(IReport report, int width) => ReportText.Of(report, ResultFormat.Text, width, colors: null);

    private static void Approve(IReport report, int width, [CallerMemberName] string name = "") =>
        Snapshot.Matches(TextOf(report, width), PathOf($"{name}.{width}"));

    private static string[] PathOf(string name) => ["tests", "CarbonScaling.Cli.Tests", "Snapshots", $"{name}.approved.txt"];
}
