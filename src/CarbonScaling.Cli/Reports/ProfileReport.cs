using System.Globalization;
using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Validation.Profiles;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>The model adapted to a cluster: what was measured, and what it moves.</summary>
internal sealed class ProfileReport(ClusterProfile profile) : IReport
{
    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => ProfileText.Write(console, profile);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ProfileDocument.Write(writer, profile);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("source", "figure", "measured", "before", "after");
        foreach (ProfileRecord record in profile.Records)
        {
            table.Add(record.Source, record.Figure, Number(record.Measured), Number(record.Before), Number(record.After));
        }

        return table;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
