using System.Globalization;
using System.Text;

namespace CarbonScaling.Validation.Pages;

/// <summary>The lines of the README that state the errors, between two marks.</summary>
public static class ReadmeLines
{
    /// <summary>The line before.</summary>
    public const string Begin = "<!-- validation: generated, see docs/validation.md -->";

    /// <summary>The line after.</summary>
    public const string End = "<!-- end of validation -->";

    private static readonly (string Table, string What)[] Told =
    [
        ("step.seconds", "duration of a step"),
        ("memory.peakBytes", "peak memory"),
        ("run.deviceHours", "device-hours of a whole run, blind where its plan is not published"),
    ];

    /// <summary>A text with the lines between its marks written anew.</summary>
    /// <param name="text">The text, which has both marks.</param>
    /// <param name="outcome">The errors.</param>
    /// <exception cref="ArgumentException">The text lacks a mark.</exception>
    public static string Replace(string text, ValidationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(text);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{text[..begin]}{Begin}\n{Write(outcome)}{text[end..]}"
            : throw new ArgumentException($"The text lacks '{Begin}' or '{End}'.", nameof(text));
    }

    /// <summary>The lines.</summary>
    public static string Write(ValidationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        StringBuilder lines = new();
        lines.AppendLine("""
            | | rows | sources | median error | 90th percentile | best baseline's median |
            |---|---:|---:|---:|---:|---|
            """);
        foreach ((string table, string what) in Told)
        {
            if (outcome.Targets.FirstOrDefault(target => target.Id == table) is { } target && PageText.Judged(target) is { Errors.N: > 0 } judged)
            {
                MethodScore? best = PageText.BestBaseline(target);
                string baseline = best is null ? "none" : $"{PageText.Percent(best.Errors.MedianApe)} ({best.Method})";
                lines.AppendLine(CultureInfo.InvariantCulture,
                    $"| {what} | {judged.Errors.N} | {judged.Errors.Sources} | {PageText.Percent(judged.Errors.MedianApe)} | {PageText.Percent(judged.Errors.P90Ape)} | {baseline} |");
            }
        }

        return lines.ToString().ReplaceLineEndings("\n");
    }
}
