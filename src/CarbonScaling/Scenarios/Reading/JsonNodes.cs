using System.Text.Json;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>Gives JSON that the catalog holds the form in which files are read.</summary>
internal static class JsonNodes
{
    /// <summary>A value.</summary>
    /// <param name="json">The value.</param>
    /// <param name="place">What messages call its place.</param>
    public static Node Of(JsonElement json, Place place)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                MapNode map = new(place);
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    map.Add(property.Name, place, Of(property.Value, place));
                }

                return map;
            case JsonValueKind.Array:
                ListNode list = new(place);
                list.Items.AddRange(json.EnumerateArray().Select(item => Of(item, place)));
                return list;
            case JsonValueKind.String:
                return new ScalarNode(place, json.GetString()!, quoted: true);
            default:
                return new ScalarNode(place, json.GetRawText(), quoted: false);
        }
    }
}
