using System.Text.Json;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Testing;

namespace CarbonScaling.Cli.Tests;

/// <summary>The published schemas describe exactly the fields that are written.</summary>
public sealed class ResultSchemaTests
{
    [Fact]
    public void An_estimate() => Check("estimate", new EstimateReport(Samples.Infeasible));

    [Fact]
    public void A_search() => Check("plan", new PlanReport(Samples.Plan));

    [Fact]
    public void A_search_that_found_nothing() => Check("plan", new PlanReport(Samples.NoPlan));

    [Fact]
    public void A_validation() => Check("validation", new ValidationReport(ValidateTests.Sample, allRows: false));

    [Fact]
    public void A_calibration() => Check("calibration-summary", new CalibrationReport(CalibrateTests.Sample));

    [Fact]
    public void A_profile() => Check("profile", new ProfileReport(OwnClusterTests.Sample));

    [Fact]
    public void A_tracked_job() => Check("track", new TrackReport(TrackTests.Sample));

    [Fact]
    public void An_export() => Check(
        "export",
        new ExportReport(
            new()
            {
                PlanFrom = "search",
                Open = ["plan.tensor"],
                Model = "sample-405b",
                Devices = 16_384,
                Plan = Samples.Estimate.Plan,
                Arguments = ["--num-layers 126"],
                Missing = ["the schedule gpipe"],
            },
            Samples.Plan));

    private static void Check(string schema, IReport report)
    {
        using JsonDocument result = JsonDocument.Parse(ReportText.Json(report));
        Schema root = Schema.Read($"{schema}.schema.json");
        root.Check("", result.RootElement);
    }

    /// <summary>As much of JSON Schema as these use.</summary>
    private sealed record Schema(JsonElement Document, JsonElement Node)
    {
        public static Schema Read(string file)
        {
            JsonElement document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("data", "schema", file))).RootElement;
            return new(document, document);
        }

        public void Check(string path, JsonElement value)
        {
            if (Node.TryGetProperty("$ref", out JsonElement reference))
            {
                Follow(reference.GetString()!).Check(path, value);
            }
            else if (Node.TryGetProperty("allOf", out JsonElement all))
            {
                (this with { Node = all[0] }).Check(path, value);
            }
            else if (Node.TryGetProperty("anyOf", out JsonElement any))
            {
                (this with { Node = any[value.ValueKind == JsonValueKind.Null ? 1 : 0] }).Check(path, value);
            }
            else
            {
                CheckValue(path, value);
            }
        }

        private void CheckValue(string path, JsonElement value)
        {
            if (Node.TryGetProperty("const", out JsonElement constant))
            {
                Assert.Equal(constant.GetString(), value.GetString());
                return;
            }

            JsonElement type = Node.GetProperty("type");
            string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(each => each.GetString()!)] : [type.GetString()!];
            Assert.True(types.Any(each => IsOf(each, value)), $"{path} is {value.ValueKind}, not {string.Join(" or ", types)}");
            if (value.ValueKind == JsonValueKind.Object)
            {
                CheckObject(path, value);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in value.EnumerateArray())
                {
                    (this with { Node = Node.GetProperty("items") }).Check(path + "[]", item);
                }
            }
        }

        private void CheckObject(string path, JsonElement value)
        {
            bool open = Node.TryGetProperty("additionalProperties", out JsonElement additional);
            Dictionary<string, JsonElement> known = Node.TryGetProperty("properties", out JsonElement properties)
                ? properties.EnumerateObject().ToDictionary(each => each.Name, each => each.Value)
                : [];
            Assert.True(open || known.Keys.SequenceEqual(value.EnumerateObject().Select(each => each.Name)), $"the fields of '{path}' differ");
            Assert.True(open || known.Keys.SequenceEqual(Node.GetProperty("required").EnumerateArray().Select(each => each.GetString()!)));
            foreach (JsonProperty property in value.EnumerateObject())
            {
                (this with { Node = known.GetValueOrDefault(property.Name, additional) }).Check($"{path}.{property.Name}", property.Value);
            }
        }

        private Schema Follow(string reference)
        {
            string[] parts = reference.Split('#');
            Schema found = parts[0].Length == 0 ? this with { Node = Document } : Read(parts[0]);
            foreach (string name in parts.Length < 2 ? [] : parts[1].Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                found = found with { Node = found.Node.GetProperty(name) };
            }

            return found;
        }

        private static bool IsOf(string type, JsonElement value) => type switch
        {
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "string" => value.ValueKind == JsonValueKind.String,
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Null,
        };
    }
}
