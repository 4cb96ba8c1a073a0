using System.Text.Json.Nodes;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace CarbonScaling.CatalogCompiler;

/// <summary>The schema of one kind of entry, <c>data/schema/KIND.schema.json</c>.</summary>
public sealed class KindSchema
{
    private const string Suffix = ".schema.json";

    private readonly JsonSchema _schema;

    private KindSchema(string kind, JsonSchema schema, IReadOnlyDictionary<string, string> references)
    {
        Kind = kind;
        _schema = schema;
        References = references;
    }

    /// <summary>The kind, which is also the name of its folder.</summary>
    public string Kind { get; }

    /// <summary>Attributes that name an entry of another kind (<c>x-refersTo</c>).</summary>
    public IReadOnlyDictionary<string, string> References { get; }

    /// <summary>Reads the schema of <c>data/sources.yaml</c>.</summary>
    public static KindSchema ReadSources(string folder)
    {
        var path = Path.Combine(folder, "sources" + Suffix);
        return ReadFile("sources", path, JsonNode.Parse(File.ReadAllText(path))!);
    }

    /// <summary>Reads the schemas of entries, which are those that describe figures; the folder holds others too.</summary>
    public static IReadOnlyDictionary<string, KindSchema> ReadKinds(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Suffix)
            .Select(path => (Path: path, Kind: Path.GetFileName(path)[..^Suffix.Length], Schema: JsonNode.Parse(File.ReadAllText(path))!))
            .Where(file => file.Schema["properties"]?["figures"] is not null)
            .ToDictionary(file => file.Kind, file => ReadFile(file.Kind, file.Path, file.Schema), StringComparer.Ordinal);

    /// <summary>Reports everything in an entry that the schema does not allow.</summary>
    public void Check(string path, JsonNode entry, ProblemList problems)
    {
        foreach (var error in _schema.Validate(entry.ToJsonString()).SelectMany(Innermost))
        {
            var field = Field(error);
            var (problem, allowed) = Describe(error);
            problems.Add(path, field, problem, allowed);
        }
    }

    private static KindSchema ReadFile(string kind, string path, JsonNode schema)
    {
        var attributes = schema["properties"]?["attributes"]?["properties"] as JsonObject ?? [];
        var references = attributes
            .Where(attribute => attribute.Value?["x-refersTo"] is not null)
            .ToDictionary(attribute => attribute.Key, attribute => (string)attribute.Value!["x-refersTo"]!, StringComparer.Ordinal);
        return new KindSchema(kind, JsonSchema.FromFileAsync(path).GetAwaiter().GetResult(), references);
    }

    /// <summary>A combined rule fails with the errors of its parts: these say what is wrong.</summary>
    private static IEnumerable<ValidationError> Innermost(ValidationError error) => error switch
    {
        ChildSchemaValidationError child => child.Errors.Values.SelectMany(part => part).SelectMany(Innermost),
        // The validator also misses the fields of a text or number that should have been a mapping.
        { Kind: ValidationErrorKind.PropertyRequired, Token: not JObject } => [],
        _ => [error],
    };

    private static string Field(ValidationError error)
    {
        var path = error.Path?.TrimStart('#').TrimStart('/').Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal);
        return string.IsNullOrEmpty(path) ? "file" : path;
    }

    private static (string Problem, string? Allowed) Describe(ValidationError error)
    {
        var schema = error.Schema;
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => ("is missing", null),
            ValidationErrorKind.NoAdditionalPropertiesAllowed => ("is not a known field", Names(schema)),
            ValidationErrorKind.NotInEnumeration => ($"'{error.Token}' is not a known word", string.Join(", ", schema.Enumeration)),
            ValidationErrorKind.PatternMismatch => ($"'{error.Token}' has the wrong form", schema.Pattern),
            ValidationErrorKind.StringExpected => ("must be text (quote it)", schema.Enumeration.Count > 0 ? string.Join(", ", schema.Enumeration) : null),
            ValidationErrorKind.StringTooShort => ("is empty", null),
            ValidationErrorKind.NumberExpected => ("must be a number", null),
            ValidationErrorKind.ObjectExpected => ("must be a mapping (a figure needs its unit: { value, unit, source })", null),
            ValidationErrorKind.NoTypeValidates => ("must be a number or a mapping { value, unit, source }", null),
            ValidationErrorKind.NumberTooSmall => ("is too small", $"{schema.Minimum} or more"),
            _ => ($"breaks the rule {error.Kind}", null),
        };
    }

    private static string? Names(JsonSchema schema)
    {
        var names = schema.Properties.Keys.Concat(schema.PatternProperties.Keys.Select(pattern => $"names like {pattern}"));
        return string.Join(", ", names) is { Length: > 0 } text ? text : null;
    }
}
