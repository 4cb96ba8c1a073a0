using System.Globalization;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>
/// Reads the fields of one map. Every field that may stand in it is asked for once or more, and <see cref="Close"/>
/// then reports those that nobody asked for. A field that is absent or null is not given, and reads as null.
/// </summary>
internal sealed class FieldMap
{
    private static readonly string[] MomentFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    private readonly MapNode? _node;
    private readonly Place _place;
    private readonly string _path;
    private readonly string _given;
    private readonly bool _broken;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Reads the whole scenario.</summary>
    public FieldMap(MapNode root, ReadingContext context)
        : this(root, context, root.Place, "", "", broken: false) => context.Given[""] = new(root.Place, "", "");

    private FieldMap(MapNode? node, ReadingContext context, Place place, string path, string given, bool broken)
    {
        _node = node;
        Context = context;
        _place = place;
        _path = path;
        _given = given;
        _broken = broken;
    }

    public ReadingContext Context { get; }

    /// <summary>The value of a field, whatever its kind; null when not given.</summary>
    public Node? Take(string name)
    {
        _asked.Add(name);
        Context.Known.Add(Join(_path, name));
        if (_node?.Find(name) is not { Value: { IsNull: false } value } entry)
        {
            return null;
        }

        Context.Given[Join(_given, name)] = new(entry.Place, Join(_path, name), value.Shown);
        return value;
    }

    /// <summary>Whether a field is given.</summary>
    public bool Has(string name) => Take(name) is not null;

    /// <summary>A map that may be left out; its fields then read as not given.</summary>
    public FieldMap Optional(string name) => Child(name);

    /// <summary>A map that must be given.</summary>
    public FieldMap Required(string name)
    {
        Require(name);
        return Child(name);
    }

    /// <summary>The only map in a list, whose fields count as given in this map.</summary>
    public FieldMap OnlyItem(string name, MapNode item) =>
        new(item, Context, item.Place, $"{Join(_path, name)}[0]", _given, broken: false);

    /// <summary>A map in a list.</summary>
    public FieldMap Item(string name, int index, MapNode item)
    {
        string given = $"{Join(_given, name)}[{index}]";
        string path = $"{Join(_path, name)}[{index}]";
        Context.Given[given] = new(item.Place, path, item.Shown);
        return new(item, Context, item.Place, path, given, broken: false);
    }

    /// <summary>Reports a field that is not given.</summary>
    public void Require(string name)
    {
        if (!Has(name) && !_broken)
        {
            Report(name, "is missing");
        }
    }

    /// <summary>Reports the map unless exactly one of the fields is given.</summary>
    public void ExactlyOne(params string[] names)
    {
        if (!names.Any(Has) && !_broken)
        {
            ReportMap($"needs one of {string.Join(", ", names)}");
        }

        AtMostOne(names);
    }

    /// <summary>Reports the map when more than one of the fields is given.</summary>
    public void AtMostOne(params string[] names)
    {
        string[] found = [.. names.Where(Has)];
        if (found.Length > 1)
        {
            ReportMap($"has {string.Join(" and ", found)}; allowed: only one of {string.Join(", ", names)}");
        }
    }

    /// <summary>Reports a field that this version does not know how to use, unless it is empty.</summary>
    /// <returns>Whether it was reported.</returns>
    public bool NotYet(string name)
    {
        bool empty = Take(name) is null or ListNode { Items.Count: 0 } or MapNode { Entries.Count: 0 };
        if (!empty)
        {
            Report(name, "is not supported yet; allowed: null");
        }

        return !empty;
    }

    /// <summary>Text of one line.</summary>
    public string? Text(string name)
    {
        const int Longest = 1000;
        string? text = Scalar(name, "text");
        if (text?.Length > Longest || text?.Any(char.IsControl) == true)
        {
            Report(name, $"is not a short text; allowed: one line of at most {Longest} characters");
            return null;
        }

        return text;
    }

    /// <summary>An id of the catalog; whether the catalog has it is not asked here.</summary>
    public string? CatalogId(string name, string allowed)
    {
        string? text = Scalar(name, allowed);
        if (text is not null && !IsCatalogId(text))
        {
            Report(name, $"is not a catalog id; allowed: {allowed}");
            return null;
        }

        return text;
    }

    /// <summary>True or false.</summary>
    public bool? Flag(string name)
    {
        string? text = Scalar(name, "true, false");
        if (text is not (null or "true" or "false"))
        {
            Report(name, "is neither true nor false; allowed: true, false");
        }

        return text switch { "true" => true, "false" => false, _ => null };
    }

    /// <summary>A whole number.</summary>
    public int? Whole(string name, int least, int greatest) =>
        Scalar(name, $"a whole number, {new Interval(least, greatest)}") is { } text
            ? Whole(name, text, least, greatest)
            : null;

    /// <summary>A whole number that must be given.</summary>
    public int? RequiredWhole(string name, int least, int greatest)
    {
        Require(name);
        return Whole(name, least, greatest);
    }

    /// <summary>A whole number in a list.</summary>
    public int? WholeItem(string name, Node item, int least, int greatest) => Whole(name, item.Shown, least, greatest);

    /// <summary>A quantity, in the unit of a bare number.</summary>
    public double? Quantity(string name, Dimension dimension, string unit, Interval range)
    {
        string suffix = dimension == Dimension.None ? "" : $" {unit}";
        if (Scalar(name, $"{range}{suffix}") is not { } text)
        {
            return null;
        }

        if (!UnitText.TryParseIn(text, dimension, unit, out double value, out string? problem))
        {
            Report(name, problem);
            return null;
        }

        if (!range.Contains(value))
        {
            Report(name, $"is out of range; allowed: {range}{suffix}");
            return null;
        }

        return value;
    }

