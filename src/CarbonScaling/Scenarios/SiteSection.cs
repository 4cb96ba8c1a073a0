using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>Which emissions a carbon intensity counts.</summary>
public enum IntensityKind
{
    /// <summary>Those of the whole life cycle of power plants and fuels.</summary>
    Lifecycle,

    /// <summary>Only those of burning the fuel.</summary>
    Direct,
}

/// <summary>How embodied emissions are shared among the jobs of a device's life.</summary>
public enum EmbodiedAllocation
{
    /// <summary>By the share of its lifetime.</summary>
    Time,
}

/// <summary>Where and when the job runs. Exactly one of grid and carbon intensity is set.</summary>
public sealed record SiteSection
{
    /// <summary>Catalog id of the grid; null when the intensity is given.</summary>
    public string? Grid { get; init; }

    /// <summary>Emissions per energy in g/kWh (<c>carbonIntensity</c>); null when a grid is given.</summary>
    public double? CarbonIntensityGramsPerKwh { get; init; }

    /// <summary>Which emissions the intensity counts; those of the life cycle when not given.</summary>
    public IntensityKind IntensityKind { get; init; }

    /// <summary>Power usage effectiveness, facility energy over IT energy; null takes the default.</summary>
    public double? Pue { get; init; }

    /// <summary>When the run starts; null when not given.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Years over which embodied emissions are spread; null takes the default.</summary>
    public double? LifetimeYears { get; init; }

    /// <summary>How embodied emissions are shared; by time when not given.</summary>
    public EmbodiedAllocation Allocation { get; init; }

    internal static SiteSection Read(FieldMap map)
    {
        if (!map.NotYet("hourly"))
        {
            map.ExactlyOne("grid", "carbonIntensity");
        }

        var section = new SiteSection
        {
            Grid = map.CatalogId("grid", "a catalog id such as us-va"),
            CarbonIntensityGramsPerKwh = map.Quantity("carbonIntensity", Dimension.CarbonIntensity, "g/kWh", new(0, 5000)),
            IntensityKind = map.Choice("intensityKind", Vocabulary.IntensityKinds) ?? IntensityKind.Lifecycle,
            Pue = map.Quantity("pue", Dimension.None, "1", new(1, 5)),
            Start = map.Moment("start"),
            LifetimeYears = map.Quantity("lifetimeYears", Dimension.Time, "years", new(0.1, 50)),
            Allocation = map.Choice("allocation", Vocabulary.Allocations) ?? EmbodiedAllocation.Time,
        };
        map.Close();
        return section;
    }
}
