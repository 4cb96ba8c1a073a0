using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CarbonScaling.Units;

namespace CarbonScaling.Catalogs;

/// <summary>An entry of the catalog: words about a thing, and figures that each name their source.</summary>
public sealed class CatalogEntry
{
    private readonly OrderedDictionary<string, string> _attributes;
    private readonly OrderedDictionary<string, Figure> _figures;
    private readonly Dictionary<string, string> _figureNotes;
    private readonly Dictionary<string, JsonElement> _sections;

    internal CatalogEntry(
        string kind,
        string id,
        string name,
        string? notes,
        OrderedDictionary<string, string> attributes,
        OrderedDictionary<string, Figure> figures,
        Dictionary<string, string> figureNotes,
        Dictionary<string, JsonElement> sections)
    {
        Kind = kind;
        Id = id;
        Name = name;
        Notes = notes;
        _attributes = attributes;
        _figures = figures;
        _figureNotes = figureNotes;
        _sections = sections;
    }

    /// <summary>The kind, for example <c>accelerators</c>.</summary>
    public string Kind { get; }

    /// <summary>The id, unique within the kind.</summary>
    public string Id { get; }

    /// <summary>The name that people use.</summary>
    public string Name { get; }

    /// <summary>A remark, or null.</summary>
    public string? Notes { get; }

    /// <summary>The words, in the order of the file.</summary>
    public IReadOnlyDictionary<string, string> Attributes => _attributes;

    /// <summary>The figures by their names in the file (<c>peak.bf16</c>), in its order and in its units.</summary>
    public IReadOnlyDictionary<string, Figure> Figures => _figures;

    /// <summary>A word.</summary>
    /// <exception cref="CatalogException">The entry has none of this name.</exception>
    public string Attribute(string name) =>
        TryAttribute(name, out var value) ? value : throw Missing("attribute", name, _attributes.Keys);

    /// <summary>A word, if the entry has one of this name.</summary>
    public bool TryAttribute(string name, [NotNullWhen(true)] out string? value) => _attributes.TryGetValue(name, out value);

    /// <summary>A figure, in the unit of the file; its own name begins with the entry's id.</summary>
    /// <exception cref="CatalogException">The entry has none of this name.</exception>
    public Figure Figure(string name) =>
        TryFigure(name, out var figure) ? figure : throw Missing("figure", name, _figures.Keys);

    /// <summary>A figure, if the entry has one of this name.</summary>
    public bool TryFigure(string name, out Figure figure) => _figures.TryGetValue(name, out figure);

    /// <summary>The remark on a figure, or null.</summary>
    public string? FigureNote(string name) => _figureNotes.GetValueOrDefault(name);

    /// <summary>What only entries of this kind have beside words and figures, as its schema says.</summary>
    /// <exception cref="CatalogException">The entry has none of this name.</exception>
    internal JsonElement Section(string name) =>
        TrySection(name, out var section) ? section : throw Missing("section", name, _sections.Keys);

    /// <summary>A section, if the entry has one of this name.</summary>
    internal bool TrySection(string name, out JsonElement section) => _sections.TryGetValue(name, out section);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Id}";

    private CatalogException Missing(string what, string name, IEnumerable<string> known) =>
        new($"{this} has no {what} '{name}'{NearestName.Hint(name, known)}");
}
