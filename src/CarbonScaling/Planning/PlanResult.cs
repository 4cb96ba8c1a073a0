using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>What a search found.</summary>
public sealed record PlanResult
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "carbonscaling/plan/1";

    /// <summary>What was sought: <c>time</c>, <c>energy</c>, <c>carbon</c> or weights.</summary>
    public required string Objective { get; init; }

    /// <summary>The best plans, best first.</summary>
    public required IReadOnlyList<Estimate> Plans { get; init; }

    /// <summary>Plans that no other beats in both days and carbon, fastest first.</summary>
    public required IReadOnlyList<ParetoPoint> Pareto { get; init; }

    /// <summary>How many candidates failed, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Infeasible { get; init; }

    /// <summary>How the search went.</summary>
    public required SearchSummary Search { get; init; }

    /// <summary>The limit that keeps the best plan from being better, or that no candidate meets; null where none binds.</summary>
    public BindingLimit? Binding { get; init; }

    /// <summary>The best plan with its layers by stage; null where there is none.</summary>
    internal SplitPlan? Best { get; init; }
}

/// <summary>A plan on the front of days and carbon.</summary>
/// <param name="Days">Wall time in days.</param>
/// <param name="CarbonKg">Operational and embodied emissions in kgCO2e.</param>
/// <param name="Devices">Devices.</param>
/// <param name="Plan">The plan.</param>
public sealed record ParetoPoint(double Days, double CarbonKg, long Devices, EstimatedPlan Plan);

/// <summary>How a search went.</summary>
/// <param name="Space">Combinations in the space.</param>
/// <param name="Evaluated">Candidates evaluated.</param>
/// <param name="Pruned">Candidates ruled out without evaluation.</param>
/// <param name="Feasible">Candidates that meet every limit.</param>
/// <param name="Seconds">Duration of the search.</param>
/// <param name="Exact">Whether the best plan of the space is certain to be among those found.</param>
public sealed record SearchSummary(long Space, long Evaluated, long Pruned, long Feasible, double Seconds, bool Exact);

/// <summary>The limit that binds.</summary>
/// <param name="Limit">The limit, for example <c>memory</c> or <c>limits.days</c>.</param>
/// <param name="Best">The least that any candidate takes of it.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Unit">The unit of both.</param>
public sealed record BindingLimit(string Limit, double Best, double Allowed, string Unit);
