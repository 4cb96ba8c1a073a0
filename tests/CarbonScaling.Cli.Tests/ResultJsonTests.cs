using System.Text;
using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Testing;

namespace CarbonScaling.Cli.Tests;

/// <summary>The JSON of results made by hand, approved as a whole.</summary>
public sealed class ResultJsonTests
{
    [Fact]
    public void An_estimate() => Approve("Estimate", new EstimateReport(Samples.Estimate with { Memory = Samples.Estimate.Memory with { Stages = [Samples.Estimate.Memory.Stages[0]] } }));

    [Fact]
    public void A_search_that_found_nothing() => Approve("NoPlan", new PlanReport(Samples.NoPlan));

    [Fact]
    public void An_explanation() => Approve("Explanation", new ExplanationReport(Samples.Derivation, Catalog.OpenEmbedded(), 0));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_refused(double number)
    {
        using MemoryStream stream = new();
        Estimate estimate = Samples.Estimate with { Step = Samples.Estimate.Step with { Seconds = number } };
        Assert.ThrowsAny<ArgumentException>(() => ResultJson.Write(stream, estimate));
        Assert.ThrowsAny<ArgumentException>(() => ResultJson.Write(stream, Samples.Estimate with { Intervals = new(0.9, new Dictionary<string, (double, double)> { ["a"] = (0, number) }) }));
    }

    [Fact]
    public void A_stream_gets_the_same_as_a_writer()
    {
        using MemoryStream stream = new();
        ResultJson.Write(stream, Samples.Plan);
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        using JsonDocument indented = JsonDocument.Parse(ReportText.Json(new PlanReport(Samples.Plan)));
        Assert.True(JsonElement.DeepEquals(document.RootElement, indented.RootElement));
    }

    [Fact]
    public void Every_reference_of_an_explanation_leads_to_a_step_above_it()
    {
        CliResult result = Cli.Run("explain", Cli.Example("bloom-176b.yaml"), "--figure", "energy.itKwh", "--format", "json");
        using JsonDocument document = JsonDocument.Parse(result.Output);
        HashSet<int> known = [];
        int references = Check(document.RootElement.GetProperty("root"), known);
        Assert.True(references > 0);
        Assert.Equal("energy.itKwh", document.RootElement.GetProperty("root").GetProperty("label").GetString());
        Assert.Equal("kWh", document.RootElement.GetProperty("root").GetProperty("unit").GetString());
        Assert.NotEmpty(document.RootElement.GetProperty("sources").EnumerateObject());
        double[] elasticities =
        [
            .. document.RootElement.GetProperty("sensitivities").EnumerateArray().Select(each => Math.Abs(each.GetProperty("elasticity").GetDouble())),
        ];
        Assert.Equal(elasticities.OrderDescending(), elasticities);
    }

    [Fact]
    public void Every_figure_can_be_explained()
    {
        foreach (string figure in Estimator.Figures)
        {
            CliResult result = Cli.Run("explain", Cli.Example("bloom-176b.yaml"), "--figure", figure, "--depth", "1");
            Assert.True(result.ExitCode == 0, $"{figure}: {result.Error}");
            Assert.StartsWith($"{figure} = ", result.Output, StringComparison.Ordinal);
        }
    }

    private static int Check(JsonElement node, HashSet<int> known)
    {
        if (node.TryGetProperty("ref", out JsonElement reference))
        {
            Assert.Contains(reference.GetInt32(), known);
            return 1;
        }

        known.Add(node.GetProperty("id").GetInt32());
        bool isInput = node.GetProperty("input").ValueKind == JsonValueKind.Object;
        Assert.True(!isInput || node.GetProperty("inputs").GetArrayLength() == 0);
        return node.GetProperty("inputs").EnumerateArray().Sum(input => Check(input, known));
    }

    private static void Approve(string name, IReport report) =>
        Snapshot.Matches(ReportText.Json(report), "tests", "CarbonScaling.Cli.Tests", "Snapshots", $"{name}.approved.json");
}
