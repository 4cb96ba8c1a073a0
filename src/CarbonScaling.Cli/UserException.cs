namespace CarbonScaling.Cli;

/// <summary>Something that the user can put right, told in one line for each problem.</summary>
internal sealed class UserException : Exception
{
    /// <summary>Makes it of one problem.</summary>
    public UserException(string problem)
        : this([problem])
    {
    }

    /// <summary>Makes it of several problems.</summary>
    public UserException(IReadOnlyList<string> problems)
        : base(problems[0]) => Problems = problems;

    /// <summary>The problems.</summary>
    public IReadOnlyList<string> Problems { get; }
}
