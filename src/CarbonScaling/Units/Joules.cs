using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>An energy in joules.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in J.</param>
public readonly record struct Joules<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static Joules<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> operator +(Joules<T> left, Joules<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> operator -(Joules<T> left, Joules<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> operator *(Joules<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> operator *(T factor, Joules<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> operator /(Joules<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(Joules<T> left, Joules<T> right) => left.Value / right.Value;

    /// <summary>The emissions of the energy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Emissions<T> operator *(Joules<T> left, CarbonIntensity<T> right) => new(left.Value * right.Value);

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> Max(Joules<T> left, Joules<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> Min(Joules<T> left, Joules<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Joules<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} J";
}
