using System.Buffers;
using CarbonScaling.Units;

namespace CarbonScaling.Explanation;

/// <summary>
/// A trace as a list of operations that can be evaluated again, with its derivatives, for other values of some of its inputs.
/// </summary>
/// <remarks>
/// Equations never branch on values, so that the list of one evaluation is that of all. What depends on none of the chosen
/// inputs is folded into constants; the rest is computed by the same operations in the same order as the trace, and so
/// to the last bit.
/// </remarks>
internal sealed class TraceTape
{
    private readonly Step[] _steps;
    private readonly int _constants;
    private readonly double[] _initial;
    private readonly int _result;

    private TraceTape(double[] initial, int constants, Step[] steps, int result)
    {
        _initial = initial;
        _constants = constants;
        _steps = steps;
        _result = result;
    }

    /// <summary>Makes the list.</summary>
    /// <param name="result">The trace.</param>
    /// <param name="slots">Positions of the chosen inputs by their names, from 0 without gaps.</param>
    public static TraceTape Of(TraceNode result, IReadOnlyDictionary<string, int> slots)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(slots);

        // The values: first those of the chosen inputs, then constants, then one for each operation.
        Dictionary<TraceNode, int> places = new(ReferenceEqualityComparer.Instance);
        List<TraceNode> constants = [];
        List<TraceNode> operations = [];
        foreach (TraceNode node in Sensitivity.UsersFirst(result).Reverse())
        {
            if (node.Figure is { } figure && slots.TryGetValue(figure.Name, out int slot))
            {
                places[node] = slot;
            }
            else if (node.Inputs.Any(places.ContainsKey))
            {
                places[node] = -1;
                operations.Add(node);
            }
        }

        foreach (TraceNode node in operations.SelectMany(static node => node.Inputs).Append(result))
        {
            if (places.TryAdd(node, slots.Count + constants.Count))
            {
                constants.Add(node);
            }
        }

        double[] initial = new double[slots.Count + constants.Count + operations.Count];
        for (int i = 0; i < constants.Count; i++)
        {
            initial[slots.Count + i] = constants[i].Value;
        }

        int first = slots.Count + constants.Count;
        for (int i = 0; i < operations.Count; i++)
        {
            places[operations[i]] = first + i;
        }

        Step[] steps = [.. operations.Select(node => new Step(node, places))];
        return new(initial, first, steps, places[result]);
    }

    /// <summary>Evaluates for values of the chosen inputs.</summary>
    /// <param name="inputs">The values by position.</param>
    /// <param name="elasticities">Where d ln result / d ln input goes, by position; empty where they are not wanted.</param>
    /// <returns>The result.</returns>
    public double Evaluate(ReadOnlySpan<double> inputs, Span<double> elasticities)
    {
        double[] values = ArrayPool<double>.Shared.Rent(_initial.Length);
        Span<double> operands = stackalloc double[TraceNode.MostInputs];
        _initial.CopyTo(values, 0);
        inputs.CopyTo(values);
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i].Load(values, operands);
            values[_constants + i] = TraceNode.Apply(_steps[i].Operation, operands);
        }

        double result = values[_result];
        if (elasticities.Length > 0)
        {
            Differentiate(values, inputs, elasticities);
        }

        ArrayPool<double>.Shared.Return(values);
        return result;
    }

    private void Differentiate(double[] values, ReadOnlySpan<double> inputs, Span<double> elasticities)
    {
        double[] slopes = ArrayPool<double>.Shared.Rent(_initial.Length);
        Span<double> operands = stackalloc double[TraceNode.MostInputs];
        Array.Clear(slopes, 0, _initial.Length);
        slopes[_result] = 1;
        for (int i = _steps.Length - 1; i >= 0; i--)
        {
            Step step = _steps[i];
            double slope = slopes[_constants + i];
            if (slope == 0)
            {
                continue;
            }

            step.Load(values, operands);
            for (int input = 0; input < step.Count; input++)
            {
                slopes[step[input]] += slope * Sensitivity.Slope(step.Operation, input, operands, values[_constants + i]);
            }
        }

        double result = values[_result];
        for (int i = 0; i < elasticities.Length; i++)
        {
            elasticities[i] = result == 0 ? 0 : slopes[i] * inputs[i] / result;
        }

        ArrayPool<double>.Shared.Return(slopes);
    }

    /// <summary>An operation and the places of its inputs.</summary>
    private readonly struct Step
    {
        private readonly int _first;
        private readonly int _second;
        private readonly int _third;
        private readonly int _fourth;

        public Step(TraceNode node, Dictionary<TraceNode, int> places)
        {
            Operation = node.Operation;
            Count = node.Inputs.Count;
            _first = places[node.Inputs[0]];
            _second = Count > 1 ? places[node.Inputs[1]] : 0;
            _third = Count > 2 ? places[node.Inputs[2]] : 0;
            _fourth = Count > 3 ? places[node.Inputs[3]] : 0;
        }

        public TraceOperation Operation { get; }

        public int Count { get; }

        public int this[int index] => index switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };

        public void Load(double[] values, Span<double> operands)
        {
            operands[0] = values[_first];
            operands[1] = values[_second];
            if (Count > 2)
            {
                operands[2] = values[_third];
                operands[3] = values[_fourth];
            }
        }
    }
}
