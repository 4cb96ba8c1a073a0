using System.Globalization;
using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Validation;

/// <summary>Reads the fields of one row by the names of their columns; what is wrong is told with the row's id.</summary>
internal sealed class RecordFields
{
    private const int MostShown = 200;

    private readonly CsvRow _row;
    private readonly IReadOnlyDictionary<string, int> _columns;
    private readonly Place _place;
    private readonly ProblemList _problems;
    private readonly List<string> _missing = [];
    private readonly List<string> _unknown = [];

    public RecordFields(CsvRow row, IReadOnlyDictionary<string, int> columns, string file, ProblemList problems)
    {
        _row = row;
        _columns = columns;
        _place = new(file, row.Line);
        _problems = problems;
        Id = Text(RecordColumns.Id);
    }

    /// <summary>The id of the row.</summary>
    public string Id { get; }

    /// <summary>Required columns that are empty.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Words that stand for nothing known, each with its column and what is known.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Whether the file has a column.</summary>
    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>Text without spaces around it; empty where there is none.</summary>
    public string Text(string column) =>
        _columns.TryGetValue(column, out int index) && index < _row.Fields.Count ? _row.Fields[index].Trim() : "";

    /// <summary>Text that no default can fill.</summary>
    public string RequiredText(string column) => Required(column, Text(column));

    /// <summary>A whole number of 1 or more, or 0 where that is allowed.</summary>
    public int? Whole(string column, int least = 1)
    {
        if (Number(column) is not { } number)
        {
            return null;
        }

        if (number != Math.Floor(number) || number < least || number > int.MaxValue)
        {
            Report(column, $"is not a whole number in range; allowed: {least} to {int.MaxValue}");
            return null;
        }

        return (int)number;
    }

    /// <summary>A whole number that no default can fill; 1 where it is missing.</summary>
    public int RequiredWhole(string column)
    {
        Required(column, Text(column));
        return Whole(column) ?? 1;
    }

    /// <summary>A measurement: a number above 0.</summary>
    public double? Positive(string column)
    {
        double? number = Number(column);
        if (number <= 0)
        {
            Report(column, "is not above 0; allowed: a number such as 12 or 1.5e9");
            return null;
        }

        return number;
    }

    /// <summary>One of some words; null where there is none.</summary>
    public T? Word<T>(string column, Choices<T> words)
        where T : struct
    {
        string text = Text(column).ToLowerInvariant();
        if (text.Length == 0)
        {
            return null;
        }

        if (!words.TryFind(text, out T value))
        {
            _unknown.Add($"{column}: '{text}' {words.Problem(text)}");
            return null;
        }

        return value;
    }

    /// <summary>Reports a field.</summary>
    public void Report(string column, string message) =>
        _problems.Add(_place, $"row {Id}, {column}", Shown(Text(column)), message);

    private double? Number(string column)
    {
        string text = Text(column);
        if (text.Length == 0)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            Report(column, "is not a number; allowed: a number such as 12 or 1.5e9, or nothing");
            return null;
        }

        return number;
    }

    private string Required(string column, string text)
    {
        if (text.Length == 0)
        {
            _missing.Add(column);
        }

        return text;
    }

    private static string Shown(string text) => text.Length > MostShown ? text[..MostShown] : text;
}
