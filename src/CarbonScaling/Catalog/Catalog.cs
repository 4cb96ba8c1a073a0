using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CarbonScaling.Catalogs;

/// <summary>Models, accelerators, grids and whatever else the library knows, each figure with its source.</summary>
/// <remarks>Opening reads an index only; an entry is read when it is asked for. Safe to share between threads.</remarks>
public sealed class Catalog
{
    private const string EmbeddedName = "CarbonScaling.catalog.bin";

    private readonly CatalogIndex _index;

    private Catalog(CatalogIndex index) => _index = index;

    /// <summary>The kinds of entry, in alphabetical order.</summary>
    public IReadOnlyList<string> Kinds => _index.Kinds;

    /// <summary>The keys of all sources, in alphabetical order.</summary>
    public IReadOnlyList<string> Sources => _index.SourceKeys;

    /// <summary>Opens the catalog that the library carries.</summary>
    public static Catalog OpenEmbedded()
    {
        using var stream = typeof(Catalog).Assembly.GetManifestResourceStream(EmbeddedName)
            ?? throw new CatalogException($"the library carries no {EmbeddedName}");
        return Open(stream);
    }

    /// <summary>Opens a compiled catalog.</summary>
    /// <exception cref="CatalogException">The stream holds none.</exception>
    public static Catalog Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return new Catalog(CatalogIndex.Read(copy.ToArray()));
    }

    /// <summary>The ids of a kind, in alphabetical order.</summary>
    /// <exception cref="CatalogException">There is no such kind.</exception>
    public IReadOnlyList<string> Ids(string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return _index.Ids(kind) ?? throw new CatalogException($"the catalog has no kind '{kind}'{NearestName.Hint(kind, Kinds)}");
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="CatalogException">There is no such entry (the message names the nearest), or one of its figures has no source.</exception>
    public CatalogEntry Find(string kind, string id) =>
        TryFind(kind, id, out var entry) ? entry : throw new CatalogException($"{kind} has no '{id}'{NearestName.Hint(id, Ids(kind))}");

    /// <summary>Reads an entry if there is one.</summary>
    /// <exception cref="CatalogException">There is no such kind, or a figure of the entry has no source.</exception>
    public bool TryFind(string kind, string id, [NotNullWhen(true)] out CatalogEntry? entry)
    {
        ArgumentNullException.ThrowIfNull(id);
        _ = Ids(kind);
        entry = _index.TryContent(kind, id, out var content) ? CatalogEntryReader.Read(kind, id, content, IsSource) : null;
        return entry is not null;
    }

    /// <summary>Reads a source.</summary>
    /// <exception cref="CatalogException">There is no such source; the message names the nearest.</exception>
    public CatalogSource Source(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_index.TryContent(CatalogIndex.SourcesKind, key, out var content))
        {
            throw new CatalogException($"the catalog has no source '{key}'{NearestName.Hint(key, Sources)}");
        }

        using var document = JsonDocument.Parse(content);
        var root = document.RootElement;
        return new CatalogSource(
            key,
            root.GetProperty("title").GetString()!,
            root.GetProperty("where").GetString()!,
            root.GetProperty("licence").GetString()!,
            root.TryGetProperty("note", out var note) ? note.GetString() : null);
    }

    private bool IsSource(string key) => _index.Contains(CatalogIndex.SourcesKind, key);
}
