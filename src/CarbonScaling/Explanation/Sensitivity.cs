using CarbonScaling.Units;

namespace CarbonScaling.Explanation;

/// <summary>How a traced result moves with its inputs: one backward sweep over the trace.</summary>
public static class Sensitivity
{
    /// <summary>d ln result / d ln input for every input by name; inputs that enter several times are summed.</summary>
    /// <param name="result">The trace of a result that is not zero.</param>
    public static IReadOnlyDictionary<string, InputSensitivity> Elasticities(TraceNode result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Dictionary<TraceNode, double> slopes = new() { [result] = 1 };
        Dictionary<string, InputSensitivity> elasticities = new(StringComparer.Ordinal);
        Span<double> values = stackalloc double[TraceNode.MostInputs];
        foreach (TraceNode node in UsersFirst(result))
        {
            double slope = slopes[node];
            if (node.Figure is { } figure)
            {
                double own = result.Value == 0 ? 0 : slope * figure.Value / result.Value;
                double sum = elasticities.TryGetValue(figure.Name, out InputSensitivity? known) ? known.Elasticity : 0;
                elasticities[figure.Name] = new(figure, sum + own);
                continue;
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                values[i] = node.Inputs[i].Value;
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                TraceNode input = node.Inputs[i];
                slopes[input] = slopes.GetValueOrDefault(input) + (slope * Slope(node.Operation, i, values, node.Value));
            }
        }

        return elasticities;
    }

    /// <summary>The derivative of an operation by one of its inputs.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="index">Which input.</param>
    /// <param name="inputs">The values of the inputs.</param>
    /// <param name="value">The result.</param>
    internal static double Slope(TraceOperation operation, int index, ReadOnlySpan<double> inputs, double value) => operation switch
    {
        TraceOperation.Named or TraceOperation.Add => 1,
        TraceOperation.Subtract => index == 0 ? 1 : -1,
        TraceOperation.Multiply => inputs[1 - index],
        TraceOperation.Divide => index == 0 ? 1 / inputs[1] : -inputs[0] / (inputs[1] * inputs[1]),
        TraceOperation.Negate => -1,
        TraceOperation.Max => (index == 0) == (inputs[0] >= inputs[1]) ? 1 : 0,
        TraceOperation.Min => (index == 0) == (inputs[0] <= inputs[1]) ? 1 : 0,
        TraceOperation.Sqrt => value == 0 ? 0 : 0.5 / value,
        TraceOperation.Exp => value,
        TraceOperation.Log => 1 / inputs[0],
        TraceOperation.WhereGreater => index == (inputs[0] > inputs[1] ? 2 : 3) ? 1 : 0,
        _ => 0,
    };

    /// <summary>The nodes of a trace, every node after all nodes that use it.</summary>
    internal static IReadOnlyList<TraceNode> UsersFirst(TraceNode result)
    {
        List<TraceNode> order = [];
        HashSet<TraceNode> visited = [];
        Stack<(TraceNode Node, bool Done)> open = new([(result, false)]);
        while (open.TryPop(out (TraceNode Node, bool Done) next))
        {
            if (next.Done)
            {
                order.Add(next.Node);
            }
            else if (visited.Add(next.Node))
            {
                open.Push((next.Node, true));
                foreach (TraceNode input in next.Node.Inputs)
                {
                    open.Push((input, false));
                }
            }
        }

        order.Reverse();
        return order;
    }
}

/// <summary>How a result moves with one input.</summary>
/// <param name="Input">The input.</param>
/// <param name="Elasticity">d ln result / d ln input.</param>
public sealed record InputSensitivity(Figure Input, double Elasticity);