    /// <summary>A date, or a date and time; UTC where it names no offset.</summary>
    public DateTimeOffset? Moment(string name)
    {
        const string Allowed = "a date such as 2026-01-15 or 2026-01-15T00:00Z";
        if (Scalar(name, Allowed) is not { } text)
        {
            return null;
        }

        if (!DateTimeOffset.TryParseExact(
            text, MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
        {
            Report(name, $"is not a date; allowed: {Allowed}");
            return null;
        }

        return moment;
    }

    /// <summary>A month.</summary>
    public DateOnly? Month(string name)
    {
        const string Allowed = "a month such as 2026-04";
        if (Scalar(name, Allowed) is not { } text)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly month))
        {
            Report(name, $"is not a month; allowed: {Allowed}");
            return null;
        }

        return month;
    }

    /// <summary>One of the words of a vocabulary.</summary>
    /// <param name="name">The field.</param>
    /// <param name="choices">The vocabulary.</param>
    /// <param name="also">What else the field takes, for messages.</param>
    public T? Choice<T>(string name, Choices<T> choices, string also = "")
        where T : struct
    {
        string more = also.Length == 0 ? "" : ", " + also;
        return Scalar(name, choices.Allowed + more) is { } text && Check(name, text, choices, out T value, more) ? value : null;
    }

    /// <summary>One of the words of a vocabulary that stand for more than a value.</summary>
    /// <param name="name">The field.</param>
    /// <param name="choices">The vocabulary.</param>
    /// <param name="also">What else the field takes, for messages.</param>
    public T? Word<T>(string name, Choices<T> choices, string also = "")
        where T : class =>
        Scalar(name, choices.Allowed + also) is { } text && Check(name, text, choices, out T value, also) ? value : null;

    /// <summary>One word of a vocabulary, or a list of different ones; null when not given or wrong.</summary>
    public IReadOnlyList<T>? Words<T>(string name, Choices<T> choices)
        where T : struct
    {
        if (Take(name) is not ListNode list)
        {
            return Choice(name, choices) is { } word ? [word] : null;
        }

        List<T> words = [];
        foreach (Node item in list.Items)
        {
            if (item is not ScalarNode scalar)
            {
                Report(name, $"is not a list of words; allowed: {choices.Allowed}");
                return null;
            }

            if (!Check(name, scalar.Text, choices, out T value))
            {
                return null;
            }

            if (words.Contains(value))
            {
                Report(name, $"names {scalar.Text} twice; allowed: each word once");
                return null;
            }

            words.Add(value);
        }

        return words;
    }

    /// <summary>Reports a field at its value, or at its map when it is not given; once.</summary>
    public void Report(string name, string message)
    {
        if (!_reported.Add(name))
        {
            return;
        }

        string shown = _node?.Find(name)?.Value is { IsNull: false } value ? value.Shown : "";
        Context.Problems.Add(PlaceOf(name), Join(_path, name), shown, message);
    }

    /// <summary>Reports the fields that nobody asked for.</summary>
    /// <returns>Whether nothing was reported in this map.</returns>
    public bool Close()
    {
        foreach (MapNode.Entry entry in _node?.Entries ?? [])
        {
            if (!_asked.Contains(entry.Name))
            {
                _reported.Add(entry.Name);
                string known = string.Join(", ", _asked);
                Context.Problems.Add(
                    entry.Place,
                    Join(_path, entry.Name),
                    "",
                    $"is not a known field{Hint.For(entry.Name, _asked)}; allowed: {known}");
            }
        }

        return !_broken && _reported.Count == 0;
    }

    private static bool IsCatalogId(string text) => text.Split('.', '-').All(static part =>
        part.Length > 0 && part.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)));

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private FieldMap Child(string name)
    {
        Node? node = Take(name);
        if (node is not (null or MapNode))
        {
            Report(name, "is not a map; allowed: fields below it, each as name: value");
        }

        return new(
            node as MapNode,
            Context,
            PlaceOf(name),
            Join(_path, name),
            Join(_given, name),
            broken: _broken || node is not (null or MapNode) || _reported.Contains(name));
    }

    private Place PlaceOf(string name) => _node?.Find(name)?.Place ?? _place;

    private void ReportMap(string message) => Context.Problems.Add(_place, _path, "", message);

    private string? Scalar(string name, string allowed)
    {
        switch (Take(name))
        {
            case null:
                return null;
            case ScalarNode scalar:
                return scalar.Text;
            default:
                Report(name, $"is not a single value; allowed: {allowed}");
                return null;
        }
    }

    private int? Whole(string name, string text, int least, int greatest)
    {
        var range = new Interval(least, greatest);
        if (UnitText.TryParse(text, Dimension.None, out double value, out _) && value == Math.Floor(value) && range.Contains(value))
        {
            return (int)value;
        }

        Report(name, $"is not a whole number, {range}; allowed: {range}, such as {Math.Min(greatest, 8)}");
        return null;
    }

    private bool Check<T>(string name, string text, Choices<T> choices, out T value, string also = "")
    {
        bool known = choices.TryFind(text, out value);
        if (!known)
        {
            Report(name, choices.Problem(text) + also);
        }

        return known;
    }
}
