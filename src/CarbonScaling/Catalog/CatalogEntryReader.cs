using System.Text.Json;
using CarbonScaling.Units;

namespace CarbonScaling.Catalogs;

/// <summary>Reads the JSON of one entry and refuses a figure that cannot be traced to a source.</summary>
internal static class CatalogEntryReader
{
    public static CatalogEntry Read(string kind, string id, ReadOnlyMemory<byte> content, Predicate<string> isSource)
    {
        using var document = JsonDocument.Parse(content);
        var root = document.RootElement;

        var attributes = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in root.GetProperty("attributes").EnumerateObject())
        {
            attributes.Add(attribute.Name, attribute.Value.GetString()!);
        }

        var figures = new OrderedDictionary<string, Figure>(StringComparer.Ordinal);
        var notes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in root.GetProperty("figures").EnumerateObject())
        {
            var figure = ReadFigure($"{id}.{property.Name}", property.Value);
            if (!isSource(figure.Source))
            {
                var why = figure.Source.Length == 0 ? "no source" : $"the unknown source '{figure.Source}'";
                throw new CatalogException($"{kind}/{id}: the figure '{property.Name}' has {why}");
            }

            figures.Add(property.Name, figure);
            if (Text(property.Value, "n") is { } note)
            {
                notes.Add(property.Name, note);
            }
        }

        var sections = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (root.TryGetProperty("sections", out var written))
        {
            foreach (var section in written.EnumerateObject())
            {
                sections.Add(section.Name, section.Value.Clone());
            }
        }

        return new CatalogEntry(kind, id, root.GetProperty("name").GetString()!, Text(root, "notes"), attributes, figures, notes, sections);
    }

    private static Figure ReadFigure(string name, JsonElement figure) => new(
        name,
        figure.GetProperty("v").GetDouble(),
        figure.GetProperty("u").GetString()!,
        Text(figure, "s") ?? "",
        ReadStatus(name, Text(figure, "st")),
        figure.TryGetProperty("sp", out var spread) ? spread.GetDouble() : 0);

    private static FigureStatus ReadStatus(string name, string? status) => status switch
    {
        "seen" => FigureStatus.Seen,
        "computed" => FigureStatus.Computed,
        "recalled" => FigureStatus.Recalled,
        "projected" => FigureStatus.Projected,
        "assumed" => FigureStatus.Assumed,
        _ => throw new CatalogException($"{name} has the unknown status '{status}'"),
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
