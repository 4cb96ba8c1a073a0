namespace CarbonScaling.Validation.Calibration;

/// <summary>A parameter that is fitted: a multiplier of some figures of the priors.</summary>
/// <param name="Id">Its id, which ends in the values of its indices.</param>
/// <param name="Index">The value of every index that it has.</param>
/// <param name="Figures">Patterns of the figures that it multiplies.</param>
/// <param name="Spread">Standard deviation of the natural logarithm of the multiplier before any data.</param>
/// <param name="Source">The source of the spread.</param>
/// <param name="Why">Why the figures may be off by that much together.</param>
internal sealed record DeclaredParameter(
    string Id,
    IReadOnlyDictionary<FitIndex, string> Index,
    IReadOnlyList<string> Figures,
    double Spread,
    string Source,
    string Why);

/// <summary>How data and priors are weighed.</summary>
/// <param name="Scale">Scale of ln(predicted / measured) beyond what the parameters explain.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of its Student-t distribution.</param>
/// <param name="SourceExponent">A source of n rows weighs n to this power.</param>
/// <param name="PerDoubling">Spread that an interval gains for every doubling beyond the fitted devices or parameters.</param>
/// <param name="Unseen">Spread that it gains for a generation, a number format or a class of software that was not fitted.</param>
/// <param name="AdaptationShare">Share of its prior spread by which a multiplier may differ from that of an earlier fit.</param>
internal sealed record FitWeights(
    double Scale, double DegreesOfFreedom, double SourceExponent, double PerDoubling, double Unseen, double AdaptationShare);

/// <summary>What is fitted, and how: an entry of the catalog's kind <c>fits</c>.</summary>
/// <param name="Id">The id of the entry.</param>
/// <param name="Parameters">The parameters, in the order of the file.</param>
/// <param name="Shares">Patterns of figures that cannot exceed 1.</param>
/// <param name="Weights">How data and priors are weighed.</param>
internal sealed record FitDeclaration(
    string Id, IReadOnlyList<DeclaredParameter> Parameters, IReadOnlyList<string> Shares, FitWeights Weights);
