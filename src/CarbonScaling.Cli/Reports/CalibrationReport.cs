using System.Globalization;
using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Training;
using CarbonScaling.Validation.Calibration;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>A calibration: what was fitted to what, and how well it does.</summary>
internal sealed class CalibrationReport(CalibrationOutcome outcome) : IReport
{
    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => CalibrationText.Write(console, outcome);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => CalibrationJson.Write(writer, outcome);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("id", "by", "multiplier", "spread", "priorSpread", "ratio", "determined", "figures");
        foreach (FittedParameter parameter in outcome.Set.Parameters)
        {
            table.Add(
                parameter.Id,
                parameter.Index,
                Number(parameter.Multiplier),
                Number(parameter.Spread),
                Number(parameter.PriorSpread),
                Number(parameter.SpreadRatio),
                parameter.IsDetermined ? "true" : "false",
                string.Join(' ', parameter.Figures));
        }

        return table;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
