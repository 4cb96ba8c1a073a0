using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>What must not be exceeded; a null property sets no limit.</summary>
public sealed record LimitsSection
{
    /// <summary>Duration of the run in days.</summary>
    public double? Days { get; init; }

    /// <summary>Power of the facility in MW.</summary>
    public double? PowerMegawatts { get; init; }

    /// <summary>Total emissions in t of CO₂ equivalent.</summary>
    public double? CarbonTonnes { get; init; }

    /// <summary>Share of the device memory that stays free; 0 when not given.</summary>
    public double MemoryHeadroom { get; init; }

    internal static LimitsSection Read(FieldMap map)
    {
        map.NotYet("cost");
        var section = new LimitsSection
        {
            Days = map.Quantity("days", Dimension.Time, "d", new(0, 36_500, LowOpen: true)),
            PowerMegawatts = map.Quantity("powerMegawatts", Dimension.Power, "MW", new(0, 1e6, LowOpen: true)),
            CarbonTonnes = map.Quantity("carbonTonnes", Dimension.Mass, "t", new(0, 1e12, LowOpen: true)),
            MemoryHeadroom = map.Quantity("memoryHeadroom", Dimension.None, "1", new(0, 1, HighOpen: true)) ?? 0,
        };
        map.Close();
        return section;
    }
}
