using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of matrix products.</summary>
public static class Gemm
{
    /// <summary>Time of a forward product of an m×k by a k×n matrix, <paramref name="batch"/> of them in one launch.</summary>
    /// <remarks>Eq. COMP-1: t₀ + 2mnk/(Φe) + κ·bytes/BW.</remarks>
    public static Seconds<T> Forward<T>(T m, T n, T k, T batch, GemmInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Seconds<T> compute = Work(m, n, k, batch) / (inputs.Peak * inputs.Efficiency);
        return (inputs.Launch + compute + Movement(m, n, k, batch, inputs)).Named(Equations.Gemm);
    }

    /// <summary>Time of one of the two backward products (of the input or of the weights) of such a product.</summary>
    /// <remarks>Eq. COMP-2: t₀ + 2mnk/(Φ·e·r) + κ·bytes/BW.</remarks>
    public static Seconds<T> Backward<T>(T m, T n, T k, T batch, GemmInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Seconds<T> compute = Work(m, n, k, batch) / (inputs.Peak * inputs.Efficiency * inputs.BackwardRatio);
        return (inputs.Launch + compute + Movement(m, n, k, batch, inputs)).Named(Equations.GemmBackward);
    }

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
