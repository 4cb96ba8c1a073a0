using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CarbonScaling.Units;

/// <summary>One double: the plain reading of an equation.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Scalar(double Value) : IReal<Scalar>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Literal(double value) => new(value);

    /// <inheritdoc/>
    public static Scalar Input(in Figure figure) => new(figure.Value);

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator +(Scalar left, Scalar right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator -(Scalar left, Scalar right) => new(left.Value - right.Value);

    /// <summary>Multiplies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator *(Scalar left, Scalar right) => new(left.Value * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator /(Scalar left, Scalar right) => new(left.Value / right.Value);

    /// <summary>Negates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator -(Scalar value) => new(-value.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Max(Scalar left, Scalar right) => new(Math.Max(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Min(Scalar left, Scalar right) => new(Math.Min(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Sqrt(Scalar value) => new(Math.Sqrt(value.Value));

    // The vector forms of exp and log are used here too, so that a search over lanes and a single
    // estimate agree to the last bit.

    /// <inheritdoc/>
    public static Scalar Exp(Scalar value) => new(Vector256.Exp(Vector256.Create(value.Value)).ToScalar());

    /// <inheritdoc/>
    public static Scalar Log(Scalar value) => new(Vector256.Log(Vector256.Create(value.Value)).ToScalar());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Ceiling(Scalar value) => new(Math.Ceiling(value.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar WhereGreater(Scalar left, Scalar right, Scalar whenGreater, Scalar otherwise) =>
        left.Value > right.Value ? whenGreater : otherwise;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Name(Scalar value, Equation equation) => value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture);
}
