using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>Every operation of every numeric type gives what the plain one gives, to the last bit.</summary>
public sealed class UnitsTests
{
    private static readonly Equation Label = new("TEST-1", "test", "1", "x", "none");

    /// <summary>Numbers of any size with both signs; a zero has no sign, as equations make no negative zeros.</summary>
    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double[-1e3, 1e3],
        Gen.Double[-20, 20].Select(Gen.Double[-1, 1], (exponent, share) => share * Math.Pow(10, exponent)),
        Gen.Int[-64, 64].Select(whole => (double)whole)).Select(number => number == 0 ? 0 : number);

    private static readonly Gen<double> Positive = Number.Select(number => number == 0 ? 1 : Math.Abs(number));

    private static readonly Gen<double> Exponent = Gen.Double[-700, 700];

    [Fact]
    public void Addition() => Agree(Number, new Add());

    [Fact]
    public void Subtraction() => Agree(Number, new Subtract());

    [Fact]
    public void Multiplication() => Agree(Number, new Multiply());

    [Fact]
    public void Division() => Agree(Positive, new Divide());

    [Fact]
    public void Negation() => Agree(Positive, new Negate());

    [Fact]
    public void The_greater() => Agree(Number, new Maximum());

    [Fact]
    public void The_lesser() => Agree(Number, new Minimum());

    [Fact]
    public void Square_root() => Agree(Positive, new SquareRoot());

    [Fact]
    public void Powers_of_e() => Agree(Exponent, new Exponential());

    [Fact]
    public void Natural_logarithms() => Agree(Positive, new Logarithm());

    [Fact]
    public void Rounding_up() => Agree(Number.Where(number => number is > 0 or <= -1), new RoundUp());

    [Fact]
    public void Where_greater() => Agree(Number, new Choose());

    [Fact]
    public void A_chain_of_operations() => Agree(Positive.Select(number => Math.Clamp(number, 1e-3, 1e3)), new Chain());

    [Fact]
    public void A_comparison_of_equals_takes_the_last() => Assert.Equal(4, new Choose().Of<Scalar>([new(2), new(2), new(3), new(4)]).Value);

    [Fact]
    public void A_label_and_a_leaf_leave_the_number() => Number.Sample(number =>
    {
        Figure figure = new("x", number, "1", "scenario", FigureStatus.Given);
        Assert.Equal(number, Scalar.Name(Scalar.Input(figure), Label).Value);
        Assert.Equal(number, Traced.Name(Traced.Input(figure), Label).Value);
        Assert.Equal(number, Dual.Name(Dual.Input(figure), Label).Value);
        Assert.Equal(Lanes.Literal(number), Lanes.Name(Lanes.Input(figure), Label));
    });

    private interface IOperation
    {
        T Of<T>(T[] x)
            where T : struct, IReal<T>;
    }

    // Each lane gets numbers of its own, so that one cannot pass for another.
    private static void Agree(Gen<double> number, IOperation operation) => number.Array[4 * Lanes.Count].Sample(numbers =>
    {
        double[] Of(int lane) => [.. Enumerable.Range(0, 4).Select(i => numbers[(i * Lanes.Count) + lane])];
        Lanes lanes = operation.Of<Lanes>([.. Enumerable.Range(0, 4).Select(i => Lanes.Load(numbers.AsSpan(i * Lanes.Count, Lanes.Count)))]);
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            double[] x = Of(lane);
            double expected = operation.Of<Scalar>([.. x.Select(value => new Scalar(value))]).Value;
            Traced traced = operation.Of<Traced>([.. x.Select(Traced.Literal)]);
            Same(expected, lanes[lane], x);
            Same(expected, traced.Value, x);
            Same(expected, traced.Node.Recompute(), x);
            Same(expected, operation.Of<Dual>([.. x.Select((value, i) => Dual.Variable(value, i))]).Value, x);
        }
    });

    private static void Same(double expected, double actual, double[] x) => Assert.True(
        BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
        $"{expected:R} is not {actual:R} for {string.Join(", ", x)}");

    private sealed class Add : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => x[0] + x[1];
    }

    private sealed class Subtract : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => x[0] - x[1];
    }

    private sealed class Multiply : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => x[0] * x[1];
    }

    private sealed class Divide : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => x[0] / x[1];
    }

    private sealed class Negate : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => -x[0];
    }

    private sealed class Maximum : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.Max(x[0], x[1]);
    }

    private sealed class Minimum : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.Min(x[0], x[1]);
    }

    private sealed class SquareRoot : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.Sqrt(x[0]);
    }

    private sealed class Exponential : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.Exp(x[0]);
    }

    private sealed class Logarithm : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.Log(x[0]);
    }

    private sealed class RoundUp : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.Ceiling(x[0]);
    }

    private sealed class Choose : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> => T.WhereGreater(x[0], x[1], x[2], x[3]);
    }

    private sealed class Chain : IOperation
    {
        public T Of<T>(T[] x)
            where T : struct, IReal<T> =>
            T.Ceiling(T.Max(x[0], x[1]) / T.Min(x[2], x[3])) + (T.Sqrt(x[0] * x[1]) * T.Exp(-T.Log(x[2] + x[3])));
    }
}
