using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>The expected greatest of normal deviates against its integral.</summary>
public sealed class StragglingTests
{
    [Theory]
    [InlineData(2, 0.56419)]
    [InlineData(3, 0.84628)]
    [InlineData(4, 1.02938)]
    [InlineData(10, 1.53875)]
    public void The_integral_has_the_values_of_the_tables(int count, double expected) => Assert.Equal(expected, Integral(count), 5);

    [Fact]
    public void The_expected_greatest_is_that_of_the_integral()
    {
        for (double count = 2; count <= 100_000; count = Math.Max(count + 1, Math.Round(count * 1.07)))
        {
            double ratio = NormalMaximum.Of(new Scalar(count)).Value / Integral(count);
            Assert.True(ratio is > 1 - 0.011 and < 1 + 0.011, $"{count}: {ratio}");
        }
    }

    [Fact]
    public void One_node_waits_for_no_other_and_a_part_of_a_node_neither()
    {
        Assert.Equal(0, NormalMaximum.Of(new Scalar(1)).Value);
        Assert.Equal(0, NormalMaximum.Of(new Scalar(0.25)).Value);

        // By a millionth of a node: d/dn of the integral at one node is 0.903.
        Assert.Equal(0.903, NormalMaximum.Of(new Scalar(1 + 1e-6)).Value / 1e-6, 0.05);
    }

    [Fact]
    public void It_grows_and_ever_more_slowly()
    {
        double before = 0;
        double step = double.PositiveInfinity;
        for (int count = 2; count < 2000; count++)
        {
            double greatest = NormalMaximum.Of(new Scalar(count)).Value;
            Assert.True(greatest > before && greatest - before < step);
            (step, before) = (greatest - before, greatest);
        }
    }

    // E = ∫₀^∞ (1 − Φⁿ) dx − ∫₋∞⁰ Φⁿ dx by Simpson's rule, Φ by integrating its density along the way.
    private static double Integral(double count)
    {
        const double Step = 1e-3, End = 12;
        double cumulative = 0;
        double sum = 0;
        int last = (int)(2 * End / Step);
        for (int i = 0; i <= last; i++)
        {
            double x = (i * Step) - End;
            if (i > 0)
            {
                cumulative += Step / 6 * (Density(x - Step) + (4 * Density(x - (Step / 2))) + Density(x));
            }

            // Both parts together are End less the integral of Φⁿ over all of the range.
            double power = cumulative > 0 ? Math.Exp(count * Math.Log(Math.Min(1, cumulative))) : 0;
            double weight = i == 0 || i == last ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * power;
        }

        return End - (sum * Step / 3);
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
