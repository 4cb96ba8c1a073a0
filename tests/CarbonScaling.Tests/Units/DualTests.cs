using CarbonScaling.Units;

namespace CarbonScaling.Tests.Units;

/// <summary>Derivatives of single operations against central differences.</summary>
public sealed class DualTests
{
    [Fact]
    public void Every_operation_has_the_derivatives_of_central_differences()
    {
        Random random = new(9);
        int compared = 0;
        for (int sample = 0; sample < 500; sample++)
        {
            double a = 0.2 + (random.NextDouble() * 4.7);
            double b = 0.2 + (random.NextDouble() * 4.7);
            if (Math.Abs((a / b) - 1) < 0.01 || Math.Abs(a - Math.Round(a)) < 0.01)
            {
                // A kink of Max, Min, WhereGreater or Ceiling.
                continue;
            }

            compared++;
            const double Step = 1e-5;
            (string Name, Dual Value)[] dual = Operations(Dual.Variable(a, 3), Dual.Variable(b, 7));
            (string Name, Scalar Value)[] aboveA = Operations(new Scalar(a + Step), new Scalar(b));
            (string Name, Scalar Value)[] belowA = Operations(new Scalar(a - Step), new Scalar(b));
            (string Name, Scalar Value)[] aboveB = Operations(new Scalar(a), new Scalar(b + Step));
            (string Name, Scalar Value)[] belowB = Operations(new Scalar(a), new Scalar(b - Step));
            for (int i = 0; i < dual.Length; i++)
            {
                double byA = (aboveA[i].Value.Value - belowA[i].Value.Value) / (2 * Step);
                double byB = (aboveB[i].Value.Value - belowB[i].Value.Value) / (2 * Step);
                Near(byA, dual[i].Value.Gradient[3], $"d/da of the {dual[i].Name} at {a:R} and {b:R}");
                Near(byB, dual[i].Value.Gradient[7], $"d/db of the {dual[i].Name} at {a:R} and {b:R}");
                Assert.Equal(0, dual[i].Value.Gradient[0]);
            }
        }

        Assert.True(compared > 400);
    }

    [Fact]
    public void The_root_of_nothing_does_not_move() =>
        Assert.Equal((0, 0), (Dual.Sqrt(Dual.Variable(0, 1)).Value, Dual.Sqrt(Dual.Variable(0, 1)).Gradient[1]));

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    public void What_is_no_number_is_not_lost(double left, double right)
    {
        Assert.Equal(double.NaN, Dual.Max(Dual.Literal(left), Dual.Literal(right)).Value);
        Assert.Equal(double.NaN, Dual.Min(Dual.Literal(left), Dual.Literal(right)).Value);
    }

    private static (string Name, T Value)[] Operations<T>(T a, T b)
        where T : struct, IReal<T> =>
        [
            ("sum", a + b),
            ("difference", a - b),
            ("product", a * b),
            ("quotient", a / b),
            ("negative", -a),
            ("greater", T.Max(a, b)),
            ("lesser", T.Min(a, b)),
            ("root", T.Sqrt(a)),
            ("ceiling", T.Ceiling(a)),
            ("choice", T.WhereGreater(a, b, a * a, b * b)),
            ("exponential", T.Exp(b)),
            ("logarithm", T.Log(a)),
            ("power", T.Exp(b * T.Log(a))),
            ("chain", T.Sqrt((a * a) + (b * b)) / (a + T.Literal(1))),
        ];

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) < 1e-6 * Math.Max(1, Math.Abs(expected)), $"{what}: {actual}, by differences {expected}");
}
