using System.Collections.Frozen;

namespace CarbonScaling.Units;

/// <summary>A unit as a fraction of the base unit: two whole numbers, so that a conversion rounds as little as it can.</summary>
/// <param name="Multiply">What a value is multiplied by.</param>
/// <param name="Divide">What it is divided by afterwards.</param>
internal readonly record struct UnitScale(double Multiply, double Divide = 1)
{
    /// <summary>From this unit to the base unit.</summary>
    public double ToBase(double value) => value * Multiply / Divide;

    /// <summary>From the base unit to this unit.</summary>
    public double FromBase(double value) => value * Divide / Multiply;

    public static UnitScale operator *(UnitScale left, UnitScale right) =>
        new(left.Multiply * right.Multiply, left.Divide * right.Divide);
}

/// <summary>One unit of the ladder that printing climbs: used from <paramref name="From"/> base units on.</summary>
/// <param name="Symbol">How it is written.</param>
/// <param name="Scale">Its size.</param>
/// <param name="From">The least magnitude, in base units, that is printed in it.</param>
internal readonly record struct UnitRung(string Symbol, UnitScale Scale, double From);

/// <summary>The units of one dimension.</summary>
/// <param name="Noun">What a value is called in a message, for example "a power".</param>
/// <param name="BaseUnit">The base unit; "1" where there is none.</param>
/// <param name="Help">The units as a message names them.</param>
/// <param name="Units">Every accepted unit, prefixes included.</param>
/// <param name="Ladder">The units that printing chooses from, ascending.</param>
internal sealed record DimensionUnits(
    string Noun,
    string BaseUnit,
    string Help,
    FrozenDictionary<string, UnitScale> Units,
    IReadOnlyList<UnitRung> Ladder);

/// <summary>Every unit that is read or printed.</summary>
internal static class UnitTable
{
    private const double Hour = 3600;
    private const double Day = 24 * Hour;

    // Amortisation counts years of 365 days, as the published accounts of embodied carbon do.
    private const double Year = 365 * Day;
    private const double KilowattHour = 3.6e6;

    private static readonly (string Symbol, UnitScale Scale)[] One = [("", new(1))];

    private static readonly (string Symbol, UnitScale Scale)[] Decimal =
    [
        ("", new(1)), ("k", new(1e3)), ("M", new(1e6)), ("G", new(1e9)), ("T", new(1e12)), ("P", new(1e15)), ("E", new(1e18)),
    ];

    private static readonly (string Symbol, UnitScale Scale)[] Binary =
    [
        ("Ki", new(1024)),
        ("Mi", new(1024d * 1024)),
        ("Gi", new(1024d * 1024 * 1024)),
        ("Ti", new(1024d * 1024 * 1024 * 1024)),
    ];

    private static readonly (string Symbol, UnitScale Scale)[] Small =
    [
        ("", new(1)), ("m", new(1, 1e3)), ("u", new(1, 1e6)), ("µ", new(1, 1e6)), ("μ", new(1, 1e6)), ("n", new(1, 1e9)),
    ];

    private static readonly (string Symbol, UnitScale Scale)[] Tonnes = Decimal[..4];

    private static readonly (string Symbol, UnitScale Scale)[] Any = [.. Decimal, .. Binary];

