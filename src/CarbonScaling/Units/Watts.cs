using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>A power in watts.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in W.</param>
public readonly record struct Watts<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static Watts<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> operator +(Watts<T> left, Watts<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> operator -(Watts<T> left, Watts<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> operator *(Watts<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> operator *(T factor, Watts<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> operator /(Watts<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(Watts<T> left, Watts<T> right) => left.Value / right.Value;

    /// <summary>The energy drawn over a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Joules<T> operator *(Watts<T> left, Seconds<T> right) => new(left.Value * right.Value);

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> Max(Watts<T> left, Watts<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Watts<T> Min(Watts<T> left, Watts<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Watts<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} W";
}
