using System.Globalization;

namespace CarbonScaling.Validation.Pages;

/// <summary>Numbers and choices that the pages about a validation share.</summary>
internal static class PageText
{
    private static readonly string[] Preferred = ["carbonscaling-loso", "carbonscaling", "carbonscaling-priors"];

    /// <summary>A share in percent; empty where there is none.</summary>
    public static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} %") : "";

    /// <summary>A share in percent with its interval.</summary>
    public static string Percent(double? share, IReadOnlyList<double>? interval) => interval is [var low, var high]
        ? string.Create(CultureInfo.InvariantCulture, $"{Percent(share)} [{100 * low:F1}, {100 * high:F1}]")
        : Percent(share);

    /// <summary>A number with two decimals; empty where there is none.</summary>
    public static string Fixed(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A number with two decimals and its interval.</summary>
    public static string Fixed(double? value, IReadOnlyList<double>? interval) => interval is [var low, var high]
        ? string.Create(CultureInfo.InvariantCulture, $"{Fixed(value)} [{low:F2}, {high:F2}]")
        : Fixed(value);

    /// <summary>An error with its sign, in percent.</summary>
    public static string Signed(double error) => (100 * error).ToString("+0.0 '%';−0.0 '%';0.0 '%'", CultureInfo.InvariantCulture);

    /// <summary>A number with four significant digits.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>
    /// The method of this program by which a table is judged: parameters that never saw the source, where there are such, else
    /// the default ones.
    /// </summary>
    public static MethodScore Judged(TargetScore target) => Preferred
        .Select(name => target.Methods.FirstOrDefault(method => method.Method.Split('@')[0] == name))
        .FirstOrDefault(static method => method is { Errors.N: > 0 }) ?? target.Methods[0];

    /// <summary>Whether any method predicts a row.</summary>
    public static bool IsScored(TargetScore target) => target.Methods.Any(static method => method.Errors.N > 0);

    /// <summary>The baseline with the least typical factor among those that predict most of the rows; null where there is none.</summary>
    public static MethodScore? BestBaseline(TargetScore target) => target.Methods
        .Where(method => !method.IsOurs && method.Errors.N >= 0.8 * Judged(target).Errors.N)
        .MinBy(static method => method.Errors.ExpRmsle);

    /// <summary>The judged method against a baseline.</summary>
    public static MethodComparison? Against(TargetScore target, MethodScore baseline) => target.Comparisons
        .FirstOrDefault(comparison => comparison.Method == Judged(target).Method && comparison.Baseline == baseline.Method);

    /// <summary>Rows of a method in a table, the farthest first.</summary>
    public static IReadOnlyList<ValidatedRow> Worst(ValidationOutcome outcome, TargetScore target, string method, int most) =>
    [
        .. outcome.Rows
            .Where(row => row.Table == target.Id && row.Method == method && row.Predicted is not null)
            .OrderByDescending(static row => Math.Abs(Math.Log(row.Predicted!.Value / row.Measured)))
            .Take(most),
    ];

    /// <summary>What may be claimed of a table against its best baseline, by the paired bootstrap.</summary>
    public static string Verdict(TargetScore target)
    {
        MethodScore judged = Judged(target);
        if (judged.Errors.N == 0)
        {
            return "no row is predicted";
        }

        if (BestBaseline(target) is not { } best)
        {
            return "no baseline predicts these rows";
        }

        MethodComparison? against = Against(target, best);
        string than = $"than the best baseline ({best.Method}, factor {Fixed(best.Errors.ExpRmsle)})";
        return against switch
        {
            { Beats: true } => $"nearer {than}",
            { IsBeaten: true } => $"farther {than}",
            { Interval95: not null } => $"not decided whether nearer {than}",
            _ => $"too few sources to tell whether nearer {than}",
        };
    }
}
