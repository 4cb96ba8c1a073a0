using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>An amount of data in bytes.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in B.</param>
public readonly record struct Bytes<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static Bytes<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> operator +(Bytes<T> left, Bytes<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> operator -(Bytes<T> left, Bytes<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> operator *(Bytes<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> operator *(T factor, Bytes<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> operator /(Bytes<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(Bytes<T> left, Bytes<T> right) => left.Value / right.Value;

    /// <summary>The time to move the data at a rate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Seconds<T> operator /(Bytes<T> left, BytesPerSecond<T> right) => new(left.Value / right.Value);

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> Max(Bytes<T> left, Bytes<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes<T> Min(Bytes<T> left, Bytes<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Bytes<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} B";
}
