using System.CommandLine;

namespace CarbonScaling.Cli.Commands;

/// <summary>The scenario that a command is about.</summary>
internal static class ScenarioArgument
{
    /// <summary>Makes the argument.</summary>
    public static Argument<string> Make() => new("SCENARIO")
    {
        Description = "Scenario file, YAML or JSON; - reads standard input.",
        Arity = ArgumentArity.ExactlyOne,
    };
}
