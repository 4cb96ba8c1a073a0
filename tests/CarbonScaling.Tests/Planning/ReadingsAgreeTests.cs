using CarbonScaling.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>One equation, several readings: all give the same number, to the last bit.</summary>
public sealed class ReadingsAgreeTests
{
    [Fact]
    public void Scalar_traced_dual_and_every_lane_agree()
    {
        foreach (LegalCase one in LegalCases.All)
        {
            Assessment<Scalar> scalar = one.Builder.Assess<Scalar>(one.Plan);
            Assessment<Traced> traced = one.Builder.Assess<Traced>(one.Plan);
            Assessment<Dual> dual = one.Builder.Assess<Dual>(one.Plan);
            Assessment<Lanes> lanes = one.Builder.Assess<Lanes>(one.Plan);
            foreach (string path in Readings.Paths)
            {
                double expected = Readings.Read(path, scalar).Value;
                Same(expected, Readings.Read(path, traced).Value, path, one);
                Same(expected, Readings.Read(path, dual).Value, path, one);
                for (int lane = 0; lane < Lanes.Count; lane++)
                {
                    Same(expected, Readings.Read(path, lanes)[lane], path, one);
                }
            }
        }
    }

    private static void Same(double expected, double actual, string path, LegalCase one) => Assert.True(
        BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
        $"{path}: {expected:R} is not {actual:R} for\n{one.Text}");
}
