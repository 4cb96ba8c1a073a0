using System.Text.Json;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>The arguments that launch a plan.</summary>
internal sealed class ExportReport(LaunchExport export, PlanResult? search) : IReport
{
    /// <summary>Where the plan comes from, in a sentence.</summary>
    public string Origin => search is null
        ? "the scenario's own"
        : $"the best of {Human.Number(search.Search.Feasible)} that meet every limit, by {search.Objective}; the scenario leaves open {string.Join(", ", export.Open)}";

    /// <summary>A script's part: what has no argument in comments, then the arguments, one a line.</summary>
    public string Script => string.Concat(
        Comments().Select(static line => $"# {OneLine.Of(line)}\n")) + string.Join(" \\\n", export.Arguments) + '\n';

    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => console.Profile.Out.Writer.Write(Script);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ResultJson.Write(writer, export);

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("argument", "value");
        foreach (string argument in export.Arguments)
        {
            string[] parts = argument.Split(' ', 2);
            table.Add(parts[0], parts.Length > 1 ? parts[1].Trim('"') : "");
        }

        return table;
    }

    private IEnumerable<string> Comments()
    {
        yield return $"{export.Model} on {Human.Number(export.Devices)} devices, a process each: {PlanNotation.Whole(export.Plan)}";
        yield return $"Plan: {Origin}.";
        yield return "Data, tokenizer, learning rate and checkpoints are not part of a plan.";
        foreach (string missing in export.Missing)
        {
            yield return $"No argument: {missing}.";
        }
    }
}
