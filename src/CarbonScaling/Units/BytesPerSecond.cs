using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>A data rate in bytes per second.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in B/s.</param>
public readonly record struct BytesPerSecond<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static BytesPerSecond<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> operator +(BytesPerSecond<T> left, BytesPerSecond<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> operator -(BytesPerSecond<T> left, BytesPerSecond<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> operator *(BytesPerSecond<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> operator *(T factor, BytesPerSecond<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> operator /(BytesPerSecond<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(BytesPerSecond<T> left, BytesPerSecond<T> right) => left.Value / right.Value;

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> Max(BytesPerSecond<T> left, BytesPerSecond<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BytesPerSecond<T> Min(BytesPerSecond<T> left, BytesPerSecond<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BytesPerSecond<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} B/s";
}
