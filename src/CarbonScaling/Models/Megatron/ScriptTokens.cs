using System.Text;
using System.Text.RegularExpressions;

namespace CarbonScaling.Models.Megatron;

/// <summary>A word of a launch script.</summary>
/// <param name="Text">The word, without quotes and with variables replaced.</param>
/// <param name="Line">The line that it begins in, from 1.</param>
internal readonly record struct ScriptToken(string Text, int Line);

/// <summary>
/// Splits a launch script into words: quotes, comments, continued lines, and variables that the script itself sets. A line
/// <c>name: value</c>, as in YAML, gives the words <c>--name value</c>. Nothing is run.
/// </summary>
internal sealed partial class ScriptTokens
{
    private const int LongestWord = 1 << 16;
    private const int MostWords = 200_000;

    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly List<ScriptToken> _tokens = [];

    private ScriptTokens()
    {
    }

    public static IReadOnlyList<ScriptToken> Of(string text)
    {
        ScriptTokens tokens = new();
        tokens.Read(text.ReplaceLineEndings("\n"), 1, nested: false);
        return tokens._tokens;
    }

    private void Read(string text, int firstLine, bool nested)
    {
        int line = firstLine;
        int position = 0;
        bool lineStart = true;
        while (position < text.Length && _tokens.Count < MostWords)
        {
            char letter = text[position];
            if (lineStart && !nested && YamlLine().Match(text, position) is { Success: true } yaml && yaml.Index == position)
            {
                Yaml(yaml, line);
                position += yaml.Length;
                lineStart = false;
                continue;
            }

            switch (letter)
            {
                case '\n':
                    line++;
                    position++;
                    lineStart = true;
                    break;
                case '\\' when position + 1 < text.Length && text[position + 1] == '\n':
                    line++;
                    position += 2;
                    break;
                case '#':
                    int end = text.IndexOf('\n', position);
                    position = end < 0 ? text.Length : end;
                    break;
                case ';' or '|' or '&' or ')' or '(':
                    position++;
                    break;
                default:
                    if (char.IsWhiteSpace(letter))
                    {
                        position++;
                        break;
                    }

                    lineStart = false;
                    int began = line;
                    Word(Take(text, ref position, ref line), began, nested);
                    break;
            }
        }
    }

    private void Yaml(Match match, int line)
    {
        string value = match.Groups["value"].Value.Trim();
        int comment = value.StartsWith('#') ? 0 : value.IndexOf(" #", StringComparison.Ordinal);
        value = (comment < 0 ? value : value[..comment]).Trim().Trim('"', '\'');
        _tokens.Add(new("--" + match.Groups["name"].Value, line));
        if (value.Length > 0)
        {
            _tokens.Add(new(value, line));
        }
    }

    private void Word(string word, int line, bool nested)
    {
        if (Assignment().Match(word) is { Success: true } assignment)
        {
            string value = assignment.Groups["value"].Value;
            _variables[assignment.Groups["name"].Value] = value;

            // Older scripts keep their arguments in a text.
            if (!nested && value.Contains("--", StringComparison.Ordinal))
            {
                Read(value, line, nested: true);
            }
        }
        else if (word.Length > 0)
        {
            _tokens.Add(new(word, line));
        }
    }

    private string Take(string text, ref int position, ref int line)
    {
        StringBuilder word = new();
        char quote = '\0';
        while (position < text.Length && word.Length < LongestWord)
        {
            char letter = text[position];
            if (quote == '\0' && (char.IsWhiteSpace(letter) || letter is ';' or '|' or '&'))
            {
                break;
            }

            // Parentheses belong to patterns such as ([0]*3+[1]*58) and end an array where they stand alone.
            if (quote == '\0' && letter == ')' && !Balances(word))
            {
                break;
            }

            position++;
            line += letter == '\n' ? 1 : 0;
            switch (letter)
            {
                case '"' or '\'' when quote == '\0':
                    quote = letter;
                    break;
                case '"' or '\'' when quote == letter:
                    quote = '\0';
                    break;
                case '\\' when position < text.Length && quote != '\'':
                    if (text[position] == '\n')
                    {
                        line++;
                        word.Append(' ');
                    }
                    else
                    {
                        word.Append(text[position]);
                    }

                    position++;
                    break;
                case '$' when quote != '\'' && Sum().Match(text, position) is { Success: true } sum && sum.Index == position:
                    position += sum.Length;
                    word.Append(ScriptSum.Of(SumVariable().Replace(sum.Groups["sum"].Value, SumValueOf)) ?? "$" + sum.Value);
                    break;
                case '$' when quote != '\'' && Variable().Match(text, position) is { Success: true } variable && variable.Index == position:
                    position += variable.Length;
                    word.Append(ValueOf(variable));
                    break;
                default:
                    word.Append(letter);
                    if (letter == '(' && quote == '\0' && word.Length > 1 && word[^2] == '=')
                    {
                        return word.ToString();
                    }

                    break;
            }
        }

        return word.ToString();
    }

    private static bool Balances(StringBuilder word)
    {
        int open = 0;
        for (int index = 0; index < word.Length; index++)
        {
            open += word[index] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return open > 0;
    }

    // A variable that the script does not set stays as it was written, so that a message can show it.
    private string ValueOf(Match match)
    {
        string name = match.Groups["name"].Value;
        if (_variables.TryGetValue(name, out string? value) && value.Length > 0)
        {
            return value;
        }

        Group fallback = match.Groups["fallback"];
        return fallback.Success ? fallback.Value.Trim('"', '\'') : "$" + match.Value;
    }

    // In a sum variables stand with or without their sign.
    private string SumValueOf(Match match) =>
        _variables.TryGetValue(match.Groups["name"].Value, out string? value) ? value : match.Value;

    [GeneratedRegex(@"\G\(\((?<sum>[^\n]*?)\)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sum();

    [GeneratedRegex(@"\$?(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SumVariable();

    [GeneratedRegex(@"\G[ \t]*(-[ \t]+)?[""']?(--)?(?<name>[a-zA-Z][a-zA-Z0-9_-]*)[""']?[ \t]*:(?<value>[ \t][^\n]*)?(?=\n|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex YamlLine();

    [GeneratedRegex(@"\A(?<name>[A-Za-z_][A-Za-z0-9_]*)\+?=(?<value>.*)\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\G(\{(?<name>[A-Za-z0-9_]+)(:?[-=](?<fallback>[^}\n]*))?\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
