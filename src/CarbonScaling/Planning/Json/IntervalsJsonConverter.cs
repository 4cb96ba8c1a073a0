using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonScaling.Planning.Json;

/// <summary>Intervals as one map: <c>{"level": 0.9, "step.seconds": [low, high], …}</c>.</summary>
internal sealed class IntervalsJsonConverter : JsonConverter<EstimatedIntervals>
{
    private const string Level = "level";

    /// <inheritdoc/>
    public override EstimatedIntervals Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        Dictionary<string, (double Low, double High)> ranges = new(StringComparer.Ordinal);
        foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => property.Name != Level))
        {
            ranges.Add(property.Name, (property.Value[0].GetDouble(), property.Value[1].GetDouble()));
        }

        return new(document.RootElement.GetProperty(Level).GetDouble(), ranges);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EstimatedIntervals value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Level, value.Level);
        foreach ((string figure, (double low, double high)) in value.Ranges)
        {
            writer.WriteStartArray(figure);
            writer.WriteNumberValue(low);
            writer.WriteNumberValue(high);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
