using System.Globalization;
using System.Text.Json.Nodes;
using CarbonScaling.Scenarios;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Testing;
using NJsonSchema;

namespace CarbonScaling.Tests.Scenarios;

public class ScenarioSchemaTests
{
    private static readonly string SchemaText = File.ReadAllText(Repository.PathOf("data", "schema", "scenario.schema.json"));

    public static TheoryData<string> Valid =>
    [
        Example.Full,
        Example.Small,
        Example.Inline,
        Example.Phased,
        Example.Phased.Replace("  tokens: 300G\n", "", StringComparison.Ordinal),
        Example.Mixture,
        "{ training: { compute: 3.8e25, law: besiroglu-2024 }, cluster: { system: a, devices: [8, 64] }, site: { carbonIntensity: 380 } }",
        "{ training: { targetLoss: 1.9, tokens: null }, cluster: { system: a, devices: 8 }, site: { hourly: FILE.csv } }",
        Example.Small + "\nobjective: { carbon: 0.7, time: 0.3 }\nplan: { recompute: { modules: [attention, norm, mlp] }, offload: [weights] }",
        Example.Small + "\nobjective: cost\nplan: { recompute: { layers: 3 }, schedule: dualpipe, sharding: hsdp, shardGroup: 8 }",
    ];

    public static TheoryData<string> Invalid =>
    [
        Example.Small + "\nplans: {}",
        Example.Small + "\nplan: { tensr: 8 }",
        Example.Small + "\nplan: { tensor: 0 }",
        Example.Small + "\nplan: { tensor: eight }",
        Example.Small + "\nplan: { schedule: best }",
        Example.Small + "\nplan: { recompute: { modules: [mlp, mlp] } }",
        Example.Small + "\nplan: { recompute: { layers: 2, modules: [mlp] } }",
        Example.Small + "\nplan: { recompute: { modules: [] } }",
        Example.Small + "\nplan: { offload: [none, weights] }",
        Example.Small + "\nsoftware: { overlap: { data: perhaps } }",
        "{ model: a, training: { tokens: 1T, phases: [{ sequenceLength: 8 }] }, cluster: { system: a, devices: 8 }, site: { grid: fr } }",
        "{ model: a, training: { phases: [] }, cluster: { system: a, devices: 8 }, site: { grid: fr } }",
        "{ model: a, training: { tokens: 1T, routing: { imbalance: 0.5 } }, cluster: { system: a, devices: 8 }, site: { grid: fr } }",
        "{ model: a, training: { tokens: 1T }, cluster: { system: a, devices: 8, network: { contention: 2 } }, site: { grid: fr } }",
        Example.Small + "\nlimits: { days: -1 }",
        "{ training: { tokens: 1T }, cluster: { system: a, devices: 8 }, site: { grid: fr } }",
        "{ model: a, training: { tokens: 1T, compute: 1e25 }, cluster: { system: a, devices: 8 }, site: { grid: fr } }",
        "{ model: a, training: { tokens: 1T }, cluster: { system: a }, site: { grid: fr } }",
        "{ model: a, training: { tokens: 1T }, cluster: { system: a, devices: 8, pools: [{ system: a, devices: 8 }] }, site: { grid: fr } }",
        "{ model: a, training: { tokens: 1T }, cluster: { system: a, devices: 8 }, site: { grid: fr, carbonIntensity: 380 } }",
        "{ model: { layers: 2 }, training: { tokens: 1T }, cluster: { system: a, devices: 8 }, site: { grid: fr } }",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task A_scenario_of_the_format_is_valid(string text)
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaText, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Json(text)));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task A_wrong_scenario_is_invalid_for_the_schema_and_the_reader(string text)
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaText, TestContext.Current.CancellationToken);
        Assert.NotEmpty(schema.Validate(Json(text)));
        Assert.False(Example.Read(text).IsValid);
    }

    [Fact]
    public void Schema_and_reader_know_the_same_fields()
    {
        var schema = JsonNode.Parse(SchemaText)!;
        var inSchema = new HashSet<string>(StringComparer.Ordinal);
        Collect(schema, "", schema, inSchema);

        // What stands inside values of more than one form does so wherever a plan does.
        inSchema.RemoveWhere(path => path.StartsWith("training.phases.plan.recompute.", StringComparison.Ordinal));

        Assert.Equal(
            inSchema.Order(StringComparer.Ordinal),
            FieldsOfTheReader().Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> FieldsOfTheReader()
    {
        string[] texts = [Example.Full, Example.Small + "\nobjective: { time: 1 }", Example.Inline, Example.Phased];
        foreach (var text in texts)
        {
            var context = new ReadingContext();
            var root = NodeReader.ReadMap(text, new("job.yaml", 1), context.Problems);
            Scenario.Read(new FieldMap(root!, context));
            foreach (var path in context.Known)
            {
                if (!path.StartsWith("training.phases[1].plan.recompute.", StringComparison.Ordinal))
                {
                    yield return path.Replace("[0]", "", StringComparison.Ordinal).Replace("[1]", "", StringComparison.Ordinal);
                }
            }
        }
    }

    private static void Collect(JsonNode node, string path, JsonNode schema, HashSet<string> paths)
    {
        if ((string?)node["$ref"] is { } reference)
        {
            Collect(schema["definitions"]![reference["#/definitions/".Length..]]!, path, schema, paths);
        }

        foreach (var (name, property) in node["properties"] as JsonObject ?? [])
        {
            var child = path.Length == 0 ? name : $"{path}.{name}";
            paths.Add(child);
            Collect(property!, child, schema, paths);
        }

        if (node["items"] is { } items)
        {
            Collect(items, path, schema, paths);
        }

        foreach (var part in new[] { "anyOf", "allOf" }.SelectMany(name => node[name] as JsonArray ?? []))
        {
            Collect(part!, path, schema, paths);
        }
    }

    /// <summary>A scenario text as the JSON that a YAML parser makes of it.</summary>
    private static string Json(string text)
    {
        var problems = new ProblemList();
        var root = NodeReader.ReadMap(text, new("job.yaml", 1), problems);
        Assert.False(problems.Any);
        return Json(root!)!.ToJsonString();
    }

    private static JsonNode? Json(Node node) => node switch
    {
        { IsNull: true } => null,
        MapNode map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Name, Json(entry.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { Text: "true" } => true,
        ScalarNode { Text: "false" } => false,
        ScalarNode { Text: var text } when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        ScalarNode { Text: var text } when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        ScalarNode { Text: var text } => text,
        _ => null,
    };
}
