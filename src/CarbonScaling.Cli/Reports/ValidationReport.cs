using System.Globalization;
using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Validation;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>The model against published measurements.</summary>
internal sealed class ValidationReport(ValidationOutcome result, bool allRows) : IReport
{
    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => ValidationText.Write(console, result, allRows);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ValidationJson.Write(writer, result);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("id", "source", "target", "unit", "method", "measured", "predicted", "low", "high", "error", "excluded", "detail", "table", "hardware");
        foreach (ValidatedRow row in result.Rows)
        {
            table.Add(
                row.Id,
                row.Source,
                row.Target,
                Validator.Units[row.Target],
                row.Method,
                Number(row.Measured),
                Number(row.Predicted),
                Number(row.Low),
                Number(row.High),
                Number(row.Error),
                row.Excluded,
                row.Detail,
                row.Table,
                row.Hardware);
        }

        return table;
    }

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
