using System.Text.Json;

namespace CarbonScaling.Cli.Reports;

/// <summary>The values of a JSON document by dotted paths: the columns of a table.</summary>
internal static class FlatJson
{
    private const string Separator = " | ";

    /// <summary>
    /// The values. A pair of numbers becomes <c>.low</c> and <c>.high</c>, other lists one text; the paths in
    /// <paramref name="without"/> are left out.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(string json, params string[] without)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Of(document.RootElement, without);
    }

    /// <summary>The same of a part of a document.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(JsonElement element, params string[] without)
    {
        List<KeyValuePair<string, string>> values = [];
        Collect("", element, without, values);
        return values;
    }

    private static void Collect(string path, JsonElement element, string[] without, List<KeyValuePair<string, string>> values)
    {
        if (without.Contains(path))
        {
            return;
        }

        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                Collect(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value, without, values);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array && IsInterval(element))
        {
            values.Add(new(path + ".low", element[0].GetRawText()));
            values.Add(new(path + ".high", element[1].GetRawText()));
        }
        else
        {
            values.Add(new(path, TextOf(element)));
        }
    }

    private static bool IsInterval(JsonElement array) =>
        array.GetArrayLength() == 2 && array.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.Number);

    private static string TextOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Array => string.Join(Separator, element.EnumerateArray().Select(TextOf)),
        JsonValueKind.Object => string.Join(' ', element.EnumerateObject().Select(static property => $"{property.Name}={TextOf(property.Value)}")),
        _ => element.GetRawText(),
    };
}
