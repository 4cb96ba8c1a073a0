using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace CarbonScaling.Units;

/// <summary>As many numbers as a vector register holds: the search's candidates side by side.</summary>
/// <param name="Value">The numbers.</param>
public readonly record struct Lanes(Vector<double> Value) : IReal<Lanes>
{
    /// <summary>How many numbers one value holds on this machine.</summary>
    public static int Count => Vector<double>.Count;

    /// <summary>Reads <see cref="Count"/> numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than <see cref="Count"/> numbers.</exception>
    public static Lanes Load(ReadOnlySpan<double> values) => new(new Vector<double>(values));

    /// <summary>The number in one lane.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such lane.</exception>
    public double this[int lane] => Value[lane];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Literal(double value) => new(new Vector<double>(value));

    /// <inheritdoc/>
    public static Lanes Input(in Figure figure) => new(new Vector<double>(figure.Value));

    /// <summary>Adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator +(Lanes left, Lanes right) => new(left.Value + right.Value);

    /// <summary>Subtracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(Lanes left, Lanes right) => new(left.Value - right.Value);

    /// <summary>Multiplies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator *(Lanes left, Lanes right) => new(left.Value * right.Value);

    /// <summary>Divides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator /(Lanes left, Lanes right) => new(left.Value / right.Value);

    /// <summary>Negates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(Lanes value) => new(-value.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Max(Lanes left, Lanes right) => new(Vector.Max(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Min(Lanes left, Lanes right) => new(Vector.Min(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Sqrt(Lanes value) => new(Vector.SquareRoot(value.Value));

    /// <inheritdoc/>
    public static Lanes Exp(Lanes value) => new(Vector.Exp(value.Value));

    /// <inheritdoc/>
    public static Lanes Log(Lanes value) => new(Vector.Log(value.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Ceiling(Lanes value) => new(Vector.Ceiling(value.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes WhereGreater(Lanes left, Lanes right, Lanes whenGreater, Lanes otherwise) =>
        new(Vector.ConditionalSelect(Vector.GreaterThan(left.Value, right.Value), whenGreater.Value, otherwise.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Name(Lanes value, Equation equation) => value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture);
}
