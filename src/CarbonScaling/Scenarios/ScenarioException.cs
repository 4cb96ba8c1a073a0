namespace CarbonScaling.Scenarios;

/// <summary>A scenario that cannot be evaluated, with everything that is wrong with it.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="problems">What is wrong, at least one.</param>
    public ScenarioException(IReadOnlyList<ScenarioProblem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<ScenarioProblem> Problems { get; }
}
