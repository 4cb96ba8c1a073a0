using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>What training takes with one plan.</summary>
internal sealed class EstimateReport(Estimate estimate) : IReport
{
    /// <summary>Lists whose length differs from plan to plan, and so are no columns.</summary>
    private const string Stages = "memory.stages";

    /// <summary>The figures as cells of one row.</summary>
    public IEnumerable<KeyValuePair<string, string>> Cells => FlatJson.Of(ReportText.Json(this), Stages);

    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => EstimateText.Write(console, estimate);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ResultJson.Write(writer, estimate);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new();
        table.Add(Cells);
        return table;
    }
}
