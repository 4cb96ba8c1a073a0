using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>How fitted multipliers move a figure of the priors.</summary>
internal static class Multipliers
{
    /// <summary>A figure under multipliers.</summary>
    /// <remarks>Eq. CAL-1: value = prior·Πm.</remarks>
    /// <param name="prior">The prior.</param>
    /// <param name="logarithm">Sum of the natural logarithms of the multipliers.</param>
    public static T Figure<T>(T prior, T logarithm)
        where T : struct, IReal<T> => T.Name(prior * T.Exp(logarithm), Equations.CalibratedFigure);

    /// <summary>A share, which multipliers move as any figure near its prior and never to 1.</summary>
    /// <remarks>Eq. CAL-2: p/(1 − p) = p₀/(1 − p₀)·(Πm)^(1/(1 − p₀)).</remarks>
    /// <param name="prior">The prior p₀, above 0 and below 1.</param>
    /// <param name="logarithm">Sum of the natural logarithms of the multipliers.</param>
    public static T Share<T>(T prior, T logarithm)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T rest = one - prior;
        return T.Name(one / (one + (rest / prior * T.Exp(-(logarithm / rest)))), Equations.CalibratedShare);
    }
}
