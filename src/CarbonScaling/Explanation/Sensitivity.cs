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
        foreach (TraceNode node in Ordered(result))
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
                TraceNode input = node.Inputs[i];
                slopes[input] = slopes.GetValueOrDefault(input) + (slope * Slope(node, i));
            }
        }

        return elasticities;
    }

    private static double Slope(TraceNode node, int index)
    {
        double At(int i) => node.Inputs[i].Value;
        return node.Operation switch
        {
            TraceOperation.Named or TraceOperation.Add => 1,
            TraceOperation.Subtract => index == 0 ? 1 : -1,
            TraceOperation.Multiply => At(1 - index),
            TraceOperation.Divide => index == 0 ? 1 / At(1) : -At(0) / (At(1) * At(1)),
            TraceOperation.Negate => -1,
            TraceOperation.Max => (index == 0) == (At(0) >= At(1)) ? 1 : 0,
            TraceOperation.Min => (index == 0) == (At(0) <= At(1)) ? 1 : 0,
            TraceOperation.Sqrt => node.Value == 0 ? 0 : 0.5 / node.Value,
            TraceOperation.Exp => node.Value,
            TraceOperation.Log => 1 / At(0),
            TraceOperation.WhereGreater => index == (At(0) > At(1) ? 2 : 3) ? 1 : 0,
            _ => 0,
        };
    }

    // Every node after all nodes that use it.
    private static List<TraceNode> Ordered(TraceNode result)
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
