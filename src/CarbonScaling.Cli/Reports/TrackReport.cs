using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Tracking;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>A running job against its prediction.</summary>
internal sealed class TrackReport(Track track) : IReport
{
    /// <summary>Lists whose length differs from call to call, and so are no columns.</summary>
    private static readonly string[] Lists = ["telemetry", "violations"];

    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => TrackText.Write(console, track);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => TrackJson.Write(writer, track);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new();
        table.Add(FlatJson.Of(ReportText.Json(this), Lists));
        return table;
    }
}
