using CarbonScaling.Cli.Rendering;
using CarbonScaling.Planning;
using CarbonScaling.Tracking;

namespace CarbonScaling.Cli.Reports;

/// <summary>Says in one line which limit a result exceeds, and by how much.</summary>
internal static class Infeasibility
{
    /// <summary>The line of an estimate; null when it meets every limit.</summary>
    public static string? Of(Estimate estimate) => estimate.Violations.Count == 0
        ? null
        : "infeasible: " + string.Join("; ", estimate.Violations.Select(Sentence));

    /// <summary>The line of a running job; null when its projection meets every limit.</summary>
    public static string? Of(Track track) => track.Violations.Count == 0
        ? null
        : "infeasible: as it runs, " + string.Join("; ", track.Violations.Select(Sentence));

    /// <summary>The line of a search; null when it found a plan.</summary>
    public static string? Of(PlanResult result) => (result.Plans.Count, result.Binding) switch
    {
        ( > 0, _) => null,
        (_, { } binding) => $"infeasible: no plan meets {binding.Limit}; the least is {Measure(binding.Best, binding.Allowed, binding.Unit)}",
        _ => "infeasible: no legal plan in the space",
    };

    /// <summary>How a limit is exceeded.</summary>
    public static string Sentence(LimitViolation violation) =>
        $"{violation.Limit} takes {Measure(violation.Value, violation.Allowed, violation.Unit)}";

    // A unit of several words is a ratio: said once.
    private static string Measure(double value, double allowed, string unit) =>
        $"{Human.Value(value, unit)}, allowed {Human.Value(allowed, unit.Contains(' ', StringComparison.Ordinal) ? "1" : unit)} "
        + $"({Human.Excess(value, allowed)})";
}
