using System.Globalization;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>The values that a field accepts.</summary>
internal readonly record struct Interval(double Low, double High, bool LowOpen = false, bool HighOpen = false)
{
    public bool Contains(double value) =>
        (LowOpen ? value > Low : value >= Low) && (HighOpen ? value < High : value <= High);

    public override string ToString() =>
        $"{(LowOpen ? "more than " : "")}{Text(Low)} to {(HighOpen ? "less than " : "")}{Text(High)}";

    private static string Text(double value) =>
        value is >= 1e-3 and < 1e6 or 0 ? value.ToString(CultureInfo.InvariantCulture) : UnitText.Format(value, Dimension.None);
}
