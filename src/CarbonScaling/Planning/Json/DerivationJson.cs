using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Planning.Json;

/// <summary>Writes a derivation: its tree, what it is most sensitive to, and the sources.</summary>
internal sealed class DerivationJson
{
    private const string Schema = "carbonscaling/explanation/1";

    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<DerivationNode, int> _written = new(ReferenceEqualityComparer.Instance);
    private readonly SortedSet<string> _sources = new(StringComparer.Ordinal);

    private DerivationJson(Utf8JsonWriter writer) => _writer = writer;

    public static void Write(Utf8JsonWriter writer, Derivation derivation, Catalog? catalog) =>
        new DerivationJson(writer).Write(derivation, catalog);

    private void Write(Derivation derivation, Catalog? catalog)
    {
        _writer.WriteStartObject();
        _writer.WriteString("schema", Schema);
        _writer.WriteString("figure", derivation.Figure);
        _writer.WriteNumber("value", derivation.Value);
        _writer.WriteString("unit", derivation.Unit);
        _writer.WritePropertyName("root");
        WriteNode(Root(derivation));
        WriteSensitivities(derivation);
        WriteSources(catalog);
        _writer.WriteEndObject();
    }

    // Where the last step only changes the unit it has no name of its own: it is the figure.
    private static DerivationNode Root(Derivation derivation) => derivation.Root is { Equation: null, Input: null } root
        ? root with { Label = derivation.Figure, Unit = derivation.Unit }
        : derivation.Root;

    private void WriteNode(DerivationNode node)
    {
        _writer.WriteStartObject();
        if (_written.TryGetValue(node, out int id))
        {
            _writer.WriteNumber("ref", id);
            _writer.WriteEndObject();
            return;
        }

        _written.Add(node, _written.Count + 1);
        _writer.WriteNumber("id", _written.Count);
        _writer.WriteString("label", node.Label);
        _writer.WriteNumber("value", node.Value);
        _writer.WriteString("unit", node.Unit);
        WriteEquation(node.Equation);
        WriteInput(node.Input);
        _writer.WriteStartArray("inputs");
        foreach (DerivationNode input in node.Inputs)
        {
            WriteNode(input);
        }

        _writer.WriteEndArray();
        _writer.WriteEndObject();
    }

    private void WriteEquation(Equation? equation)
    {
        if (equation is null)
        {
            _writer.WriteNull("equation");
            return;
        }

        _writer.WriteStartObject("equation");
        _writer.WriteString("id", equation.Id);
        _writer.WriteString("quantity", equation.Quantity);
        _writer.WriteString("unit", equation.Unit);
        _writer.WriteString("formula", equation.Formula);
        _writer.WriteString("reference", equation.Reference);
        _writer.WriteEndObject();
    }

    private void WriteInput(Figure? input)
    {
        if (input is not { } figure)
        {
            _writer.WriteNull("input");
            return;
        }

        _sources.Add(figure.Source);
        _writer.WriteStartObject("input");
        _writer.WriteString("name", figure.Name);
        _writer.WriteNumber("value", figure.Value);
        _writer.WriteString("unit", figure.Unit);
        _writer.WriteString("source", figure.Source);
        _writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(figure.Status.ToString()));
        _writer.WriteNumber("spread", figure.Spread);
        _writer.WriteEndObject();
    }

    private void WriteSensitivities(Derivation derivation)
    {
        _writer.WriteStartArray("sensitivities");
        IEnumerable<InputSensitivity> greatestFirst = Sensitivity.Elasticities(derivation.Trace).Values
            .Where(static sensitivity => sensitivity.Elasticity != 0)
            .OrderByDescending(static sensitivity => Math.Abs(sensitivity.Elasticity))
            .ThenBy(static sensitivity => sensitivity.Input.Name, StringComparer.Ordinal);
        foreach (InputSensitivity sensitivity in greatestFirst)
        {
            _writer.WriteStartObject();
            _writer.WriteString("name", sensitivity.Input.Name);
            _writer.WriteNumber("elasticity", sensitivity.Elasticity);
            _writer.WriteNumber("spread", sensitivity.Input.Spread);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void WriteSources(Catalog? catalog)
    {
        _writer.WriteStartObject("sources");
        foreach (string key in _sources.Where(key => catalog?.Sources.Contains(key) == true))
        {
            CatalogSource source = catalog!.Source(key);
            _writer.WriteStartObject(key);
            _writer.WriteString("title", source.Title);
            _writer.WriteString("where", source.Where);
            _writer.WriteEndObject();
        }

        _writer.WriteEndObject();
    }
}
