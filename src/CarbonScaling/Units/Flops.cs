using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>A number of floating-point operations.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in FLOP.</param>
public readonly record struct Flops<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static Flops<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> operator +(Flops<T> left, Flops<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> operator -(Flops<T> left, Flops<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> operator *(Flops<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> operator *(T factor, Flops<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> operator /(Flops<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(Flops<T> left, Flops<T> right) => left.Value / right.Value;

    /// <summary>The time to compute at a rate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Seconds<T> operator /(Flops<T> left, FlopRate<T> right) => new(left.Value / right.Value);

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> Max(Flops<T> left, Flops<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Flops<T> Min(Flops<T> left, Flops<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Flops<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} FLOP";
}
