using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>One model, four readings, every way of counting FLOPs: the same figures to the last bit.</summary>
public sealed class ReadingsAgreeTests
{
    public static TheoryData<FlopsConvention> Conventions { get; } = [.. Enum.GetValues<FlopsConvention>()];

    [Theory]
    [MemberData(nameof(Conventions))]
    public void All_numeric_types_give_the_same_figures(FlopsConvention convention)
    {
        foreach (RandomJob job in RandomJobs.All)
        {
            Assessment<Scalar> scalar = job.Assess<Scalar>(convention);
            Assessment<Traced> traced = job.Assess<Traced>(convention);
            Assessment<Dual> dual = job.Assess<Dual>(convention);
            Assessment<Lanes> lanes = job.Assess<Lanes>(convention);
            foreach (string path in Readings.Paths)
            {
                double expected = Readings.Read(path, scalar).Value;
                Same(expected, Readings.Read(path, traced).Value, "traced");
                Same(expected, Readings.Read(path, dual).Value, "dual");
                Lanes all = Readings.Read(path, lanes);
                for (int lane = 0; lane < Lanes.Count; lane++)
                {
                    Same(expected, all[lane], $"lane {lane}");
                }

                void Same(double one, double other, string reading) => Assert.True(
                    BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other),
                    $"{path}: {one:R}, but {reading} gives {other:R} for\n{job}");
            }
        }
    }
}
