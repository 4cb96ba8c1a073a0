using CarbonScaling.Planning;

namespace CarbonScaling.Validation;

/// <summary>A record evaluated with one set of parameters.</summary>
/// <param name="Estimate">The estimate; null where there is none.</param>
/// <param name="Refused">Why there is none; null where there is nothing to evaluate.</param>
/// <param name="Filled">What rules filled, where that depends on the parameters; else null.</param>
internal sealed record Evaluation(Estimate? Estimate, Exclusion? Refused, IReadOnlyList<FilledField>? Filled = null);
