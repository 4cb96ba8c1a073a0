using CarbonScaling.Units;

namespace CarbonScaling.Explanation;

/// <summary>What an input was computed from before the equations saw it.</summary>
/// <param name="Equation">How.</param>
/// <param name="Factors">From which figures.</param>
internal sealed record FigureOrigin(Equation Equation, IReadOnlyList<Figure> Factors);
