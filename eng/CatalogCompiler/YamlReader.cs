using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CarbonScaling.CatalogCompiler;

/// <summary>Reads a YAML file as JSON: plain numbers and booleans keep their type, everything else is text.</summary>
/// <remarks>Duplicate keys, anchors and numbers that are not finite are problems: what a file says has one reading.</remarks>
public sealed class YamlReader
{
    private readonly string _path;
    private readonly ProblemList _problems;
    private readonly Parser _parser;

    private YamlReader(string path, TextReader text, ProblemList problems)
    {
        _path = path;
        _problems = problems;
        _parser = new Parser(text);
    }

    /// <summary>Gives the file's one document, or null when it holds no mapping or cannot be read.</summary>
    public static JsonObject? Read(string path, TextReader text, ProblemList problems)
    {
        try
        {
            return new YamlReader(path, text, problems).ReadDocument();
        }
        catch (YamlException exception)
        {
            problems.Add(path, $"line {exception.Start.Line}", exception.Message.ReplaceLineEndings(" "));
            return null;
        }
    }

    private JsonObject? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _) || !_parser.Accept<MappingStart>(out _))
        {
            _problems.Add(_path, "file", "holds no mapping");
            return null;
        }

        var document = ReadMapping("");
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            _problems.Add(_path, "file", "holds more than one document");
        }

        return document;
    }

    private JsonObject ReadMapping(string field)
    {
        var result = new JsonObject();
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>();
            var member = field.Length == 0 ? key.Value : $"{field}.{key.Value}";
            var value = ReadNode(member);
            if (!result.TryAdd(key.Value, value))
            {
                _problems.Add(_path, member, $"is given twice (again on line {key.Start.Line})");
            }
        }

        return result;
    }

    private JsonArray ReadSequence(string field)
    {
        var result = new JsonArray();
        _parser.Consume<SequenceStart>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            result.Add(ReadNode($"{field}[{result.Count}]"));
        }

        return result;
    }

    private JsonNode? ReadNode(string field)
    {
        if (_parser.Accept<MappingStart>(out _))
        {
            return ReadMapping(field);
        }

        if (_parser.Accept<SequenceStart>(out _))
        {
            return ReadSequence(field);
        }

        if (_parser.TryConsume<AnchorAlias>(out _))
        {
            _problems.Add(_path, field, "is an alias; write the value out");
            return null;
        }

        return ReadScalar(field, _parser.Consume<Scalar>());
    }

    private JsonValue? ReadScalar(string field, Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(scalar.Value);
        }

        switch (scalar.Value)
        {
            case "true":
                return JsonValue.Create(true);
            case "false":
                return JsonValue.Create(false);
            case "" or "~" or "null":
                _problems.Add(_path, field, "is empty");
                return null;
            case var text when IsNumber(text, out var number):
                if (double.IsFinite(number))
                {
                    return JsonValue.Create(number);
                }

                _problems.Add(_path, field, $"'{text}' is not a finite number");
                return null;
            default:
                return JsonValue.Create(scalar.Value);
        }
    }

    private static bool IsNumber(string text, out double number)
    {
        if (text.ToUpperInvariant() is ".NAN" or ".INF" or "+.INF" or "-.INF")
        {
            number = double.NaN;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
