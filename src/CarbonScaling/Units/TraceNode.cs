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
    /// <summary>The most inputs that an operation has.</summary>
    internal const int MostInputs = 4;

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

    /// <summary>The result of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">The values of its inputs, at least as many as it has.</param>
    internal static double Apply(TraceOperation operation, ReadOnlySpan<double> inputs) => (operation switch
    {
        TraceOperation.Named => new Scalar(inputs[0]),
        TraceOperation.Add => new Scalar(inputs[0]) + new Scalar(inputs[1]),
        TraceOperation.Subtract => new Scalar(inputs[0]) - new Scalar(inputs[1]),
        TraceOperation.Multiply => new Scalar(inputs[0]) * new Scalar(inputs[1]),
        TraceOperation.Divide => new Scalar(inputs[0]) / new Scalar(inputs[1]),
        TraceOperation.Negate => -new Scalar(inputs[0]),
        TraceOperation.Max => Scalar.Max(new(inputs[0]), new(inputs[1])),
        TraceOperation.Min => Scalar.Min(new(inputs[0]), new(inputs[1])),
        TraceOperation.Sqrt => Scalar.Sqrt(new(inputs[0])),
        TraceOperation.Exp => Scalar.Exp(new(inputs[0])),
        TraceOperation.Log => Scalar.Log(new(inputs[0])),
        TraceOperation.Ceiling => Scalar.Ceiling(new(inputs[0])),
        TraceOperation.WhereGreater => Scalar.WhereGreater(new(inputs[0]), new(inputs[1]), new(inputs[2]), new(inputs[3])),
        _ => throw new InvalidOperationException($"{operation} has no inputs to apply to."),
    }).Value;

    private static double Apply(TraceOperation operation, IReadOnlyList<TraceNode> inputs, Func<TraceNode, double> valueOf)
    {
        Span<double> values = stackalloc double[MostInputs];
        for (int i = 0; i < inputs.Count; i++)
        {
            values[i] = valueOf(inputs[i]);
        }

        return Apply(operation, values);
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
