using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of matrix products.</summary>
public static class Gemm
{
    /// <summary>Time of a forward product of an m×k by a k×n matrix, <paramref name="batch"/> of them in one launch.</summary>
    /// <remarks>Eq. COMP-1: t₀ + 2mnk/(Φe) + (κ·bytes + q·mk)/BW; the activation of mk elements is quantised first.</remarks>
    public static Seconds<T> Forward<T>(T m, T n, T k, T batch, GemmInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Seconds<T> compute = Work(m, n, k, batch) / (inputs.Peak * inputs.Efficiency);
        Seconds<T> time = inputs.Launch + compute + Movement(m, n, k, batch, inputs);
        return Quantised(time, m * k * batch, inputs).Named(Equations.Gemm);
    }

    /// <summary>Time of one of the two backward products (of the input or of the weights) of such a product.</summary>
    /// <remarks>
    /// Eq. COMP-2: t₀ + 2mnk/(Φ·e·r) + (κ·bytes + q·mn/2)/BW; the gradient of mn elements is quantised once for both products.
    /// </remarks>
    public static Seconds<T> Backward<T>(T m, T n, T k, T batch, GemmInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Seconds<T> compute = Work(m, n, k, batch) / (inputs.Peak * inputs.Efficiency * inputs.BackwardRatio);
        Seconds<T> time = inputs.Launch + compute + Movement(m, n, k, batch, inputs);
        return Quantised(time, m * n * batch / T.Literal(2), inputs).Named(Equations.GemmBackward);
    }

    private static Seconds<T> Quantised<T>(Seconds<T> product, T elements, GemmInputs<T> inputs)
        where T : struct, IReal<T> =>
        inputs.Quantisation is { } perElement ? product + (perElement * elements / inputs.Bandwidth) : product;

    private static Flops<T> Work<T>(T m, T n, T k, T batch)
        where T : struct, IReal<T> => new(T.Literal(2) * m * n * k * batch);

    private static Seconds<T> Movement<T>(T m, T n, T k, T batch, GemmInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Bytes<T> operands = new(((m * k) + (k * n)) * inputs.OperandBytes);
        Bytes<T> result = new(m * n * inputs.ResultBytes);
        return (operands + result) * batch / inputs.Bandwidth * inputs.MemoryFactor;
    }
}
