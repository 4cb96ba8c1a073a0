using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>How tokens of a mixture of experts spread over the experts.</summary>
public sealed record RoutingSection
{
    /// <summary>
    /// Tokens on the fullest over those on the mean expert-parallel rank, 1 or more; 1 is routing whose balance is forced,
    /// as benchmarks do. Null takes the default for trained routing.
    /// </summary>
    public double? Imbalance { get; init; }

    /// <summary>Tokens that an expert takes at most, over their mean; null drops none.</summary>
    public double? CapacityFactor { get; init; }

    internal static RoutingSection Read(FieldMap map)
    {
        var section = new RoutingSection
        {
            Imbalance = map.Quantity("imbalance", Dimension.None, "1", new(1, 1000)),
            CapacityFactor = map.Quantity("capacityFactor", Dimension.None, "1", new(0, 1000, LowOpen: true)),
        };
        map.Close();
        return section;
    }
}
