using System.Buffers;
using System.Text;

namespace CarbonScaling.Cli.Reports;

/// <summary>Rows under named columns, as RFC 4180 writes them.</summary>
internal sealed class CsvTable
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private readonly OrderedDictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<Dictionary<int, string>> _rows = [];

    /// <summary>Makes a table; columns that rows bring along follow these.</summary>
    public CsvTable(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            _columns.Add(column, _columns.Count);
        }
    }

    /// <summary>Adds a row of cells under the first columns.</summary>
    public void Add(params ReadOnlySpan<string?> cells)
    {
        Dictionary<int, string> row = [];
        for (int i = 0; i < cells.Length; i++)
        {
            row.Add(i, cells[i] ?? "");
        }

        _rows.Add(row);
    }

    /// <summary>Adds a row of named cells.</summary>
    public void Add(IEnumerable<KeyValuePair<string, string>> cells)
    {
        Dictionary<int, string> row = [];
        foreach ((string column, string cell) in cells)
        {
            _columns.TryAdd(column, _columns.Count);
            row[_columns[column]] = cell;
        }

        _rows.Add(row);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        Append(text, _columns.Keys);
        foreach (Dictionary<int, string> row in _rows)
        {
            Append(text, Enumerable.Range(0, _columns.Count).Select(column => row.GetValueOrDefault(column, "")));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendJoin(',', cells.Select(Quoted)).Append('\n');

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(NeedsQuotes)
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;
}
