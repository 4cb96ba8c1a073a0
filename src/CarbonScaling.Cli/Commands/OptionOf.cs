using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CarbonScaling.Cli.Commands;

/// <summary>Makes options whose problems are told as everywhere else: what it is, and what is allowed.</summary>
internal static class OptionOf
{
    /// <summary>One of some words.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What help calls its value.</param>
    /// <param name="description">What it is for; the words follow.</param>
    /// <param name="words">The words, the default first.</param>
    public static Option<T> Choice<T>(string name, string helpName, string description, params (string Word, T Value)[] words)
    {
        string[] known = [.. words.Select(static word => word.Word)];
        T otherwise = words[0].Value;
        Option<T> option = new(name)
        {
            Description = $"{description}: {string.Join(", ", [$"{known[0]} (default)", .. known[1..]])}.",
            HelpName = helpName,
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => otherwise,
            CustomParser = argument =>
            {
                string word = TokenOf(argument);
                int index = Array.IndexOf(known, word);
                if (index < 0)
                {
                    argument.AddError($"{name}: '{word}' is not known{Nearest.Hint(word, known)}; allowed: {string.Join(", ", known)}");
                }

                return index < 0 ? otherwise : words[index].Value;
            },
        };
        option.CompletionSources.Add(known);
        return option;
    }

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> Whole(string name, string description, int least, int greatest) => new(name)
    {
        Description = description,
        HelpName = "N",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = argument =>
        {
            string text = TokenOf(argument);
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= greatest)
            {
                return value;
            }

            argument.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{name}: '{text}' is not a whole number in range; allowed: {least} to {greatest}"));
            return null;
        },
    };

    private static string TokenOf(ArgumentResult argument) => argument.Tokens is [.., var last] ? last.Value : "";
}
