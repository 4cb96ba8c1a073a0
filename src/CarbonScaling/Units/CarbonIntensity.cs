using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>Emissions per energy, in kgCO2e per joule.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in kgCO2e/J.</param>
public readonly record struct CarbonIntensity<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static CarbonIntensity<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> operator +(CarbonIntensity<T> left, CarbonIntensity<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> operator -(CarbonIntensity<T> left, CarbonIntensity<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> operator *(CarbonIntensity<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> operator *(T factor, CarbonIntensity<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> operator /(CarbonIntensity<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(CarbonIntensity<T> left, CarbonIntensity<T> right) => left.Value / right.Value;

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> Max(CarbonIntensity<T> left, CarbonIntensity<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CarbonIntensity<T> Min(CarbonIntensity<T> left, CarbonIntensity<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CarbonIntensity<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} kgCO2e/J";
}
