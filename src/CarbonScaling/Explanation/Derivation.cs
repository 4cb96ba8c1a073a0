using CarbonScaling.Units;

namespace CarbonScaling.Explanation;

/// <summary>How a figure came about: equations, down to inputs that name their sources.</summary>
/// <param name="Figure">The path of the figure, for example <c>carbon.totalKg</c>.</param>
/// <param name="Value">Its value in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit in which the equations compute it.</param>
/// <param name="Root">The last equation.</param>
/// <param name="Trace">Every operation, for recomputing.</param>
public sealed record Derivation(string Figure, double Value, string Unit, DerivationNode Root, TraceNode Trace)
{
    /// <summary>Derives a figure from the trace of its evaluation.</summary>
    public static Derivation Of(string figure, string unit, TraceNode trace) => Of(figure, unit, trace, static _ => null);

    /// <summary>Derives a figure from the trace of its evaluation.</summary>
    /// <param name="figure">The path of the figure.</param>
    /// <param name="unit">The unit of the trace.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="origins">What an input was computed from; null where it was read.</param>
    internal static Derivation Of(string figure, string unit, TraceNode trace, Func<Figure, FigureOrigin?> origins)
    {
        ArgumentNullException.ThrowIfNull(trace);
        DerivationNode root = DerivationNode.Of(trace, origins);
        return new(figure, trace.Value, unit, root, trace);
    }
}

/// <summary>A step of a derivation that has a name: the result of an equation, or an input.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its value in <paramref name="Unit"/>.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Equation">The equation, where it is the result of one.</param>
/// <param name="Input">The figure, where it is an input.</param>
/// <param name="Inputs">The named steps that the equation uses, each once.</param>
public sealed record DerivationNode(
    string Label,
    double Value,
    string Unit,
    Equation? Equation,
    Figure? Input,
    IReadOnlyList<DerivationNode> Inputs)
{
    internal static DerivationNode Of(TraceNode trace, Func<Figure, FigureOrigin?> origins)
    {
        Dictionary<TraceNode, DerivationNode> known = [];
        Dictionary<string, DerivationNode> factors = new(StringComparer.Ordinal);
        return Convert(trace, known, figure => OfOrigin(figure, origins(figure), factors));
    }

    // Figures share their factors, each of which is one step.
    private static DerivationNode OfOrigin(Figure figure, FigureOrigin? origin, Dictionary<string, DerivationNode> factors)
    {
        if (origin is null)
        {
            return Leaf(figure);
        }

        List<DerivationNode> inputs = [];
        foreach (Figure factor in origin.Factors)
        {
            factors.TryAdd(factor.Name, Leaf(factor));
            inputs.Add(factors[factor.Name]);
        }

        return new(figure.Name, figure.Value, figure.Unit, origin.Equation, null, inputs);
    }

    private static DerivationNode Leaf(Figure figure) => new(figure.Name, figure.Value, figure.Unit, null, figure, []);

    private static DerivationNode Convert(
        TraceNode trace, Dictionary<TraceNode, DerivationNode> known, Func<Figure, DerivationNode> ofFigure)
    {
        if (known.TryGetValue(trace, out DerivationNode? node))
        {
            return node;
        }

        if (trace.Figure is { } figure)
        {
            node = ofFigure(figure);
        }
        else
        {
            List<DerivationNode> inputs = [];
            HashSet<TraceNode> visited = [];
            foreach (TraceNode input in trace.Inputs)
            {
                Collect(input, inputs, visited, known, ofFigure);
            }

            Equation? equation = trace.Equation;
            node = new(equation?.Quantity ?? "result", trace.Value, equation?.Unit ?? "1", equation, null, inputs);
        }

        known[trace] = node;
        return node;
    }

    // Arithmetic between named steps is what the formula says; only named steps and inputs show.
    private static void Collect(
        TraceNode trace,
        List<DerivationNode> into,
        HashSet<TraceNode> visited,
        Dictionary<TraceNode, DerivationNode> known,
        Func<Figure, DerivationNode> ofFigure)
    {
        if (!visited.Add(trace))
        {
            return;
        }

        if (trace.Operation is TraceOperation.Named or TraceOperation.Input)
        {
            DerivationNode node = Convert(trace, known, ofFigure);
            if (!into.Exists(other => other.Label == node.Label && other.Value.Equals(node.Value)))
            {
                into.Add(node);
            }

            return;
        }

        foreach (TraceNode input in trace.Inputs)
        {
            Collect(input, into, visited, known, ofFigure);
        }
    }
}
