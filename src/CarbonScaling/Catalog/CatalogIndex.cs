using System.Collections.Frozen;

namespace CarbonScaling.Catalogs;

/// <summary>Where each entry lies in a compiled catalog. The catalog compiler in <c>eng/</c> writes the layout.</summary>
internal sealed class CatalogIndex
{
    /// <summary>The kind under which sources are stored; not a kind of entry.</summary>
    public const string SourcesKind = "sources";

    private readonly ReadOnlyMemory<byte> _contents;
    private readonly FrozenDictionary<(string Kind, string Id), Range> _ranges;
    private readonly FrozenDictionary<string, string[]> _ids;

    private CatalogIndex(ReadOnlyMemory<byte> contents, List<(string Kind, string Id, Range Range)> entries)
    {
        _contents = contents;
        _ranges = entries.ToFrozenDictionary(entry => (entry.Kind, entry.Id), entry => entry.Range);
        _ids = entries
            .Where(entry => entry.Kind != SourcesKind)
            .GroupBy(entry => entry.Kind, entry => entry.Id, StringComparer.Ordinal)
            .ToFrozenDictionary(kind => kind.Key, kind => kind.ToArray(), StringComparer.Ordinal);
        Kinds = [.. _ids.Keys.Order(StringComparer.Ordinal)];
        SourceKeys = [.. entries.Where(entry => entry.Kind == SourcesKind).Select(entry => entry.Id)];
    }

    private static ReadOnlySpan<byte> Mark => "CSCATLG1"u8;

    public IReadOnlyList<string> Kinds { get; }

    public IReadOnlyList<string> SourceKeys { get; }

    public static CatalogIndex Read(byte[] blob)
    {
        if (!blob.AsSpan().StartsWith(Mark))
        {
            throw new CatalogException("this is no compiled catalog, or one of another version");
        }

        try
        {
            return ReadAfterMark(blob);
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException)
        {
            throw new CatalogException("the compiled catalog is damaged", exception);
        }
    }

    /// <summary>The ids of a kind in alphabetical order, or null.</summary>
    public IReadOnlyList<string>? Ids(string kind) => _ids.GetValueOrDefault(kind);

    /// <summary>Whether there is such an entry or source.</summary>
    public bool Contains(string kind, string id) => _ranges.ContainsKey((kind, id));

    /// <summary>The JSON of an entry or source, if there is one.</summary>
    public bool TryContent(string kind, string id, out ReadOnlyMemory<byte> content)
    {
        var found = _ranges.TryGetValue((kind, id), out var range);
        content = found ? _contents[range] : default;
        return found;
    }

    private static CatalogIndex ReadAfterMark(byte[] blob)
    {
        using var stream = new MemoryStream(blob);
        using var reader = new BinaryReader(stream);
        stream.Position = Mark.Length;

        var count = reader.ReadInt32();
        var entries = new List<(string Kind, string Id, Range Range)>();
        for (var i = 0; i < count; i++)
        {
            var kind = reader.ReadString();
            var id = reader.ReadString();
            var offset = reader.ReadInt32();
            var length = reader.ReadInt32();
            entries.Add((kind, id, offset..(offset + length)));
        }

        var contents = blob.AsMemory((int)stream.Position);
        foreach (var (_, _, range) in entries)
        {
            _ = contents[range];
        }

        return new CatalogIndex(contents, entries);
    }
}
