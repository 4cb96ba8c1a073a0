using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CarbonScaling.Units;

/// <summary>Reads and prints quantities: a number, an optional prefix and a unit, in the invariant culture.</summary>
/// <remarks>
/// The prefixes k, M, G, T, P and E are powers of 1000 and Ki, Mi, Gi and Ti powers of 1024; B is bytes and b is bits.
/// Emissions may be written with or without "CO2e". A number without a unit is in the unit that its field documents.
/// </remarks>
public static class UnitText
{
    private const int MaximumLength = 100;

    /// <summary>The base unit of a dimension; "1" where there is none.</summary>
    public static string BaseUnit(Dimension dimension) => UnitTable.Of(dimension).BaseUnit;

    /// <summary>Reads a quantity, for example <c>400 Gb/s</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dimension">What it must be.</param>
    /// <param name="baseValue">The value in the base unit of the dimension; 0 when it cannot be read.</param>
    /// <param name="problem">What is wrong, to follow the quoted text: "is not …; allowed: …"; null when nothing is.</param>
    /// <param name="defaultUnit">The unit of a bare number; the base unit when null.</param>
    /// <returns>Whether the text is a finite quantity of the dimension.</returns>
    /// <exception cref="ArgumentException"><paramref name="defaultUnit"/> is not a unit of the dimension.</exception>
    public static bool TryParse(
        string text,
        Dimension dimension,
        out double baseValue,
        [NotNullWhen(false)] out string? problem,
        string? defaultUnit = null)
    {
        bool read = TryRead(text, dimension, defaultUnit, out double number, out UnitScale scale, out problem);
        baseValue = read ? scale.ToBase(number) : 0;
        return read;
    }

    /// <summary>Reads a quantity as a value in the unit that a bare number is in.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dimension">What it must be.</param>
    /// <param name="unit">The unit of a bare number and of the value.</param>
    /// <param name="value">The value in <paramref name="unit"/>; 0 when it cannot be read.</param>
    /// <param name="problem">What is wrong, to follow the quoted text: "is not …; allowed: …"; null when nothing is.</param>
    /// <returns>Whether the text is a finite quantity of the dimension.</returns>
    /// <exception cref="ArgumentException"><paramref name="unit"/> is not a unit of the dimension.</exception>
    public static bool TryParseIn(
        string text,
        Dimension dimension,
        string unit,
        out double value,
        [NotNullWhen(false)] out string? problem)
    {
        bool read = TryRead(text, dimension, unit, out double number, out UnitScale scale, out problem);
        UnitScale wanted = ScaleOf(unit, dimension);
        value = !read ? 0 : scale == wanted ? number : wanted.FromBase(scale.ToBase(number));
        return read;
    }

    /// <summary>Converts a value with a unit, of a catalog figure for example, to the base unit.</summary>
    /// <param name="value">The value in <paramref name="unit"/>.</param>
    /// <param name="unit">The unit, for example <c>GB/s</c>; "1" for a plain number.</param>
    /// <param name="dimension">What it must be.</param>
    /// <exception cref="ArgumentException"><paramref name="unit"/> is not a unit of the dimension.</exception>
    public static double Convert(double value, string unit, Dimension dimension) => ScaleOf(unit, dimension).ToBase(value);

    /// <summary>Converts a value in the base unit to another unit: the inverse of <see cref="Convert"/>.</summary>
    /// <param name="baseValue">The value in the base unit of the dimension.</param>
    /// <param name="unit">The unit wanted.</param>
    /// <param name="dimension">What it is.</param>
    /// <exception cref="ArgumentException"><paramref name="unit"/> is not a unit of the dimension.</exception>
    public static double ConvertTo(double baseValue, string unit, Dimension dimension) =>
        ScaleOf(unit, dimension).FromBase(baseValue);

    /// <summary>Whether a unit, with its prefix, belongs to a dimension.</summary>
    /// <param name="unit">The unit, for example <c>TFLOP/s</c>.</param>
    /// <param name="dimension">The dimension.</param>
    public static bool IsUnit(string unit, Dimension dimension) =>
        TryFind(UnitTable.Of(dimension), dimension, unit, out _);

