using System.Globalization;
using System.Text;

namespace CarbonScaling.Scenarios;

/// <summary>Something wrong in a scenario, told in one line.</summary>
/// <param name="File">The file, or <c>--set</c> for an override.</param>
/// <param name="Line">The line, from 1; of an override its number.</param>
/// <param name="Field">The path of the field as written, such as <c>cluster.pools[0].devices</c>; empty for the whole file.</param>
/// <param name="Value">The value as it was written; empty where there is none to show.</param>
/// <param name="Message">What is wrong and what is allowed, to follow the field or the value.</param>
public sealed record ScenarioProblem(string File, int Line, string Field, string Value, string Message)
{
    private const int LongestField = 120;
    private const int LongestValue = 60;
    private const int LongestMessage = 600;

    /// <summary>One line: <c>FILE:LINE: field.path: 'value' is …; allowed: …</c>, with control characters escaped.</summary>
    public override string ToString()
    {
        var line = new StringBuilder();
        Append(line, File, int.MaxValue);
        line.Append(':').Append(Line.ToString(CultureInfo.InvariantCulture)).Append(": ");
        if (Field.Length > 0)
        {
            Append(line, Field, LongestField);
            line.Append(": ");
        }

        if (Value.Length > 0)
        {
            line.Append('\'');
            Append(line, Value, LongestValue);
            line.Append("' ");
        }

        Append(line, Message, LongestMessage);
        return line.ToString();
    }

    private static void Append(StringBuilder line, string text, int longest)
    {
        int shown = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown == longest)
            {
                line.Append('…');
                return;
            }

            shown++;
            if (IsVisible(rune))
            {
                line.Append(rune.ToString());
            }
            else
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
        }
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
