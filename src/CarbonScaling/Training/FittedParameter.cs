namespace CarbonScaling.Training;

/// <summary>A multiplier of figures of the priors that was fitted to measurements.</summary>
/// <param name="Id">Its id, which ends in what it is indexed by.</param>
/// <param name="Index">What it is indexed by, such as <c>generation hopper, precision fp8</c>; empty where by nothing.</param>
/// <param name="Figures">The figures that it multiplies.</param>
/// <param name="Logarithm">Natural logarithm of the multiplier.</param>
/// <param name="Spread">Standard deviation of that logarithm, given the data.</param>
/// <param name="PriorSpread">Its standard deviation before the data.</param>
/// <param name="DeclaredSpread">Its standard deviation before any data: of earlier fits, too, where this one goes on from another.</param>
public sealed record FittedParameter(
    string Id, string Index, IReadOnlyList<string> Figures, double Logarithm, double Spread, double PriorSpread, double DeclaredSpread)
{
    /// <summary>The data determine a parameter where they narrow it to at most this share of its prior spread.</summary>
    private const double MostSpreadRatio = 0.9;

    /// <summary>The multiplier.</summary>
    public double Multiplier => Math.Exp(Logarithm);

    /// <summary>What the data leave of the prior spread, 1 where they say nothing.</summary>
    public double SpreadRatio => Spread / PriorSpread;

    /// <summary>Whether the data determine it.</summary>
    public bool IsDetermined => SpreadRatio <= MostSpreadRatio;
}
