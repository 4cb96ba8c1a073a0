using System.Runtime.CompilerServices;
using CarbonScaling.Catalogs;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>The parameter sets of a catalog, each read once.</summary>
internal sealed class ParameterSets
{
    /// <summary>The set without any data.</summary>
    public const string Priors = "priors";

    /// <summary>The set that was fitted to published steps.</summary>
    public const string Calibrated = "calibrated";

    private static readonly ConditionalWeakTable<Catalog, ParameterSets> Known = [];

    private readonly Lazy<ModelParameters> _priors;
    private readonly Lazy<CalibratedSet?> _fit;
    private readonly Lazy<ModelParameters> _calibrated;

    private ParameterSets(Catalog catalog)
    {
        _priors = new(() => ParametersReader.Read(catalog, Priors));
        _fit = new(() => Read(catalog, leftOut: true));
        _calibrated = new(() => Read(catalog, leftOut: false)?.Apply(_priors.Value) ?? _priors.Value);
    }

    /// <summary>Those of a catalog.</summary>
    public static ParameterSets Of(Catalog catalog) => Known.GetValue(catalog, static each => new(each));

    /// <summary>The priors.</summary>
    public ModelParameters WithoutData => _priors.Value;

    /// <summary>The calibration of the catalog; null where it has none.</summary>
    public CalibratedSet? Fit => _fit.Value;

    /// <summary>The priors under the calibration; the priors alone where there is none.</summary>
    public ModelParameters Default => _calibrated.Value;

    /// <summary>The set that a scenario asks for.</summary>
    public ModelParameters For(Scenario scenario) => scenario switch
    {
        { Calibrated: { Base: Calibrated } own } => own.Apply(Default),
        { Calibrated: { } own } => own.Apply(WithoutData),
        { Calibration: Priors } => WithoutData,
        _ => Default,
    };

    private static CalibratedSet? Read(Catalog catalog, bool leftOut)
    {
        if (!catalog.TryFind(CatalogKinds.Calibration, Calibrated, out CatalogEntry? entry))
        {
            return null;
        }

        CalibratedSetReading reading = CalibratedSetReader.Read(entry, leftOut);
        return reading.Set ?? throw new CatalogException(reading.Problems[0].ToString());
    }
}
