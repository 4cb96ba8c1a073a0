namespace CarbonScaling.Planning;

/// <summary>The arguments that launch a plan. Its fields are those of the JSON that the program prints.</summary>
public sealed record LaunchExport
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "carbonscaling/export/1";

    /// <summary>The program that takes the arguments.</summary>
    public string Target { get; init; } = "megatron";

    /// <summary>Whose plan it is: <c>scenario</c>, or <c>search</c> for the best one found.</summary>
    public required string PlanFrom { get; init; }

    /// <summary>What the scenario leaves open, so that it was searched; empty for a complete plan.</summary>
    public required IReadOnlyList<string> Open { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Devices, each with a process of its own.</summary>
    public required long Devices { get; init; }

    /// <summary>The plan.</summary>
    public required EstimatedPlan Plan { get; init; }

    /// <summary>Arguments with their values as a shell takes them, in order.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>What of the model, its training and its plan has no argument.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}

/// <summary>What an export rests on.</summary>
/// <param name="Launch">The arguments; null where the search found no plan.</param>
/// <param name="Estimate">What training takes with the plan; null where the search found none.</param>
/// <param name="Search">What the search found; null for the scenario's own plan.</param>
public sealed record ExportResult(LaunchExport? Launch, Estimate? Estimate, PlanResult? Search);
