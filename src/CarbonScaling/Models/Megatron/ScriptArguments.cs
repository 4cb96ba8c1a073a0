using System.Globalization;

namespace CarbonScaling.Models.Megatron;

/// <summary>The arguments of a launch script, by name; of one given twice the last counts.</summary>
internal sealed class ScriptArguments
{
    private readonly Dictionary<string, (List<string> Values, int Line)> _arguments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);
    private readonly ModelFileProblems _problems;

    public ScriptArguments(string text, ModelFileProblems problems)
    {
        _problems = problems;
        List<string>? values = null;
        foreach (ScriptToken token in ScriptTokens.Of(text))
        {
            if (token.Text.StartsWith("--", StringComparison.Ordinal) && token.Text.Length > 2)
            {
                string[] parts = token.Text[2..].Split('=', 2);
                values = parts.Length > 1 ? [parts[1]] : [];
                _arguments[parts[0].Replace('_', '-')] = (values, token.Line);
            }
            else
            {
                values?.Add(token.Text);
            }
        }
    }

    /// <summary>Whether an argument is given.</summary>
    public bool Has(string name) => _arguments.ContainsKey(name);

    /// <summary>Whether any of the arguments was reported, so that what follows from it need not be.</summary>
    public bool IsWrong(params string[] names) => names.Any(_wrong.Contains);

    /// <summary>An argument that takes no value; in YAML it is true or false.</summary>
    public bool Flag(params string[] names)
    {
        string? name = names.FirstOrDefault(Has);
        return name is not null && !(_arguments[name].Values is [var value, ..] && value is "false" or "False" or "0" or "no" or "null");
    }

    /// <summary>A whole number; null where it is absent, or written None.</summary>
    public int? Whole(string field, string name, int most, int least = 1)
    {
        _names[field] = name;
        if (Text(name) is not { } text || text is "None" or "null" or "~")
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        Report(name, string.Create(CultureInfo.InvariantCulture, $"is not a whole number, {least} to {most}; allowed: {least} to {most}"));
        return null;
    }

    /// <summary>A whole number that must be given.</summary>
    public int Required(string field, string name, int most)
    {
        if (!Has(name))
        {
            _names[field] = name;
            Report(name, string.Create(CultureInfo.InvariantCulture, $"is missing; allowed: a whole number, 1 to {most}"));
        }

        return Whole(field, name, most) ?? 1;
    }

    /// <summary>A great whole number; null where it is absent.</summary>
    public long? Count(string name)
    {
        const long Most = 1_000_000_000_000_000;
        if (Text(name) is not { } text || text is "None" or "null" or "~")
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= Most)
        {
            return value;
        }

        Report(name, string.Create(CultureInfo.InvariantCulture, $"is not a whole number, 0 to {Most}; allowed: 0 to {Most}"));
        return null;
    }

    /// <summary>A number; null where it is absent.</summary>
    public double? Number(string name, double most)
    {
        if (Text(name) is not { } text || text is "None" or "null" or "~")
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value <= most && value >= -most)
        {
            return value;
        }

        Report(name, string.Create(CultureInfo.InvariantCulture, $"is not a number; allowed: at most {most}"));
        return null;
    }

    /// <summary>One of several words; the first of them where the argument is absent.</summary>
    public T Choice<T>(string name, params (string Word, T Value)[] choices)
    {
        if (Text(name) is not { } text)
        {
            return choices[0].Value;
        }

        foreach ((string word, T value) in choices)
        {
            if (word == text)
            {
                return value;
            }
        }

        Report(name, $"is not supported; allowed: {string.Join(", ", choices.Select(static choice => choice.Word))}");
        return choices[0].Value;
    }

    /// <summary>The first value of an argument; null where it is absent.</summary>
    public string? Text(string name)
    {
        if (!_arguments.TryGetValue(name, out (List<string> Values, int Line) found))
        {
            return null;
        }

        if (found.Values.Count == 0)
        {
            Report(name, "has no value; allowed: one after it");
            return null;
        }

        return found.Values[0];
    }

    /// <summary>All values of an argument, separated by blanks.</summary>
    public string Texts(string name) => _arguments.TryGetValue(name, out (List<string> Values, int Line) found) ? string.Join(' ', found.Values) : "";

    /// <summary>Notes the argument that gives a field of the architecture.</summary>
    public void Note(string field, string name) => _names[field] = name;

    /// <summary>The argument that gives a field of the architecture.</summary>
    public string NameOf(string field) => "--" + _names.GetValueOrDefault(field, field);

    /// <summary>Whether the argument that gives a field of the architecture is absent.</summary>
    public bool IsDefault(string field) => !_names.TryGetValue(field, out string? name) || !Has(name);

    /// <summary>Reports a field of the architecture.</summary>
    public void ReportField(string field, string message) => Report(_names.GetValueOrDefault(field, field), message);

    /// <summary>Reports an argument.</summary>
    public void Report(string name, string message)
    {
        _wrong.Add(name);
        (List<string> Values, int Line) found = _arguments.GetValueOrDefault(name, ([], 1));
        string shown = found.Values.Count > 0 ? found.Values[0] : "";
        string hint = shown.Contains('$', StringComparison.Ordinal) ? "is a variable that the text does not set" : message;
        _problems.Add(found.Line, "--" + name, shown, hint);
    }
}
