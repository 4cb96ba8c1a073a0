using CarbonScaling.Cli.Reports;

namespace CarbonScaling.Cli.Tests;

/// <summary>Tables: one header, rows of equal length, cells that survive commas and quotes.</summary>
public sealed class CsvTests
{
    [Fact]
    public void An_estimate_is_one_row_of_dotted_columns()
    {
        string[] lines = Lines(new EstimateReport(Samples.Estimate).ToCsv().ToString());
        Assert.Equal(2, lines.Length);
        Dictionary<string, string> cells = new(lines[0].Split(',').Zip(Cells(lines[1]), KeyValuePair.Create));
        Assert.Equal("405900000000", cells["model.parameters"]);
        Assert.Equal("6", cells["step.seconds"]);
        Assert.Equal("4.7", cells["intervals.step.seconds.low"]);
        Assert.Equal("true", cells["plan.sequenceParallel"]);
        Assert.Equal("", cells["cost"]);
        Assert.Equal(Samples.Estimate.Warnings[0], cells["warnings"]);
        Assert.DoesNotContain(cells.Keys, column => column.StartsWith("memory.stages", StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_is_a_row_for_each_plan()
    {
        string[] lines = Lines(new PlanReport(Samples.Plan).ToCsv().ToString());
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("rank,schema,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2,carbonscaling/estimate/1,", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(Cells(lines[0]).Count, Cells(line).Count));
    }

    [Fact]
    public void An_explanation_is_a_row_for_each_step()
    {
        CliResult result = Cli.Run("explain", Cli.Example("7b-8gpu.yaml"), "--figure", "memory.totalBytes", "--format", "csv");
        string[] lines = Lines(result.Output);
        Assert.Equal("id,usedBy,label,value,unit,equation,formula,reference,source,status,spread", lines[0]);
        Assert.True(lines.Length > 20);
        Assert.All(lines, line => Assert.Equal(11, Cells(line).Count));
    }

    [Theory]
    [InlineData("kind,entries", "catalog")]
    [InlineData("kind,id,name", "catalog", "grids")]
    [InlineData("kind,id,figure,value,unit,source,status,spread,note", "catalog", "grids", "fr")]
    public void The_catalog_is_rows(string header, params string[] args)
    {
        string[] lines = Lines(Cli.Run([.. args, "--format", "csv"]).Output);
        Assert.Equal(header, lines[0]);
        Assert.All(lines, line => Assert.Equal(header.Split(',').Length, Cells(line).Count));
        Assert.True(lines.Length > 1);
    }

    [Fact]
    public void Cells_are_quoted_where_they_must_be()
    {
        CsvTable table = new("a", "b");
        table.Add("x,y", "say \"no\"\nthen go");
        KeyValuePair<string, string>[] named = [new("b", "plain"), new("c", "more")];
        table.Add(named);
        Assert.Equal("a,b,c\n\"x,y\",\"say \"\"no\"\"\nthen go\",\n,plain,more\n", table.ToString());
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // Enough for rows without line ends in their cells.
    private static List<string> Cells(string line)
    {
        List<string> cells = [""];
        bool quoted = false;
        foreach (char letter in line)
        {
            if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == ',' && !quoted)
            {
                cells.Add("");
            }
            else
            {
                cells[^1] += letter;
            }
        }

        return cells;
    }
}
