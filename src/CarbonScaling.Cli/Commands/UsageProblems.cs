using System.CommandLine;
using System.CommandLine.Parsing;

namespace CarbonScaling.Cli.Commands;

/// <summary>Tells in one line what is wrong with the arguments.</summary>
internal static class UsageProblems
{
    /// <summary>The first problem, with the name that was probably meant.</summary>
    public static UserException Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] commands = [.. command.Subcommands.Where(static each => !each.Hidden).Select(static each => each.Name)];
        if (parsed.UnmatchedTokens is [{ Length: > 1 } option, ..] && option[0] == '-')
        {
            // The dashes that all options share are no likeness.
            string? near = Nearest.Of(
                option.TrimStart('-'),
                parsed.RootCommandResult.Command.Options.Concat(command.Options)
                    .Select(static each => each.Name.TrimStart('-'))
                    .Where(name => "--" + name != option));
            string hint = near is null ? "" : $" (did you mean '--{near}'?)";
            return new($"{option} is not an option of {NameOf(command)}{hint}; see {NameOf(command)} --help");
        }

        if (commands.Length > 0)
        {
            string allowed = string.Join(", ", commands);
            return parsed.UnmatchedTokens is [var wrong, ..]
                ? new($"'{wrong}' is not a command{Nearest.Hint(wrong, commands)}; allowed: {allowed}")
                : new($"a command is missing; allowed: {allowed}");
        }

        return new(parsed.Errors is [ParseError first, ..] ? first.Message : $"wrong usage; see {NameOf(command)} --help");
    }

    private static string NameOf(Command command) =>
        command is RootCommand ? "carbonscaling" : $"carbonscaling {command.Name}";
}
