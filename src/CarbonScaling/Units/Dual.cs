using System.Globalization;
using System.Runtime.Intrinsics;

namespace CarbonScaling.Units;

/// <summary>A number with its derivatives in up to eight directions (forward-mode differentiation).</summary>
/// <param name="Value">The number.</param>
/// <param name="Gradient">The derivative along each of the eight directions.</param>
public readonly record struct Dual(double Value, Vector512<double> Gradient) : IReal<Dual>
{
    /// <summary>A variable to differentiate by: its derivative is 1 along <paramref name="direction"/> (0 to 7).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The direction is not 0 to 7.</exception>
    public static Dual Variable(double value, int direction) =>
        new(value, Vector512<double>.Zero.WithElement(direction, 1));

    /// <inheritdoc/>
    public static Dual Literal(double value) => new(value, Vector512<double>.Zero);

    /// <inheritdoc/>
    public static Dual Input(in Figure figure) => Literal(figure.Value);

    /// <summary>Adds.</summary>
    public static Dual operator +(Dual left, Dual right) => new(left.Value + right.Value, left.Gradient + right.Gradient);

    /// <summary>Subtracts.</summary>
    public static Dual operator -(Dual left, Dual right) => new(left.Value - right.Value, left.Gradient - right.Gradient);

    /// <summary>Multiplies.</summary>
    public static Dual operator *(Dual left, Dual right) =>
        new(left.Value * right.Value, (left.Gradient * right.Value) + (right.Gradient * left.Value));

    /// <summary>Divides.</summary>
    public static Dual operator /(Dual left, Dual right)
    {
        double quotient = left.Value / right.Value;
        return new(quotient, (left.Gradient - (right.Gradient * quotient)) * (1 / right.Value));
    }

    /// <summary>Negates.</summary>
    public static Dual operator -(Dual value) => new(-value.Value, -value.Gradient);

    /// <inheritdoc/>
    public static Dual Max(Dual left, Dual right) => right.Value > left.Value || double.IsNaN(right.Value) ? right : left;

    /// <inheritdoc/>
    public static Dual Min(Dual left, Dual right) => right.Value < left.Value || double.IsNaN(right.Value) ? right : left;

    /// <inheritdoc/>
    public static Dual Sqrt(Dual value)
    {
        double root = Math.Sqrt(value.Value);

        // The derivative at zero is infinite; the model's zeros are empty messages, whose cost does not move.
        return root == 0 ? Literal(0) : new(root, value.Gradient * (0.5 / root));
    }

    /// <inheritdoc/>
    public static Dual Exp(Dual value)
    {
        double power = Scalar.Exp(new(value.Value)).Value;
        return new(power, value.Gradient * power);
    }

    /// <inheritdoc/>
    public static Dual Log(Dual value) => new(Scalar.Log(new(value.Value)).Value, value.Gradient * (1 / value.Value));

    /// <inheritdoc/>
    public static Dual Ceiling(Dual value) => Literal(Math.Ceiling(value.Value));

    /// <inheritdoc/>
    public static Dual WhereGreater(Dual left, Dual right, Dual whenGreater, Dual otherwise) =>
        left.Value > right.Value ? whenGreater : otherwise;

    /// <inheritdoc/>
    public static Dual Name(Dual value, Equation equation) => value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture);
}