    /// <summary>Prints a quantity in the unit that suits its size, for example <c>1.24 MWh</c>.</summary>
    /// <param name="baseValue">The value in the base unit of the dimension.</param>
    /// <param name="dimension">What it is.</param>
    /// <param name="significantDigits">Digits that count, 1 to 17; trailing zeros after the point are left out.</param>
    /// <returns>Text that <see cref="TryParse"/> reads again, for every finite value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of digits is not 1 to 17.</exception>
    public static string Format(double baseValue, Dimension dimension, int significantDigits = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(significantDigits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(significantDigits, 17);
        DimensionUnits units = UnitTable.Of(dimension);
        if (!double.IsFinite(baseValue))
        {
            return baseValue.ToString(CultureInfo.InvariantCulture);
        }

        UnitRung rung = RungOf(Rounded(baseValue, significantDigits), units.Ladder);
        double scaled = rung.Scale.FromBase(baseValue);
        (string number, string unit) = Math.Abs(scaled) switch
        {
            0 or (>= 1e-3 and < 1e6) => (Plain(scaled, significantDigits), rung.Symbol),
            < 1 => (Scientific(scaled, significantDigits), rung.Symbol),
            _ => (Scientific(baseValue, significantDigits), units.BaseUnit),
        };
        return dimension != Dimension.None ? $"{number} {unit}" : unit == units.BaseUnit ? number : number + unit;
    }

    private static bool TryRead(
        string text,
        Dimension dimension,
        string? defaultUnit,
        out double number,
        out UnitScale scale,
        [NotNullWhen(false)] out string? problem)
    {
        DimensionUnits units = UnitTable.Of(dimension);
        scale = defaultUnit is null ? new(1) : ScaleOf(defaultUnit, dimension);
        number = 0;

        ReadOnlySpan<char> rest = text.AsSpan().Trim(' ');
        int length = NumberLength(rest);
        problem = rest switch
        {
            [] => "is empty",
            { Length: > MaximumLength } => $"is not {units.Noun}",
            _ when !double.TryParse(rest[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out number) =>
                $"is not {units.Noun}",
            _ => UnitProblem(rest[length..].Trim(' ').ToString(), dimension, number, ref scale),
        };
        problem = problem is null ? null : $"{problem}; allowed: {Allowed(units, defaultUnit)}";
        return problem is null;
    }

    private static string? UnitProblem(string unit, Dimension dimension, double number, ref UnitScale scale)
    {
        DimensionUnits units = UnitTable.Of(dimension);
        return unit is "1" || (unit.Length > 0 && !TryFind(units, dimension, unit, out scale))
            ? $"is not {units.Noun}: '{unit}' is no unit of it"
            : double.IsFinite(scale.ToBase(number)) ? null : "is too large";
    }

    private static string Allowed(DimensionUnits units, string? defaultUnit) =>
        defaultUnit is null or "1" ? units.Help : $"{units.Help} ({defaultUnit} when none is given)";

    private static UnitScale ScaleOf(string unit, Dimension dimension)
    {
        DimensionUnits units = UnitTable.Of(dimension);
        return TryFind(units, dimension, unit, out UnitScale scale)
            ? scale
            : throw new ArgumentException($"'{unit}' is no unit of {units.Noun}; allowed: {units.Help}", nameof(unit));
    }

    private static bool TryFind(DimensionUnits units, Dimension dimension, string unit, out UnitScale scale)
    {
        string plain = dimension switch
        {
            Dimension.None => unit.Replace(" tokens", "tokens", StringComparison.Ordinal)
                .Replace(" parameters", "parameters", StringComparison.Ordinal),
            Dimension.Mass or Dimension.CarbonIntensity or Dimension.MassPerByte or Dimension.MassPerArea or Dimension.MassPerPower =>
                WithoutEquivalent(unit),
            _ => unit,
        };
        return units.Units.TryGetValue(plain, out scale);
    }

    /// <summary>The unit "gCO2e/kWh" or "g CO2e/kWh" as "g/kWh".</summary>
    private static string WithoutEquivalent(string unit)
    {
        const string Equivalent = "CO2e";
        int start = unit.IndexOf(Equivalent, StringComparison.Ordinal);
        int end = start + Equivalent.Length;
        return start > 0 && (end == unit.Length || unit[end] == '/')
            ? string.Concat(unit.AsSpan(0, start).TrimEnd(' '), unit.AsSpan(end))
            : unit;
    }

    /// <summary>How much of the text is a decimal number; an e counts only with an exponent, else it may be a unit.</summary>
    private static int NumberLength(ReadOnlySpan<char> text)
    {
        int position = text.StartsWith("-") || text.StartsWith("+") ? 1 : 0;
        int digits = Digits(text, ref position);
        if (position < text.Length && text[position] == '.')
        {
            position++;
            digits += Digits(text, ref position);
        }

        if (digits == 0)
        {
            return 0;
        }

        int exponent = position;
        if (exponent < text.Length && text[exponent] is 'e' or 'E')
        {
            exponent++;
            if (exponent < text.Length && text[exponent] is '+' or '-')
            {
                exponent++;
            }

            if (Digits(text, ref exponent) > 0)
            {
                return exponent;
            }
        }

        return position;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return position - start;
    }

    private static UnitRung RungOf(double baseValue, IReadOnlyList<UnitRung> ladder)
    {
        UnitRung chosen = ladder[0];
        if (baseValue == 0)
        {
            return ladder.FirstOrDefault(static rung => rung.Scale == new UnitScale(1), chosen);
        }

        foreach (UnitRung rung in ladder)
        {
            if (Math.Abs(baseValue) >= rung.From)
            {
                chosen = rung;
            }
        }

        return chosen;
    }

    private static double Rounded(double value, int digits) =>
        double.Parse(Exponential(value, digits), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Exponential(double value, int digits) =>
        value.ToString(string.Create(CultureInfo.InvariantCulture, $"E{digits - 1}"), CultureInfo.InvariantCulture);

    private static string Plain(double value, int digits)
    {
        string exponential = Exponential(value, digits);
        int exponent = int.Parse(exponential.AsSpan(exponential.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        int decimals = digits - 1 - exponent;
        return decimals <= 0
            ? Rounded(value, digits).ToString("F0", CultureInfo.InvariantCulture)
            : Trimmed(value.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture));
    }

    private static string Scientific(double value, int digits)
    {
        string exponential = Exponential(value, digits);
        int split = exponential.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(exponential.AsSpan(split + 1), CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Trimmed(exponential[..split])}e{exponent}");
    }

    private static string Trimmed(string number) =>
        number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;
}
