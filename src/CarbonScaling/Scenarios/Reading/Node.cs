namespace CarbonScaling.Scenarios.Reading;

/// <summary>Where something was written: a line of a file, or the number of an override.</summary>
internal readonly record struct Place(string File, int Line);

/// <summary>A value as it was written.</summary>
internal abstract class Node(Place place)
{
    public Place Place { get; } = place;

    /// <summary>Whether it says "nothing", which counts as not given.</summary>
    public virtual bool IsNull => false;

    /// <summary>The value as a message shows it.</summary>
    public abstract string Shown { get; }
}

/// <summary>Text, a number or nothing.</summary>
internal sealed class ScalarNode(Place place, string text, bool quoted) : Node(place)
{
    public string Text { get; } = text;

    public override bool IsNull => !quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Shown => Text;
}

/// <summary>Values in order.</summary>
internal sealed class ListNode(Place place) : Node(place)
{
    public List<Node> Items { get; } = [];

    public override string Shown => Items is [ScalarNode, ..] and not [_, _, _, _, ..]
        ? $"[{string.Join(", ", Items.Select(static item => item.Shown))}]"
        : "[…]";
}

/// <summary>Values by name, in the order in which they were written.</summary>
internal sealed class MapNode(Place place) : Node(place)
{
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    /// <summary>A name, where it stands, and its value.</summary>
    public readonly record struct Entry(string Name, Place Place, Node Value);

    public List<Entry> Entries { get; } = [];

    public override string Shown => "{…}";

    public Entry? Find(string name) => _positions.TryGetValue(name, out int position) ? Entries[position] : null;

    /// <summary>Adds a value; false when the name is taken.</summary>
    public bool Add(string name, Place place, Node value)
    {
        if (!_positions.TryAdd(name, Entries.Count))
        {
            return false;
        }

        Entries.Add(new(name, place, value));
        return true;
    }

    /// <summary>Adds a value or puts it in the place of the one with its name.</summary>
    public void Set(string name, Node value)
    {
        if (!Add(name, value.Place, value))
        {
            Entries[_positions[name]] = new(name, value.Place, value);
        }
    }
}
