using System.Globalization;
using System.Text;

namespace CarbonScaling.Cli;

/// <summary>Keeps a message to one harmless line, whatever it quotes.</summary>
internal static class OneLine
{
    private const int Longest = 1000;

    /// <summary>The text with line ends as spaces, other invisible characters escaped, and its end cut off where it is too long.</summary>
    public static string Of(string text)
    {
        StringBuilder line = new();
        foreach (Rune rune in text.EnumerateRunes().Take(Longest))
        {
            if (rune.Value is '\n' or '\r' or '\t')
            {
                line.Append(' ');
            }
            else if (IsVisible(rune))
            {
                line.Append(rune);
            }
            else
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
        }

        if (text.Length > 2 * Longest)
        {
            line.Append('…');
        }

        return line.ToString().Trim();
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or
        UnicodeCategory.Format or
        UnicodeCategory.LineSeparator or
        UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.PrivateUse or
        UnicodeCategory.OtherNotAssigned or
        UnicodeCategory.Surrogate);
}
