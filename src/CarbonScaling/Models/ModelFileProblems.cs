namespace CarbonScaling.Models;

/// <summary>The problems found in a file so far.</summary>
internal sealed class ModelFileProblems
{
    private const int Most = 200;
    private const int LongestText = 80;
    private readonly List<ModelFileProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public void Add(int line, string field, string value, string message)
    {
        ModelFileProblem problem = new(line, Shortened(field), Shortened(value), message);
        if (_problems.Count < Most && !_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    public ModelFileException Exception() => new([.. _problems.OrderBy(static problem => problem.Line)]);

    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Exception();
        }
    }

    private static string Shortened(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
