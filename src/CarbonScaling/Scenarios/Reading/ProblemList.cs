namespace CarbonScaling.Scenarios.Reading;

/// <summary>The problems found so far.</summary>
internal sealed class ProblemList
{
    private const int Maximum = 1000;
    private readonly List<ScenarioProblem> _problems = [];
    private int _left;

    public int Count => _problems.Count + _left;

    public bool Any => _problems.Count > 0;

    public void Add(Place place, string field, string value, string message)
    {
        if (_problems.Count == Maximum)
        {
            _left++;
        }
        else
        {
            _problems.Add(new(place.File, place.Line, field, value, message));
        }
    }

    /// <summary>Those of the file before those of the overrides, each by line.</summary>
    public IReadOnlyList<ScenarioProblem> Ordered()
    {
        List<ScenarioProblem> ordered = [.. _problems
            .OrderBy(static problem => problem.File == Overrides.FileName)
            .ThenBy(static problem => problem.Line)];
        if (_left > 0)
        {
            ordered.Add(new(ordered[0].File, ordered[^1].Line, "", "", $"{_left} more problems are not listed"));
        }

        return ordered;
    }
}
