using System.Globalization;

namespace CarbonScaling.Units;

/// <summary>A number with the tree of operations that gave it, down to inputs that name their sources.</summary>
public readonly record struct Traced : IReal<Traced>
{
    private readonly TraceNode? _node;

    private Traced(TraceNode node) => _node = node;

    /// <summary>The number.</summary>
    public double Value => Node.Value;

    /// <summary>The derivation of the number.</summary>
    public TraceNode Node => _node ?? TraceNode.Zero;

    /// <inheritdoc/>
    public static Traced Literal(double value) => new(TraceNode.Literal(value));

    /// <inheritdoc/>
    public static Traced Input(in Figure figure) => new(TraceNode.Leaf(figure));

    /// <summary>Adds.</summary>
    public static Traced operator +(Traced left, Traced right) => new(TraceNode.Of(TraceOperation.Add, left.Node, right.Node));

    /// <summary>Subtracts.</summary>
    public static Traced operator -(Traced left, Traced right) => new(TraceNode.Of(TraceOperation.Subtract, left.Node, right.Node));

    /// <summary>Multiplies.</summary>
    public static Traced operator *(Traced left, Traced right) => new(TraceNode.Of(TraceOperation.Multiply, left.Node, right.Node));

    /// <summary>Divides.</summary>
    public static Traced operator /(Traced left, Traced right) => new(TraceNode.Of(TraceOperation.Divide, left.Node, right.Node));

    /// <summary>Negates.</summary>
    public static Traced operator -(Traced value) => new(TraceNode.Of(TraceOperation.Negate, value.Node));

    /// <inheritdoc/>
    public static Traced Max(Traced left, Traced right) => new(TraceNode.Of(TraceOperation.Max, left.Node, right.Node));

    /// <inheritdoc/>
    public static Traced Min(Traced left, Traced right) => new(TraceNode.Of(TraceOperation.Min, left.Node, right.Node));

    /// <inheritdoc/>
    public static Traced Sqrt(Traced value) => new(TraceNode.Of(TraceOperation.Sqrt, value.Node));

    /// <inheritdoc/>
    public static Traced Exp(Traced value) => new(TraceNode.Of(TraceOperation.Exp, value.Node));

    /// <inheritdoc/>
    public static Traced Log(Traced value) => new(TraceNode.Of(TraceOperation.Log, value.Node));

    /// <inheritdoc/>
    public static Traced Ceiling(Traced value) => new(TraceNode.Of(TraceOperation.Ceiling, value.Node));

    /// <inheritdoc/>
    public static Traced WhereGreater(Traced left, Traced right, Traced whenGreater, Traced otherwise) =>
        new(TraceNode.Of(TraceOperation.WhereGreater, left.Node, right.Node, whenGreater.Node, otherwise.Node));

    /// <inheritdoc/>
    public static Traced Name(Traced value, Equation equation) => new(TraceNode.Named(value.Node, equation));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture);
}
