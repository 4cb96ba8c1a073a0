using System.Text.Json;
using System.Text.Json.Nodes;

namespace CarbonScaling.CatalogCompiler;

/// <summary>Reads of JSON that give null where the type is another one: the schema has reported that already.</summary>
internal static class Json
{
    public static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    public static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;
}
