using System.Text.Encodings.Web;
using System.Text.Json;

namespace CarbonScaling.CatalogCompiler;

/// <summary>
/// The compiled catalog: a mark, the number of entries, an index (kind, id, offset, length) in ordinal order, then each
/// entry as compact UTF-8 JSON. Integers are little-endian; texts carry their length in front. The library's
/// <c>Catalog</c> reads the same layout.
/// </summary>
public static class CatalogBlob
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names the layout and its version.</summary>
    public static ReadOnlySpan<byte> Mark => "CSCATLG1"u8;

    /// <summary>Gives the same bytes for the same entries, in whatever order they come.</summary>
    public static byte[] Write(IEnumerable<CatalogItem> entries)
    {
        var ordered = entries
            .OrderBy(entry => entry.Kind, StringComparer.Ordinal)
            .ThenBy(entry => entry.Id, StringComparer.Ordinal)
            .Select(entry => (entry.Kind, entry.Id, Content: JsonSerializer.SerializeToUtf8Bytes(entry.Content, Compact)))
            .ToList();

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Mark);
        writer.Write(ordered.Count);

        var offset = 0;
        foreach (var (kind, id, content) in ordered)
        {
            writer.Write(kind);
            writer.Write(id);
            writer.Write(offset);
            writer.Write(content.Length);
            offset += content.Length;
        }

        foreach (var (_, _, content) in ordered)
        {
            writer.Write(content);
        }

        return stream.ToArray();
    }
}
