using System.Globalization;
using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>How a figure came about.</summary>
internal sealed class ExplanationReport(Derivation derivation, Catalog catalog, int depth) : IReport
{
    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => ExplanationText.Write(console, derivation, catalog, depth);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ResultJson.Write(writer, derivation, catalog);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("id", "usedBy", "label", "value", "unit", "equation", "formula", "reference", "source", "status", "spread");
        DerivationSteps steps = new(derivation);
        foreach (DerivationNode node in steps.All)
        {
            table.Add(
                steps.Number(node).ToString(CultureInfo.InvariantCulture),
                string.Join(' ', steps.Users(node)),
                node.Label,
                node.Value.ToString("R", CultureInfo.InvariantCulture),
                node.Unit,
                node.Equation?.Id,
                node.Equation?.Formula,
                node.Equation?.Reference,
                node.Input?.Source,
                node.Input is { } input ? FigureWords.Of(input.Status) : null,
                node.Input?.Spread.ToString("R", CultureInfo.InvariantCulture));
        }

        return table;
    }
}
