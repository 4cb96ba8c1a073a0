using System.Globalization;
using CarbonScaling.Scenarios;
using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Validation;

/// <summary>A field of a scenario that a record did not give, and the rule that filled it.</summary>
/// <param name="Field">The path of the field, such as <c>plan.sharding</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Rule">Why.</param>
public sealed record FilledField(string Field, string Value, string Rule);

/// <summary>A scenario in the making: fields that a record gives and fields that rules fill, told at the record's line.</summary>
internal sealed class ScenarioDraft(string file, int line)
{
    private readonly List<(string Path, string Value)> _fields = [];
    private readonly List<FilledField> _filled = [];

    /// <summary>What rules filled.</summary>
    public IReadOnlyList<FilledField> Filled => _filled;

    /// <summary>Sets a field that the record gives.</summary>
    public void Give(string path, string value) => _fields.Add((path, value));

    /// <summary>Sets a field that the record gives.</summary>
    public void Give(string path, int value) => Give(path, Text(value));

    /// <summary>Sets a field that the record does not give.</summary>
    public void Fill(string path, string value, string rule)
    {
        _fields.Add((path, value));
        Note(path, value, rule);
    }

    /// <summary>Sets a field that the record does not give.</summary>
    public void Fill(string path, int value, string rule) => Fill(path, Text(value), rule);

    /// <summary>Sets a field to what the record gives, or else to what a rule says.</summary>
    public void GiveOrFill(string path, int? given, int otherwise, string rule)
    {
        if (given is { } value)
        {
            Give(path, value);
        }
        else
        {
            Fill(path, otherwise, rule);
        }
    }

    /// <summary>Tells of a default that is no field of the scenario, or is one by not being set.</summary>
    public void Note(string path, string value, string rule) => _filled.Add(new(path, value, rule));

    /// <summary>The same draft with one more field.</summary>
    public ScenarioDraft With(string path, string value, string rule)
    {
        ScenarioDraft copy = Copy();
        copy.Fill(path, value, rule);
        return copy;
    }

    /// <summary>The same draft, to go on from.</summary>
    public ScenarioDraft Copy()
    {
        ScenarioDraft copy = new(file, line);
        copy._fields.AddRange(_fields);
        copy._filled.AddRange(_filled);
        return copy;
    }

    /// <summary>The scenario, or what is wrong with it.</summary>
    public ScenarioReading Read()
    {
        Place place = new(file, line);
        var root = new MapNode(place);
        foreach ((string path, string value) in _fields)
        {
            string[] names = path.Split('.');
            MapNode map = root;
            foreach (string name in names[..^1])
            {
                if (map.Find(name)?.Value is not MapNode next)
                {
                    next = new(place);
                    map.Set(name, next);
                }

                map = next;
            }

            map.Set(names[^1], NodeOf(value, place));
        }

        return ScenarioReader.Read(root);
    }

    // Words in a list, or a single value; nothing that a record writes is more than that.
    private static Node NodeOf(string value, Place place)
    {
        if (value is not ['[', .. var words, ']'])
        {
            return new ScalarNode(place, value, quoted: false);
        }

        var list = new ListNode(place);
        list.Items.AddRange(words.Split(',', StringSplitOptions.TrimEntries).Select(word => new ScalarNode(place, word, quoted: false)));
        return list;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
