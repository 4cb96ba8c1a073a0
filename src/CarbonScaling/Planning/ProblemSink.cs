using CarbonScaling.Catalogs;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Planning;

/// <summary>Collects everything that is wrong with a scenario beyond its form.</summary>
internal sealed class ProblemSink(Scenario scenario)
{
    private readonly List<ScenarioProblem> _problems = [];

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<ScenarioProblem> Problems => _problems;

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _problems.Count > 0;

    /// <summary>Reports a field.</summary>
    public void Add(string path, string message) => _problems.Add(scenario.ProblemAt(path, message));

    /// <summary>Reads from the catalog; what it refuses is reported at the field.</summary>
    public T? Try<T>(string path, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CatalogException refused)
        {
            Add(path, "is not usable: " + refused.Message);
            return null;
        }
    }

    /// <summary>Ends here if anything is wrong.</summary>
    /// <exception cref="ScenarioException">Something is.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new ScenarioException(_problems);
        }
    }
}
