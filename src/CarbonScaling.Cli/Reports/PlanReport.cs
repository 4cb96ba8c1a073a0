using System.Globalization;
using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>What a search found.</summary>
internal sealed class PlanReport(PlanResult result) : IReport
{
    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => PlanText.Write(console, result);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ResultJson.Write(writer, result);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("rank");
        for (int i = 0; i < result.Plans.Count; i++)
        {
            string rank = (i + 1).ToString(CultureInfo.InvariantCulture);
            foreach (IEnumerable<KeyValuePair<string, string>> row in new EstimateReport(result.Plans[i]).Rows)
            {
                table.Add([new("rank", rank), .. row]);
            }
        }

        return table;
    }
}
