using System.Globalization;
using CarbonScaling.Units;

namespace CarbonScaling.Cli.Rendering;

/// <summary>Numbers as people read them: three significant digits, and a unit that suits their size.</summary>
internal static class Human
{
    private const int SignificantDigits = 3;
    private const double SecondsPerDay = 86_400;
    private const double JoulesPerKilowattHour = 3.6e6;
    private const double LeastThatGroups = 1000;
    private const double GreatestExact = 1e6;

    private static readonly Dimension[] Dimensions = [.. Enum.GetValues<Dimension>().Where(static each => each != Dimension.None)];

    /// <summary>A duration.</summary>
    public static string Seconds(double seconds) => Format(seconds, Dimension.Time);

    /// <summary>A duration that is mostly long: days, and smaller units below two of them.</summary>
    public static string Days(double days) => days < 2 ? Seconds(days * SecondsPerDay) : $"{Number(days)} days";

    /// <summary>An amount of memory.</summary>
    public static string Bytes(double bytes) => Format(bytes, Dimension.Bytes);

    /// <summary>An energy.</summary>
    public static string Energy(double kilowattHours) => Format(kilowattHours * JoulesPerKilowattHour, Dimension.Energy);

    /// <summary>A power.</summary>
    public static string Watts(double watts) => Format(watts, Dimension.Power);

    /// <summary>Emissions.</summary>
    public static string Emissions(double kilograms) => $"{Format(kilograms, Dimension.Mass)} CO2e";

    /// <summary>A count, for example <c>15.6 T</c>; whole numbers below a million in full.</summary>
    public static string Count(double count)
    {
        if (!double.IsFinite(count) || Math.Abs(count) < GreatestExact)
        {
            return Number(count);
        }

        string text = UnitText.Format(count, Dimension.None);
        return text[^1] switch
        {
            'G' => $"{text[..^1]} B",
            >= 'A' and <= 'Z' => $"{text[..^1]} {text[^1]}",
            _ => text,
        };
    }

    /// <summary>A plain number; whole ones below a million in full, with thousands set apart.</summary>
    public static string Number(double number)
    {
        double size = Math.Abs(number);
        return size switch
        {
            double.NaN => "undefined",
            double.PositiveInfinity => "infinite",
            < GreatestExact when size == Math.Floor(size) => number.ToString("N0", CultureInfo.InvariantCulture),
            >= LeastThatGroups and < GreatestExact => Rounded(number).ToString("N0", CultureInfo.InvariantCulture),
            >= GreatestExact => number.ToString("0.##e0", CultureInfo.InvariantCulture),
            _ => UnitText.Format(number, Dimension.None),
        };
    }

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    /// <summary>A value with the unit in which it is stated, for example of a catalog figure.</summary>
    public static string Value(double value, string unit) => unit switch
    {
        "1" => Number(value),
        "days" => Days(value),
        "tokens" or "parameters" => $"{Count(value)} {unit}",
        _ when DimensionOf(unit) is not { } dimension => $"{Number(value)} {unit}",
        _ when DimensionOf(unit) == Dimension.Mass => Emissions(UnitText.Convert(value, unit, Dimension.Mass)),
        _ => Format(UnitText.Convert(value, unit, DimensionOf(unit)!.Value), DimensionOf(unit)!.Value),
    };

    /// <summary>A figure of a result by its path, whose end names its unit.</summary>
    public static string Figure(string path, double value) => path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..] switch
    {
        "days" => Days(value),
        "deviceHours" => $"{Count(value)} h",
        "mfu" or "hfu" or "goodput" or "embodiedShare" or "lostToFailures" or "lostToCheckpoints" => Percent(value),
        "seconds" => Seconds(value),
        var name when name.EndsWith("Seconds", StringComparison.Ordinal) => Seconds(value),
        var name when name.EndsWith("Bytes", StringComparison.Ordinal) => Bytes(value),
        var name when name.EndsWith("Kwh", StringComparison.Ordinal) => Energy(value),
        var name when name.EndsWith("Kg", StringComparison.Ordinal) => Emissions(value),
        var name when name.EndsWith("Watts", StringComparison.Ordinal) => Watts(value),
        var name when name.EndsWith("Megawatts", StringComparison.Ordinal) => Watts(value * 1e6),
        var name when name.EndsWith("TflopsPerDevice", StringComparison.Ordinal) => $"{Number(value)} TFLOP/s",
        _ => Count(value),
    };

    /// <summary>By how much a value exceeds what is allowed.</summary>
    public static string Excess(double value, double allowed)
    {
        double ratio = value / allowed;
        return ratio switch
        {
            double.NaN or double.PositiveInfinity => "no end to it",
            > 2 => $"{Number(ratio)} times",
            _ => $"{UnitText.Format(100 * (ratio - 1), Dimension.None, 2)} % over",
        };
    }

    private static string Format(double baseValue, Dimension dimension) =>
        double.IsFinite(baseValue) ? Padded(UnitText.Format(baseValue, dimension), baseValue, dimension) : Number(baseValue);

    /// <summary>A rounded value with all its digits, 74.0 GiB, so that columns align; an exact one as it is, 80 GiB.</summary>
    private static string Padded(string text, double baseValue, Dimension dimension)
    {
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        string number = end < 0 ? text : text[..end];
        int missing = SignificantDigits - number.TrimStart('-', '0', '.').Count(char.IsAsciiDigit);
        bool exact = !UnitText.TryParse(text, dimension, out double shown, out _) || shown.Equals(baseValue);
        if (exact || missing <= 0 || number.Contains('e', StringComparison.Ordinal))
        {
            return text;
        }

        string point = number.Contains('.', StringComparison.Ordinal) ? "" : ".";
        return $"{number}{point}{new string('0', missing)}{text[number.Length..]}";
    }

    private static double Rounded(double number)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(number))) - 2);
        return Math.Round(number / unit) * unit;
    }

    private static Dimension? DimensionOf(string unit)
    {
        int index = Array.FindIndex(Dimensions, dimension => UnitText.IsUnit(unit, dimension));
        return index < 0 ? null : Dimensions[index];
    }
}
