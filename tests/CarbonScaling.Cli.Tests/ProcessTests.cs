using System.Diagnostics;
using System.Globalization;

namespace CarbonScaling.Cli.Tests;

/// <summary>The program as a process: closed pipes and signals.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_reader_that_goes_away_is_no_fault()
    {
        using Process process = Start("catalog", "models", "--format", "json");
        process.StandardInput.Close();
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    [Fact]
    public void An_interrupt_ends_even_a_run_that_waits_for_input()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        using Process process = Start("estimate", "-");
        process.StandardInput.Write("name: waits");
        process.StandardInput.Flush();

        // Signals before the program listens would end it by themselves.
        Thread.Sleep(TimeSpan.FromSeconds(3));
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal((130, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
    }

    private static Process Start(params string[] args)
    {
        ProcessStartInfo start = new("dotnet", ["exec", typeof(Application).Assembly.Location, .. args])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
