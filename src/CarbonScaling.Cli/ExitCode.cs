namespace CarbonScaling.Cli;

/// <summary>The exit codes that other programs rely on.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A fault of the program.</summary>
    public const int InternalError = 1;

    /// <summary>Bad input or usage.</summary>
    public const int BadInput = 2;

    /// <summary>Valid input, but nothing meets its limits.</summary>
    public const int Infeasible = 3;

    /// <summary>Errors of a validation above what is allowed.</summary>
    public const int ErrorsTooLarge = 4;

    /// <summary>Interrupted by a signal.</summary>
    public const int Interrupted = 130;
}
