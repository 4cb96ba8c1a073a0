using System.Text.Json.Serialization;

namespace CarbonScaling.Planning.Json;

/// <summary>The form of the results, made at build so that nothing is reflected on.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(IntervalsJsonConverter)])]
[JsonSerializable(typeof(Estimate))]
[JsonSerializable(typeof(PlanResult))]
[JsonSerializable(typeof(LaunchExport))]
internal sealed partial class ResultJsonContext : JsonSerializerContext;
