using System.CommandLine;
using System.CommandLine.Invocation;
using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Commands;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Cli;

/// <summary>The program: arguments in, results and an exit code out.</summary>
internal static class Application
{
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs the program; no exception leaves it.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        try
        {
            return Invoke(args, surroundings, cancellationToken);
        }
        catch (UserException problem)
        {
            return Tell(surroundings, ExitCode.BadInput, problem.Problems);
        }
        catch (ScenarioException problem)
        {
            return Tell(surroundings, ExitCode.BadInput, problem.Problems.Select(static line => line.ToString()));
        }
        catch (CatalogException problem)
        {
            return Tell(surroundings, ExitCode.BadInput, [problem.Message]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Files tell their own problems.
            return Tell(surroundings, ExitCode.BadInput, [$"standard output cannot be written: {problem.Message}"]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The last resort: a fault is told in one line, never as a stack trace.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Exception cause = fault is AggregateException { InnerException: { } inner } ? inner : fault;
            return Tell(surroundings, ExitCode.InternalError, [$"internal error: {cause.GetType().Name}: {cause.Message}"]);
        }
    }

    private static int Invoke(IReadOnlyList<string> args, Surroundings surroundings, CancellationToken cancellationToken)
    {
        RootCommand root = CommandTree.Build(surroundings, cancellationToken);
        ParseResult parsed = root.Parse(args.Count == 0 ? ["--help"] : args, Parsing);
        if (parsed.Action is null or ParseErrorAction)
        {
            throw UsageProblems.Of(parsed);
        }

        int exitCode = parsed.Invoke(new()
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
        surroundings.Output.Flush();
        return exitCode;
    }

    private static int Tell(Surroundings surroundings, int exitCode, IEnumerable<string> lines)
    {
        Messages.Write(surroundings.Error, lines);
        return exitCode;
    }
}
