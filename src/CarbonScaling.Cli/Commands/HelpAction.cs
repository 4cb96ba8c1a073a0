using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;

namespace CarbonScaling.Cli.Commands;

/// <summary>Prints the help of a command: what it does, examples, and then the details.</summary>
internal sealed class HelpAction(int width) : SynchronousCommandLineAction
{
    private const string Program = "carbonscaling";
    private const int Gap = 2;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.Write(
            TextOf(parseResult.CommandResult.Command, parseResult.RootCommandResult.Command));
        return ExitCode.Done;
    }

    private string TextOf(Command command, Command root)
    {
        string path = command == root ? Program : $"{Program} {command.Name}";
        Option[] common = [.. root.Options.Where(static option => !option.Hidden)];
        StringBuilder text = new();
        text.Append(command.Description).Append('\n');
        Append(text, "Examples", [.. HelpExamples.Of(command == root ? Program : command.Name).Select(static line => (line, ""))]);
        Append(text, "Usage", [($"{path} {Synopsis(command)}", "")]);
        Append(text, "Commands", [.. command.Subcommands.Select(static each => ($"{each.Name} {Synopsis(each)}", each.Description))]);
        Append(text, "Arguments", [.. command.Arguments.Select(static each => (each.Name, each.Description))]);
        if (command != root)
        {
            Append(text, "Options", [.. command.Options.Select(static option => (Label(option), option.Description))]);
        }

        Append(text, "Options of all commands", [.. common.Select(static option => (Label(option), option.Description))]);
        if (command == root)
        {
            text.Append($"\n{Program} COMMAND --help tells more about a command.\n");
        }

        return text.ToString();
    }

    private static string Synopsis(Command command) => string.Join(' ', Words(command));

    private static IEnumerable<string> Words(Command command)
    {
        if (command.Subcommands.Count > 0)
        {
            yield return "COMMAND";
        }

        foreach (Argument argument in command.Arguments)
        {
            yield return argument.Arity.MinimumNumberOfValues > 0 ? argument.Name : $"[{argument.Name}]";
        }

        foreach (Option option in command.Options.Where(static option => option.Required))
        {
            yield return Label(option);
        }

        yield return "[options]";
    }

    private static string Label(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.HelpName is null
        ? string.Join(", ", [option.Name, .. option.Aliases.Where(static alias => alias.StartsWith('-'))])
        : $"{option.Name} {option.HelpName}";

    private void Append(StringBuilder text, string title, (string Name, string? Description)[] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        text.Append($"\n{title}:\n");
        int column = Gap + rows.Max(static row => row.Name.Length) + Gap;
        foreach ((string name, string? description) in rows)
        {
            string line = new string(' ', Gap) + name;
            foreach (string word in (description ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                bool fits = line.Length < column || line.Length + 1 + word.Length <= width;
                if (!fits)
                {
                    text.Append(line).Append('\n');
                    line = "";
                }

                line = line.Length < column ? line.PadRight(column) + word : $"{line} {word}";
            }

            text.Append(line).Append('\n');
        }
    }
}
