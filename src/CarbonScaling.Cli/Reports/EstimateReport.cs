using System.Globalization;
using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>What training takes with one plan.</summary>
internal sealed class EstimateReport(Estimate estimate) : IReport
{
    /// <summary>The column that tells a phase or pool from the whole.</summary>
    private const string Part = "part";

    /// <summary>Lists whose length differs from plan to plan, and so are no columns.</summary>
    private static readonly string[] Lists = ["memory.stages", "phases", "pools"];

    /// <summary>Fields of a phase or pool that stand elsewhere in the whole.</summary>
    private static readonly Dictionary<string, string> Places = new(StringComparer.Ordinal)
    {
        ["tokens"] = "run.tokens",
        ["sequenceLength"] = "model.sequenceLength",
        ["globalBatchSequences"] = "plan.globalBatchSequences",
        ["system"] = "cluster.system",
        ["accelerator"] = "cluster.accelerator",
        ["devices"] = "cluster.devices",
        ["data"] = "plan.data",
        ["microBatches"] = "plan.microBatches",
    };

    /// <summary>The figures of the whole as cells of one row.</summary>
    public IEnumerable<KeyValuePair<string, string>> Cells => FlatJson.Of(ReportText.Json(this), Lists);

    /// <summary>The rows of a table: the whole, and then its phases and its pools where it has some.</summary>
    public IEnumerable<IEnumerable<KeyValuePair<string, string>>> Rows
    {
        get
        {
            if (estimate is { Phases: null, Pools: null })
            {
                yield return Cells;
                yield break;
            }

            yield return [new(Part, ""), .. Cells];
            using JsonDocument document = JsonDocument.Parse(ReportText.Json(this));
            foreach (string list in new[] { "phases", "pools" })
            {
                JsonElement items = document.RootElement.GetProperty(list);
                for (int i = 0; items.ValueKind == JsonValueKind.Array && i < items.GetArrayLength(); i++)
                {
                    string name = $"{list[..^1]} {(i + 1).ToString(CultureInfo.InvariantCulture)}";
                    yield return [new(Part, name), .. FlatJson.Of(items[i], Lists).Select(InPlace)];
                }
            }
        }
    }

    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => EstimateText.Write(console, estimate);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ResultJson.Write(writer, estimate);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new();
        foreach (IEnumerable<KeyValuePair<string, string>> row in Rows)
        {
            table.Add(row);
        }

        return table;
    }

    private static KeyValuePair<string, string> InPlace(KeyValuePair<string, string> cell) =>
        Places.TryGetValue(cell.Key, out string? place) ? new(place, cell.Value) : cell;
}
