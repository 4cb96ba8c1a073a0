using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>A part of a stacked bar.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Glyph">What fills it, so that it is told apart without colour.</param>
/// <param name="Color">Its colour.</param>
internal sealed record BarPart(string Label, double Value, char Glyph, Color Color);

/// <summary>Bars of block characters.</summary>
internal static class Bars
{
    /// <summary>What stands for room that is free.</summary>
    public const char Free = '·';

    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>A bar of a share of the width, to an eighth of a character; never empty for a share above 0.</summary>
    public static string Of(double share, int width)
    {
        int eighths = double.IsFinite(share) ? (int)Math.Round(Math.Clamp(share, 0, 1) * width * 8) : 0;
        eighths = Math.Max(eighths, share > 0 ? 1 : 0);
        string end = eighths % 8 == 0 ? "" : Eighths[eighths % 8].ToString();
        return new string('█', eighths / 8) + end;
    }

    /// <summary>Parts after each other against a capacity, which shows as free room or as a mark inside the bar.</summary>
    public static Paragraph Stacked(IReadOnlyList<BarPart> parts, double capacity, int width)
    {
        double sum = parts.Sum(static part => part.Value);
        double scale = width / Math.Max(sum, capacity);
        Paragraph bar = new();
        double reached = 0;
        int column = 0;
        int mark = sum > capacity ? (int)Math.Round(capacity * scale) : width;
        foreach (BarPart part in parts)
        {
            reached += part.Value;
            int end = Math.Min(width, (int)Math.Round(reached * scale));
            for (; column < end; column++)
            {
                bar.Append(column == mark ? "|" : part.Glyph.ToString(), column == mark ? Styles.Problem : new Style(part.Color));
            }
        }

        return bar.Append(new string(Free, width - column), Styles.Quiet);
    }
}
