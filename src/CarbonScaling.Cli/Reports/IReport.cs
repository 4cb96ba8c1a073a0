using System.Text.Json;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>A result in each of its forms.</summary>
internal interface IReport
{
    /// <summary>Writes it for people.</summary>
    void WriteText(IAnsiConsole console);

    /// <summary>Writes it for programs.</summary>
    void WriteJson(Utf8JsonWriter writer);

    /// <summary>Writes it as a table.</summary>
    CsvTable ToCsv();
}
