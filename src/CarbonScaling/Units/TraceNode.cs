namespace CarbonScaling.Units;

/// <summary>What a <see cref="TraceNode"/> does with its inputs.</summary>
public enum TraceOperation
{
    /// <summary>A constant of an equation.</summary>
    Literal,

    /// <summary>An input with a source.</summary>
    Input,

    /// <summary>The result of a named equation: passes its one input on.</summary>
    Named,

    /// <summary>Sum of two.</summary>
    Add,

    /// <summary>Difference of two.</summary>
    Subtract,

    /// <summary>Product of two.</summary>
    Multiply,

    /// <summary>Quotient of two.</summary>
    Divide,

    /// <summary>The negative of one.</summary>
    Negate,

    /// <summary>The greater of two.</summary>
    Max,

    /// <summary>The lesser of two.</summary>
    Min,

    /// <summary>Square root of one.</summary>
    Sqrt,

    /// <summary>e to the power of one.</summary>
    Exp,

    /// <summary>Natural logarithm of one.</summary>
    Log,

    /// <summary>Rounded up.</summary>
    Ceiling,

    /// <summary>The third where the first exceeds the second, else the fourth.</summary>
    WhereGreater,
}

/// <summary>One step of a derivation: a value, what made it, and out of which others.</summary>
public sealed class TraceNode
{
    internal static readonly TraceNode Zero = Literal(0);

    private TraceNode(TraceOperation operation, double value, TraceNode[] inputs, Figure? figure, Equation? equation)
    {
        Operation = operation;
        Value = value;
        Inputs = inputs;
        Figure = figure;
        Equation = equation;
    }

    /// <summary>What was done.</summary>
    public TraceOperation Operation { get; }

    /// <summary>The result, in the unit of the equation or figure.</summary>
    public double Value { get; }

    /// <summary>What it was done with.</summary>
    public IReadOnlyList<TraceNode> Inputs { get; }

    /// <summary>The figure, where this is an input.</summary>
    public Figure? Figure { get; }

    /// <summary>The equation, where this is the result of one.</summary>
    public Equation? Equation { get; }

    /// <summary>Evaluates the tree again from its leaves alone.</summary>
    /// <returns>The value that the leaves give; equal to <see cref="Value"/>.</returns>
    public double Recompute() => Recompute([]);

    internal static TraceNode Literal(double value) => new(TraceOperation.Literal, value, [], null, null);

    internal static TraceNode Leaf(in Figure figure) => new(TraceOperation.Input, figure.Value, [], figure, null);

    internal static TraceNode Named(TraceNode node, Equation equation) =>
        new(TraceOperation.Named, node.Value, [node], null, equation);

    internal static TraceNode Of(TraceOperation operation, params TraceNode[] inputs) =>
        new(operation, Apply(operation, inputs, static node => node.Value), inputs, null, null);

    private static double Apply(TraceOperation operation, IReadOnlyList<TraceNode> inputs, Func<TraceNode, double> valueOf)
    {
        Scalar At(int index) => new(valueOf(inputs[index]));
        return (operation switch
        {
            TraceOperation.Named => At(0),
            TraceOperation.Add => At(0) + At(1),
            TraceOperation.Subtract => At(0) - At(1),
            TraceOperation.Multiply => At(0) * At(1),
            TraceOperation.Divide => At(0) / At(1),
            TraceOperation.Negate => -At(0),
            TraceOperation.Max => Scalar.Max(At(0), At(1)),
            TraceOperation.Min => Scalar.Min(At(0), At(1)),
            TraceOperation.Sqrt => Scalar.Sqrt(At(0)),
            TraceOperation.Exp => Scalar.Exp(At(0)),
            TraceOperation.Log => Scalar.Log(At(0)),
            TraceOperation.Ceiling => Scalar.Ceiling(At(0)),
            TraceOperation.WhereGreater => Scalar.WhereGreater(At(0), At(1), At(2), At(3)),
            _ => throw new InvalidOperationException($"{operation} has no inputs to apply to."),
        }).Value;
    }

    private double Recompute(Dictionary<TraceNode, double> known)
    {
        if (Inputs.Count == 0)
        {
            return Value;
        }

        if (!known.TryGetValue(this, out double value))
        {
            value = Apply(Operation, Inputs, node => node.Recompute(known));
            known[this] = value;
        }

        return value;
    }
}
