using System.Globalization;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>A table with named columns, read row by row.</summary>
internal sealed class NamedColumns
{
    /// <summary>No step or run lasts longer in seconds: thirty years.</summary>
    private const double Greatest = 1e9;

    private readonly string _file;
    private readonly string[] _names;
    private string[] _fields = [];
    private int _line;

    /// <summary>Makes a table.</summary>
    /// <param name="file">The name of the file in messages.</param>
    /// <param name="names">The columns, in order.</param>
    public NamedColumns(string file, string[] names)
    {
        _file = file;
        _names = names;
    }

    /// <summary>Whether a column is there.</summary>
    public bool Has(string column) => Array.Exists(_names, name => name.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Moves to a row.</summary>
    /// <exception cref="ScenarioException">It has not a field for each column.</exception>
    public void Row(string[] fields, int line)
    {
        _fields = fields;
        _line = line;
        if (fields.Length != _names.Length)
        {
            throw Problem("", "", $"has {fields.Length} fields under {_names.Length} columns; expected: a field for each");
        }
    }

    /// <summary>A field of the row; empty where there is no such column.</summary>
    public string Text(string column)
    {
        int index = Array.FindIndex(_names, name => name.Equals(column, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? "" : _fields[index];
    }

    /// <summary>A number that is not negative; null where the field is empty or missing.</summary>
    /// <exception cref="ScenarioException">It is no such number.</exception>
    public double? Number(string column)
    {
        string text = Text(column);
        if (text.Length == 0)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0
            ? value
            : throw Problem(column, text, "is not a number; expected: zero or more");
    }

    /// <summary>A number above zero.</summary>
    /// <exception cref="ScenarioException">It is missing or no such number.</exception>
    public double Positive(string column) => Number(column) is > 0 and <= Greatest and var value
        ? value
        : throw Problem(column, Text(column), "is no measurement; expected: a number above 0 and at most 1e9");

    /// <summary>A point in time; null where the field is empty or missing.</summary>
    /// <exception cref="ScenarioException">It is no time.</exception>
    public double? Time(string column)
    {
        string text = Text(column);
        return text.Length == 0
            ? null
            : TimeText.Read(text) ?? throw Problem(column, text, "is not a time; expected: such as 2026-02-06T20:55:02, or seconds since 1970");
    }

    /// <summary>What is wrong in the row.</summary>
    public ScenarioException Problem(string column, string value, string message) =>
        LineParser.Problem(_file, _line, column, value, message);
}
