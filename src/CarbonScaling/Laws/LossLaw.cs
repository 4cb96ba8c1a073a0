using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Laws;

/// <summary>A neural scaling law of the form L(N, D) = E + A/N^α + B/D^β (Hoffmann et al. 2022, approach 3).</summary>
/// <param name="Id">Catalog id.</param>
/// <param name="Irreducible">Loss E that no model gets below, in nats per token.</param>
/// <param name="ParameterCoefficient">A.</param>
/// <param name="TokenCoefficient">B.</param>
/// <param name="ParameterExponent">α.</param>
/// <param name="TokenExponent">β.</param>
public sealed record LossLaw(
    string Id,
    Figure Irreducible,
    Figure ParameterCoefficient,
    Figure TokenCoefficient,
    Figure ParameterExponent,
    Figure TokenExponent)
{
    /// <summary>FLOPs per parameter and token of training, C = 6·N·D.</summary>
    private const double FlopsPerParameterAndToken = 6;

    /// <summary>Exponent a of the compute-optimal model size, N* ∝ C^a.</summary>
    public double SizeExponent => TokenExponent.Value / (ParameterExponent.Value + TokenExponent.Value);

    /// <summary>Reads a law.</summary>
    /// <exception cref="CatalogException">There is no such law, or it is not a law of the loss.</exception>
    public static LossLaw Read(Catalog catalog, string id)
    {
        CatalogEntry entry = LawEntry.Find(catalog, id, "loss");
        return new(
            entry.Id,
            entry.Figure("E", Dimension.None),
            entry.Figure("A", Dimension.None),
            entry.Figure("B", Dimension.None),
            entry.Figure("alpha", Dimension.None),
            entry.Figure("beta", Dimension.None));
    }

    /// <summary>Loss of a model after training, in nats per token.</summary>
    /// <remarks>Eq. LAW-1: E + A/N^α + B/D^β.</remarks>
    public T Loss<T>(T parameters, T tokens)
        where T : struct, IReal<T>
    {
        T fromSize = T.Input(ParameterCoefficient) * T.Exp(-T.Input(ParameterExponent) * T.Log(parameters));
        T fromData = T.Input(TokenCoefficient) * T.Exp(-T.Input(TokenExponent) * T.Log(tokens));
        return T.Name(T.Input(Irreducible) + fromSize + fromData, Equations.PredictedLoss);
    }

    /// <summary>The model size and tokens that give the least loss for a compute budget.</summary>
    /// <remarks>Closed form: N* = G·(C/6)^a, D* = (C/6)^(1−a)/G, G = (αA/(βB))^(1/(α+β)).</remarks>
    /// <param name="computeFlops">Compute budget C in FLOP.</param>
    public (double Parameters, double Tokens) Optimum(double computeFlops)
    {
        double sum = ParameterExponent.Value + TokenExponent.Value;
        double ratio = ParameterExponent.Value * ParameterCoefficient.Value / (TokenExponent.Value * TokenCoefficient.Value);
        double product = computeFlops / FlopsPerParameterAndToken;
        double parameters = Math.Pow(ratio, 1 / sum) * Math.Pow(product, SizeExponent);
        return (parameters, product / parameters);
    }

    /// <summary>The least compute that reaches a loss.</summary>
    /// <param name="loss">The loss in nats per token.</param>
    /// <param name="computeFlops">The compute in FLOP.</param>
    /// <returns>Whether the loss can be reached: it must exceed the irreducible loss.</returns>
    public bool TryComputeFor(double loss, out double computeFlops)
    {
        // On the optimal path the two reducible terms keep their ratio and fall as C^−γ, γ = αβ/(α+β).
        double reducible = loss - Irreducible.Value;
        double exponent = ParameterExponent.Value * SizeExponent;
        (double parameters, double tokens) = Optimum(FlopsPerParameterAndToken);
        double atUnit = Loss<Scalar>(new(parameters), new(tokens)).Value - Irreducible.Value;
        computeFlops = reducible > 0 ? FlopsPerParameterAndToken * Math.Pow(atUnit / reducible, 1 / exponent) : double.NaN;
        return reducible > 0 && double.IsFinite(computeFlops);
    }

    /// <summary>Loss that a model approaches with ever more tokens, in nats per token.</summary>
    /// <param name="parameters">Its parameters.</param>
    public double LossOfEndlessTokens(double parameters) =>
        Irreducible.Value + (ParameterCoefficient.Value * Math.Pow(parameters, -ParameterExponent.Value));

    /// <summary>The tokens with which a model reaches a loss.</summary>
    /// <remarks>LAW-1 solved for the tokens: D = (B/(L − E − A/N^α))^(1/β).</remarks>
    /// <param name="loss">The loss in nats per token.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="tokens">The tokens.</param>
    /// <returns>Whether the model reaches it with any finite number of tokens.</returns>
    public bool TryTokensFor(double loss, double parameters, out double tokens)
    {
        double fromData = loss - LossOfEndlessTokens(parameters);
        tokens = Math.Pow(TokenCoefficient.Value / fromData, 1 / TokenExponent.Value);
        return fromData > 0 && double.IsFinite(tokens);
    }
}
