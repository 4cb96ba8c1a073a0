using CarbonScaling.Testing;

namespace CarbonScaling.Cli.Tests;

/// <summary>What a run of the program gave.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error);

/// <summary>Runs the program in this process, as with redirected output.</summary>
internal static class Cli
{
    /// <summary>An example of the repository.</summary>
    public static string Example(string name) => Repository.PathOf("examples", name);

    public static CliResult Run(params string[] args) => RunWithInput("", args);

    public static CliResult RunWithInput(string input, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using MemoryStream stream = new(System.Text.Encoding.UTF8.GetBytes(input));
        int code = Application.Run(
            args, new() { Input = stream, Output = output, Error = error }, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }
}
