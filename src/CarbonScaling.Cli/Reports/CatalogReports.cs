using System.Globalization;
using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Units;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>The kinds of the catalog.</summary>
internal sealed class CatalogKindsReport(Catalog catalog) : IReport
{
    /// <summary>The form of the catalog's documents.</summary>
    public const string Schema = "carbonscaling/catalog/1";

    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => CatalogText.WriteKinds(console, catalog);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", Schema);
        writer.WriteStartArray("kinds");
        foreach (string kind in catalog.Kinds)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            writer.WriteNumber("entries", catalog.Ids(kind).Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("kind", "entries");
        foreach (string kind in catalog.Kinds)
        {
            table.Add(kind, catalog.Ids(kind).Count.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }
}

/// <summary>The ids and names of a kind.</summary>
internal sealed class CatalogIdsReport : IReport
{
    private readonly Catalog _catalog;
    private readonly string _kind;

    /// <summary>Makes the report.</summary>
    /// <exception cref="CatalogException">There is no such kind.</exception>
    public CatalogIdsReport(Catalog catalog, string kind)
    {
        _catalog = catalog;
        _kind = kind;
        Entries = [.. catalog.Ids(kind).Select(id => catalog.Find(kind, id))];
    }

    private IReadOnlyList<CatalogEntry> Entries { get; }

    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => CatalogText.WriteIds(console, _catalog, _kind);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", CatalogKindsReport.Schema);
        writer.WriteString("kind", _kind);
        writer.WriteStartArray("entries");
        foreach (CatalogEntry entry in Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("id", entry.Id);
            writer.WriteString("name", entry.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("kind", "id", "name");
        foreach (CatalogEntry entry in Entries)
        {
            table.Add(_kind, entry.Id, entry.Name);
        }

        return table;
    }
}

/// <summary>An entry with its figures.</summary>
internal sealed class CatalogEntryReport(Catalog catalog, CatalogEntry entry) : IReport
{
    /// <inheritdoc/>
    public void WriteText(IAnsiConsole console) => CatalogText.WriteEntry(console, catalog, entry);

    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", CatalogKindsReport.Schema);
        writer.WriteString("kind", entry.Kind);
        writer.WriteString("id", entry.Id);
        writer.WriteString("name", entry.Name);
        writer.WriteString("notes", entry.Notes);
        writer.WriteStartObject("attributes");
        foreach ((string name, string value) in entry.Attributes)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("figures");
        foreach ((string name, Figure figure) in entry.Figures)
        {
            WriteFigure(writer, name, figure);
        }

        writer.WriteEndObject();
        WriteSources(writer);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public CsvTable ToCsv()
    {
        CsvTable table = new("kind", "id", "figure", "value", "unit", "source", "status", "spread", "note");
        foreach ((string name, Figure figure) in entry.Figures)
        {
            table.Add(
                entry.Kind,
                entry.Id,
                name,
                figure.Value.ToString("R", CultureInfo.InvariantCulture),
                figure.Unit,
                figure.Source,
                FigureWords.Of(figure.Status),
                figure.Spread.ToString("R", CultureInfo.InvariantCulture),
                entry.FigureNote(name));
        }

        return table;
    }

    private void WriteFigure(Utf8JsonWriter writer, string name, in Figure figure)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("value", figure.Value);
        writer.WriteString("unit", figure.Unit);
        writer.WriteString("source", figure.Source);
        writer.WriteString("status", FigureWords.Of(figure.Status));
        writer.WriteNumber("spread", figure.Spread);
        writer.WriteString("note", entry.FigureNote(name));
        writer.WriteEndObject();
    }

    private void WriteSources(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("sources");
        foreach (string key in entry.Figures.Values.Select(static figure => figure.Source).Distinct().Order(StringComparer.Ordinal))
        {
            CatalogSource source = catalog.Source(key);
            writer.WriteStartObject(key);
            writer.WriteString("title", source.Title);
            writer.WriteString("where", source.Where);
            writer.WriteString("licence", source.Licence);
            writer.WriteString("note", source.Note);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
