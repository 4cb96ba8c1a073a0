namespace CarbonScaling.CatalogCompiler;

/// <summary>All that is wrong with the data, so that one run of the compiler shows everything there is to mend.</summary>
public sealed class ProblemList
{
    private readonly SortedSet<string> _lines = new(StringComparer.Ordinal);

    /// <summary>How many different problems were found.</summary>
    public int Count => _lines.Count;

    /// <summary>One line per problem: <c>path: field: problem; allowed: …</c>.</summary>
    public IEnumerable<string> Lines => _lines;

    /// <summary>Adds a problem.</summary>
    public void Add(string path, string field, string problem, string? allowed = null) =>
        _lines.Add($"{path}: {field}: {problem}{(allowed is null ? "" : $"; allowed: {allowed}")}");

    /// <summary>Writes every problem, ordered by path and field.</summary>
    public void Print(TextWriter writer)
    {
        foreach (var line in _lines)
        {
            writer.WriteLine(line);
        }
    }
}