    private static readonly DimensionUnits[] Tables =
    [
        Define(
            "a number",
            "1",
            "a number such as 12, 1.5e9 or 15.6T, with the prefixes k, M, G, T, P, E (1000) or Ki, Mi, Gi, Ti (1024)",
            [("1", new(1), One), ("", new(1), Any), ("tokens", new(1), Any), ("parameters", new(1), Any)],
            Climb("", Decimal)),
        Define(
            "a duration",
            "s",
            "a number in s, ms, us, ns, min, h, d or years",
            [
                ("s", new(1), Small),
                ("min", new(60), One),
                ("h", new(Hour), One),
                ("hour", new(Hour), One),
                ("hours", new(Hour), One),
                ("d", new(Day), One),
                ("day", new(Day), One),
                ("days", new(Day), One),
                ("year", new(Year), One),
                ("years", new(Year), One),
            ],
            [
                new("ns", new(1, 1e9), 0),
                new("us", new(1, 1e6), 1e-6),
                new("ms", new(1, 1e3), 1e-3),
                new("s", new(1), 1),
                new("min", new(60), 120),
                new("h", new(Hour), 2 * Hour),
                new("d", new(Day), 2 * Day),
                new("years", new(Year), 3 * Year),
            ]),
        Define("a frequency", "Hz", "a number in Hz, with the prefixes k, M, G, T", [("Hz", new(1), Decimal)], Climb("Hz", Decimal)),
        Define(
            "a rate",
            "1/s",
            "a number in 1/s, 1/h, 1/d or 1/year",
            [("1/s", new(1), One), ("1/h", new(1, Hour), One), ("1/d", new(1, Day), One), ("1/year", new(1, Year), One)],
            [new("1/h", new(1, Hour), 0)]),
        Define(
            "an amount of data",
            "B",
            "a number in B (bytes) or b (bits), with the prefixes k, M, G, T, P, E (1000) or Ki, Mi, Gi, Ti (1024)",
            [("B", new(1), Any), ("b", new(1, 8), Any), ("bit", new(1, 8), Any)],
            Climb("B", [One[0], .. Binary])),
        Define(
            "a data rate",
            "B/s",
            "a number in B/s (bytes) or b/s (bits), with the prefixes k, M, G, T, P, E (1000) or Ki, Mi, Gi, Ti (1024)",
            [("B/s", new(1), Any), ("b/s", new(1, 8), Any), ("bit/s", new(1, 8), Any)],
            Climb("B/s", Decimal)),
        Define(
            "a latency per root of size",
            "s/sqrtB",
            "a number in s/sqrtB or us/sqrtMB",
            [("s/sqrtB", new(1), One), ("us/sqrtMB", new(1, 1e9), One)],
            [new("us/sqrtMB", new(1, 1e9), 0)]),
        Define(
            "an amount of computation",
            "FLOP",
            "a number in FLOP, with the prefixes k, M, G, T, P, E",
            [("FLOP", new(1), Decimal), ("FLOPs", new(1), Decimal)],
            Climb("FLOP", Decimal)),
        Define(
            "a computing rate",
            "FLOP/s",
            "a number in FLOP/s, with the prefixes k, M, G, T, P, E",
            [("FLOP/s", new(1), Decimal)],
            Climb("FLOP/s", Decimal)),
        Define("a power", "W", "a number in W, with the prefixes k, M, G, T", [("W", new(1), Decimal)], Climb("W", Decimal)),
        Define(
            "an energy",
            "J",
            "a number in J or Wh, with the prefixes k, M, G, T, P, E",
            [("J", new(1), Decimal), ("Wh", new(Hour), Decimal)],
            [new("J", new(1), 0), .. Climb("Wh", Decimal, scale: Hour)]),
        Define(
            "an amount of emissions",
            "kg",
            "a number in g, kg, t, kt, Mt or Gt (of CO2e)",
            [("g", new(1, 1e3), One), ("kg", new(1), One), ("t", new(1e3), Tonnes)],
            [new("g", new(1, 1e3), 0), new("kg", new(1), 1), .. Climb("t", Tonnes, scale: 1e3)]),
        Define(
            "a carbon intensity",
            "kg/J",
            "a number in g/kWh, kg/kWh, kg/MWh, t/MWh or kg/J (of CO2e)",
            [
                ("g/kWh", new(1, 1e3 * KilowattHour), One),
                ("kg/kWh", new(1, KilowattHour), One),
                ("kg/MWh", new(1, 1e3 * KilowattHour), One),
                ("t/MWh", new(1, KilowattHour), One),
                ("kg/J", new(1), One),
            ],
            [new("g/kWh", new(1, 1e3 * KilowattHour), 0)]),
        Define(
            "emissions per capacity",
            "kg/B",
            "a number in kg/GB, kg/GiB, g/GB or kg/B (of CO2e)",
            [("kg/GB", new(1, 1e9), One), ("kg/GiB", new(1, 1 << 30), One), ("g/GB", new(1, 1e12), One), ("kg/B", new(1), One)],
            [new("kg/GB", new(1, 1e9), 0)]),
        Define(
            "emissions per area",
            "kg/m2",
            "a number in kg/cm2, g/cm2 or kg/m2 (of CO2e)",
            [("kg/cm2", new(1e4), One), ("g/cm2", new(10), One), ("kg/m2", new(1), One)],
            [new("kg/cm2", new(1e4), 0)]),
        Define(
            "emissions per power",
            "kg/W",
            "a number in kg/W or kg/kW (of CO2e)",
            [("kg/W", new(1), One), ("kg/kW", new(1, 1e3), One)],
            [new("kg/W", new(1), 0)]),
        Define(
            "an area",
            "m2",
            "a number in mm2, cm2 or m2",
            [("mm2", new(1, 1e6), One), ("cm2", new(1, 1e4), One), ("m2", new(1), One)],
            [new("mm2", new(1, 1e6), 0), new("cm2", new(1, 1e4), 1e-3), new("m2", new(1), 1)]),
        Define(
            "a density",
            "1/m2",
            "a number in 1/cm2, 1/mm2 or 1/m2",
            [("1/cm2", new(1e4), One), ("1/mm2", new(1e6), One), ("1/m2", new(1), One)],
            [new("1/cm2", new(1e4), 0)]),
        Define(
            "an energy per area",
            "J/m2",
            "a number in kWh/cm2 or J/m2",
            [("kWh/cm2", new(1e4 * KilowattHour), One), ("J/m2", new(1), One)],
            [new("kWh/cm2", new(1e4 * KilowattHour), 0)]),
        Define("an amount of money", "USD", "a number in USD, with the prefixes k, M, G", [("USD", new(1), Tonnes)], Climb("USD", Tonnes)),
    ];

    /// <summary>The units of a dimension.</summary>
    public static DimensionUnits Of(Dimension dimension) => Tables[(int)dimension];

    private static DimensionUnits Define(
        string noun,
        string baseUnit,
        string help,
        ReadOnlySpan<(string Symbol, UnitScale Scale, (string Symbol, UnitScale Scale)[] Prefixes)> units,
        IReadOnlyList<UnitRung> ladder)
    {
        var scales = new Dictionary<string, UnitScale>(StringComparer.Ordinal);
        foreach (var (symbol, scale, prefixes) in units)
        {
            foreach (var (prefix, factor) in prefixes)
                scales.Add(prefix + symbol, factor * scale);
        }

        return new(noun, baseUnit, help, scales.ToFrozenDictionary(StringComparer.Ordinal), ladder);
    }

    private static UnitRung[] Climb(string symbol, (string Symbol, UnitScale Scale)[] prefixes, double scale = 1) =>
        [.. prefixes.Select((prefix, index) => new UnitRung(
            prefix.Symbol + symbol,
            prefix.Scale * new UnitScale(scale),
            index == 0 && scale == 1 ? 0 : prefix.Scale.Multiply * scale))];
}
