using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonScaling.Planning.Json;

namespace CarbonScaling.Tracking;

/// <summary>Writes what tracking found as JSON, with the field names that other programs rely on.</summary>
public static class TrackJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter writer, Track track) => JsonSerializer.Serialize(writer, track, TrackJsonContext.Default.Track);
}

/// <summary>The form of the result, made at build so that nothing is reflected on.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(IntervalsJsonConverter)])]
[JsonSerializable(typeof(Track))]
internal sealed partial class TrackJsonContext : JsonSerializerContext;
