using System.Buffers;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>Reads YAML, and with it JSON, into nodes: only maps, lists and scalars, of limited size and depth.</summary>
internal sealed class NodeReader
{
    private const int MaximumBytes = 1 << 20;
    private const int MaximumDepth = 32;

    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static code => (char)code).Where(static code => code is not ('\t' or '\n' or '\r')), '\x7f']);

    private readonly Parser _parser;
    private readonly Place _start;
    private readonly ProblemList _problems;

    private NodeReader(string text, Place start, ProblemList problems)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _start = start;
        _problems = problems;
    }

    private ParsingEvent Current => _parser.Current ?? throw new SemanticErrorException("the text ends too early");

    private Place Here => At(Current.Start);

    /// <summary>Reads a text that must hold one map; null, and problems, when it cannot be read at all.</summary>
    public static MapNode? ReadMap(string text, Place start, ProblemList problems)
    {
        string content = text.StartsWith('\uFEFF') ? text[1..] : text;
        switch (Read(content, start, problems))
        {
            case MapNode map:
                return map;
            case { IsNull: true }:
                problems.Add(start, "", "", "is empty; allowed: a map with training, cluster, site and more");
                return null;
            case { } node:
                problems.Add(node.Place, "", node.Shown, "is not a scenario; allowed: a map with training, cluster, site and more");
                return null;
            default:
                return null;
        }
    }

    /// <summary>Reads any value; null, and problems, when it cannot be read at all.</summary>
    public static Node? Read(string text, Place start, ProblemList problems)
    {
        if (text.Length > MaximumBytes || Encoding.UTF8.GetByteCount(text) > MaximumBytes)
        {
            problems.Add(start, "", "", "is too large; allowed: at most 1 MiB");
            return null;
        }

        // The parser takes a zero character for the end of the text, and would pass over what follows it.
        int control = text.AsSpan().IndexOfAny(ControlCharacters);
        if (control >= 0)
        {
            int line = start.Line + text.AsSpan(0, control).Count('\n');
            problems.Add(start with { Line = line }, "", text[control].ToString(), "is not allowed in a text");
            return null;
        }

        var reader = new NodeReader(text, start, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            reader.Refuse(reader.At(exception.Start), exception.Message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The parser answers some unfinished texts with these.
            reader.Refuse(reader._parser.Current is { } last ? reader.At(last.End) : start, "the text is not complete");
        }

        return null;
    }

    private void Refuse(Place place, string message) => _problems.Add(place, "", "", $"is not valid YAML or JSON: {message}");

    private Place At(Mark mark) => _start with { Line = _start.Line + (int)Math.Clamp(mark.Line - 1, 0, int.MaxValue / 2) };

    private Node ReadDocument()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (Current is StreamEnd)
        {
            return new ScalarNode(_start, "", quoted: false);
        }

        _parser.MoveNext();
        Node node = ReadNode(depth: 0);
        _parser.MoveNext();
        if (Current is not StreamEnd)
        {
            throw new SemanticErrorException(Current.Start, Current.End, "a second document follows; allowed: one");
        }

        return node;
    }

    /// <summary>Reads the node that starts at the current event, and moves past it.</summary>
    private Node ReadNode(int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new SemanticErrorException(
                Current.Start, Current.End, $"maps and lists are nested too deeply; allowed: {MaximumDepth} levels");
        }

        Place place = Here;
        if (Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            _problems.Add(place, "", "", "anchors (&name) and aliases (*name) are not supported; write the value out");
        }
        else if (Current is NodeEvent { Tag.IsEmpty: false })
        {
            _problems.Add(place, "", "", "tags (!name) are not supported; write the plain value");
        }

        switch (Current)
        {
            case SequenceStart:
                return ReadList(place, depth);
            case MappingStart:
                return ReadMap(place, depth);
            case Scalar scalar:
                _parser.MoveNext();
                return new ScalarNode(place, scalar.Value, scalar.Style is not ScalarStyle.Plain);
            case AnchorAlias:
                _parser.MoveNext();
                return new ScalarNode(place, "", quoted: false);
            default:
                throw new SemanticErrorException(Current.Start, Current.End, "a value is missing");
        }
    }

    private ListNode ReadList(Place place, int depth)
    {
        var list = new ListNode(place);
        _parser.MoveNext();
        while (Current is not SequenceEnd)
        {
            list.Items.Add(ReadNode(depth + 1));
        }

        _parser.MoveNext();
        return list;
    }

    private MapNode ReadMap(Place place, int depth)
    {
        var map = new MapNode(place);
        _parser.MoveNext();
        while (Current is not MappingEnd)
        {
            Node name = ReadNode(depth + 1);
            Node value = ReadNode(depth + 1);
            if (name is not ScalarNode { Text: var text })
            {
                _problems.Add(name.Place, "", name.Shown, "is not a field name; allowed: text");
            }
            else if (text == "<<")
            {
                _problems.Add(name.Place, "", text, "is not supported: merge keys; write the fields out");
            }
            else if (!map.Add(text, name.Place, value))
            {
                _problems.Add(name.Place, text, "", $"is given twice, first in line {map.Find(text)!.Value.Place.Line}");
            }
        }

        _parser.MoveNext();
        return map;
    }
}
