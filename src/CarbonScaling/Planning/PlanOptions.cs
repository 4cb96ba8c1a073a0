using CarbonScaling.Models;

namespace CarbonScaling.Planning;

/// <summary>How a search runs and what it shows.</summary>
/// <param name="Flops">How model FLOPs are counted.</param>
/// <param name="Top">How many of the best plans are shown, at least 1.</param>
/// <param name="Threads">Threads to use; null takes all. The result does not depend on it.</param>
public sealed record PlanOptions(FlopsConvention Flops = FlopsConvention.ModelFull, int Top = 5, int? Threads = null);

/// <summary>How far a search is.</summary>
/// <param name="Done">Parts of the space that are done.</param>
/// <param name="Space">Parts of the space.</param>
public readonly record struct SearchProgress(long Done, long Space);
