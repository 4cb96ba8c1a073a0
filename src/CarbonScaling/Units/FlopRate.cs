using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>A computing rate in FLOP/s.</summary>
/// <typeparam name="T">The numeric type, <see cref="Scalar"/> in results.</typeparam>
/// <param name="Value">The number, in FLOP/s.</param>
public readonly record struct FlopRate<T>(T Value)
    where T : struct, IReal<T>
{
    /// <summary>None.</summary>
    public static FlopRate<T> Zero => new(T.Literal(0));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> operator +(FlopRate<T> left, FlopRate<T> right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> operator -(FlopRate<T> left, FlopRate<T> right) => new(left.Value - right.Value);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> operator *(FlopRate<T> left, T factor) => new(left.Value * factor);

    /// <summary>Scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> operator *(T factor, FlopRate<T> right) => new(factor * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> operator /(FlopRate<T> left, T divisor) => new(left.Value / divisor);

    /// <summary>The ratio of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T operator /(FlopRate<T> left, FlopRate<T> right) => left.Value / right.Value;

    /// <summary>The greater of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> Max(FlopRate<T> left, FlopRate<T> right) => new(T.Max(left.Value, right.Value));

    /// <summary>The lesser of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlopRate<T> Min(FlopRate<T> left, FlopRate<T> right) => new(T.Min(left.Value, right.Value));

    /// <summary>Labels the result of an equation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlopRate<T> Named(Equation equation) => new(T.Name(Value, equation));

    /// <inheritdoc/>
    public override string ToString() => $"{Value} FLOP/s";
}
