using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Laws;

/// <summary>A law of the global batch: tokens = coefficient · (x/reference)^exponent.</summary>
/// <param name="Id">Catalog id.</param>
/// <param name="Of">What x is: tokens, compute or loss.</param>
/// <param name="Coefficient">Batch in tokens at the reference.</param>
/// <param name="Exponent">The exponent.</param>
/// <param name="Reference">The reference.</param>
public sealed record BatchLaw(string Id, string Of, Figure Coefficient, Figure Exponent, Figure Reference)
{
    /// <summary>The law taken when a scenario names none.</summary>
    public const string Default = "zhang-2024";

    /// <summary>Reads a law.</summary>
    /// <exception cref="CatalogException">There is no such law, or it is not a law of the batch.</exception>
    public static BatchLaw Read(Catalog catalog, string id)
    {
        CatalogEntry entry = LawEntry.Find(catalog, id, "batch");
        return new(
            entry.Id,
            entry.Attribute("of"),
            entry.Figure("coefficient", Dimension.None),
            entry.Figure("exponent", Dimension.None),
            entry.Figure("reference", Dimension.None));
    }

    /// <summary>The batch in tokens.</summary>
    /// <param name="tokens">Tokens of the training.</param>
    /// <param name="computeFlops">Its compute in FLOP.</param>
    /// <param name="loss">Its loss in nats per token.</param>
    public double Tokens(double tokens, double computeFlops, double loss)
    {
        double x = Of switch { "tokens" => tokens, "compute" => computeFlops, _ => loss };
        return Coefficient.Value * Math.Pow(x / Reference.Value, Exponent.Value);
    }
}
