using System.Globalization;

namespace CarbonScaling.Models.HuggingFace;

/// <summary>
/// Reads the fields of a configuration. A field that is absent takes the default of its configuration class; one without a
/// default must be given. Every problem is kept, and reading goes on with a harmless value.
/// </summary>
internal sealed class ConfigFields
{
    private readonly JsonMap _map;
    private readonly ModelFileProblems _problems;
    private readonly string _prefix;

    // Which key of the file each field of the architecture was read from; shared with the maps inside.
    private readonly Dictionary<string, ConfigPlace> _places;
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);

    /// <summary>Reads a whole file.</summary>
    public ConfigFields(JsonMap map, ModelFileProblems problems)
        : this(map, problems, "", new(StringComparer.Ordinal))
    {
    }

    private ConfigFields(JsonMap map, ModelFileProblems problems, string prefix, Dictionary<string, ConfigPlace> places)
    {
        _map = map;
        _problems = problems;
        _prefix = prefix;
        _places = places;
    }

    /// <summary>A map inside; empty where it is absent.</summary>
    public ConfigFields Inside(string key)
    {
        JsonValue? value = Find(key);
        if (value is not (null or JsonMap))
        {
            Report(key, value, "is not an object; allowed: fields below it");
        }

        JsonMap inner = value as JsonMap ?? new(value?.Line ?? _map.Line, new Dictionary<string, JsonValue>(StringComparer.Ordinal));
        return new(inner, _problems, $"{_prefix}{key}.", _places);
    }

    /// <summary>Whether a field is given and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether a field is given, be it null.</summary>
    public bool Mentions(string key) => _map.Fields.ContainsKey(key);

    /// <summary>Whether a field of the architecture was reported, so that what follows from it need not be.</summary>
    public bool IsWrong(string field) => _wrong.Contains(field);

    /// <summary>A whole number of a field of the architecture.</summary>
    /// <param name="field">The architecture's field.</param>
    /// <param name="keys">The names it goes by, the usual one first.</param>
    /// <param name="standard">What the configuration class takes where it is absent; null where it must be given.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="least">The least value.</param>
    public int Whole(string field, string[] keys, int? standard, int most, int least = 1)
    {
        string key = keys.FirstOrDefault(Has) ?? keys[0];
        JsonValue? value = Find(key);
        _places[field] = new(_prefix + key, value?.Line ?? _map.Line, value?.Shown ?? "", value is null);
        if (value is null)
        {
            if (standard is null)
            {
                _wrong.Add(field);
                _problems.Add(_map.Line, _prefix + key, "", $"is missing; allowed: a whole number, {least} to {most}");
            }

            return standard ?? least;
        }

        if (value is JsonNumber number && number.Value == Math.Floor(number.Value) && number.Value >= least && number.Value <= most)
        {
            return (int)number.Value;
        }

        _wrong.Add(field);
        string allowed = string.Create(CultureInfo.InvariantCulture, $"allowed: a whole number, {least} to {most}");
        Report(key, value, $"is not a whole number, {least} to {most}; {allowed}");
        return standard ?? least;
    }

    /// <summary>A whole number that may be 0 or null for "none".</summary>
    public int Optional(string field, string key, int standard, int most)
    {
        if (_map.Fields.GetValueOrDefault(key) is JsonNothing nothing)
        {
            _places[field] = new(_prefix + key, nothing.Line, nothing.Shown, IsDefault: false);
            return 0;
        }

        return Whole(field, [key], standard, most, least: 0);
    }

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool standard)
    {
        switch (Find(key))
        {
            case null:
                return standard;
            case JsonFlag flag:
                return flag.Value;
            case { } value:
                Report(key, value, "is neither true nor false; allowed: true, false");
                return standard;
        }
    }

    /// <summary>A text.</summary>
    public string Text(string key, string standard)
    {
        switch (Find(key))
        {
            case null:
                return standard;
            case JsonText text:
                return text.Value;
            case { } value:
                Report(key, value, "is not a text; allowed: a text");
                return standard;
        }
    }

    /// <summary>A list of whole numbers; null where it is absent.</summary>
    public IReadOnlyList<int>? Numbers(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case JsonList list when list.Items.All(static item => item is JsonNumber { Value: >= 0 and <= int.MaxValue }):
                return [.. list.Items.Select(static item => (int)((JsonNumber)item).Value)];
            case { } value:
                Report(key, value, "is not a list of whole numbers; allowed: a list such as [0, 1, 2]");
                return null;
        }
    }

    /// <summary>A list of texts; null where it is absent.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case JsonList list when list.Items.All(static item => item is JsonText):
                return [.. list.Items.Select(static item => ((JsonText)item).Value)];
            case { } value:
                Report(key, value, "is not a list of texts; allowed: a list such as [\"full_attention\"]");
                return null;
        }
    }

    /// <summary>Reports a field at its value, or at the map where it is absent.</summary>
    public void Report(string key, string message)
    {
        if (_map.Fields.GetValueOrDefault(key) is { } value)
        {
            Report(key, value, message);
        }
        else
        {
            _problems.Add(_map.Line, _prefix + key, "", message);
        }
    }

    /// <summary>Reports a field of the architecture at the key that it was read from.</summary>
    public void ReportField(string field, string message)
    {
        ConfigPlace place = _places.GetValueOrDefault(field) ?? new(field, _map.Line, "", IsDefault: true);
        _problems.Add(place.Line, place.Key, place.Shown, message);
    }

    /// <summary>The name that the file gives a field of the architecture.</summary>
    public string KeyOf(string field) => _places.GetValueOrDefault(field)?.Key ?? field;

    /// <summary>Whether a field of the architecture was left out and took its default.</summary>
    public bool IsDefault(string field) => _places.GetValueOrDefault(field)?.IsDefault ?? true;

    private JsonValue? Find(string key) => _map.Fields.GetValueOrDefault(key) is { } value and not JsonNothing ? value : null;

    private void Report(string key, JsonValue value, string message) => _problems.Add(value.Line, _prefix + key, value.Shown, message);
}

/// <summary>Where a field of the architecture was read from.</summary>
/// <param name="Key">The key in the file.</param>
/// <param name="Line">Its line.</param>
/// <param name="Shown">The value as a message shows it; empty where it is absent.</param>
/// <param name="IsDefault">Whether it is absent and took a default.</param>
internal sealed record ConfigPlace(string Key, int Line, string Shown, bool IsDefault);
