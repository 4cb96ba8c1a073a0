using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace CarbonScaling.Cli;

/// <summary>Runs the program as a process: with the real streams, the real terminal and its signals.</summary>
internal static class ConsoleHost
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs the program.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        using CancellationTokenSource interrupted = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // Signals end the wait even while the program is blocked, reading a pipe for example.
        Surroundings surroundings = Real();
        Task<int> run = Task.Run(() => Application.Run(args, surroundings, interrupted.Token), CancellationToken.None);
        WaitHandle.WaitAny([((IAsyncResult)run).AsyncWaitHandle, interrupted.Token.WaitHandle]);
        return run.Wait(interrupted.IsCancellationRequested ? Grace : Timeout.InfiniteTimeSpan)
            ? run.Result
            : ExitCode.Interrupted;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static Surroundings Real()
    {
        UTF8Encoding encoding = new(encoderShouldEmitUTF8Identifier: false);
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
        {
            Console.OutputEncoding = encoding;
        }

        IAnsiConsole terminal = AnsiConsole.Console;
        bool outputIsTerminal = !Console.IsOutputRedirected;
        return new()
        {
            Input = Console.OpenStandardInput(),
            Output = new StreamWriter(Console.OpenStandardOutput(), encoding),
            Error = new StreamWriter(Console.OpenStandardError(), encoding) { AutoFlush = true },
            OutputIsTerminal = outputIsTerminal && terminal.Profile.Capabilities.Ansi,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Colors = terminal.Profile.Capabilities.ColorSystem,
            TerminalWidth = outputIsTerminal ? terminal.Profile.Width : null,
            Variable = Environment.GetEnvironmentVariable,
        };
    }
}
