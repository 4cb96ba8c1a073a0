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

    [Fact]
    public void An_interrupt_ends_a_search()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        using Process process = Start("plan", "-");
        process.StandardInput.Write("""
            model: gpt3-175b
            training: { tokens: 300G, globalBatchSequences: 720720 }
            cluster: { system: dgx-h100, devices: [8, 100000000] }
            site: { grid: fr }
            """);
        process.StandardInput.Close();
        Thread.Sleep(TimeSpan.FromSeconds(3));
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal((130, "", ""), (process.ExitCode, process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd()));
    }

    [Theory]
    [InlineData("estimate none.yaml 2>&-", 2, "")]
    [InlineData("catalog >&-", 2, "standard output cannot be written")]
    [InlineData("catalog >/dev/full", 2, "standard output cannot be written")]
    public void Streams_that_are_closed_or_full_are_told_where_there_is_someone_to_tell(string command, int exitCode, string expected)
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "needs a POSIX shell and /dev/full");
        using Process process = Shell(command);
        Assert.StartsWith(expected, process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal(exitCode, process.ExitCode);
    }

    [Fact]
    public void A_named_pipe_is_written_and_not_replaced()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "needs named pipes");
        string pipe = Path.Combine(Directory.CreateTempSubdirectory("carbonscaling").FullName, "pipe");
        using Process process = Shell($"catalog --out '{pipe}' & cat '{pipe}'", $"mkfifo '{pipe}'; ");
        string text = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience));
        Assert.Contains("accelerators", text, StringComparison.Ordinal);
        Assert.False(new FileInfo(pipe).Length > 0);
        Directory.Delete(Path.GetDirectoryName(pipe)!, recursive: true);
    }

    // The program is $0, as the shell runs it.
    private static Process Shell(string command, string before = "") => Process.Start(new ProcessStartInfo(
        "sh", ["-c", $"{before}dotnet exec \"$0\" {command}", typeof(Application).Assembly.Location])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

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
