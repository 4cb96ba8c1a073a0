using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>What the search minimises: the weights of the goals, as given; carbon alone when nothing is given.</summary>
/// <param name="Time">Weight of the duration.</param>
/// <param name="Energy">Weight of the energy.</param>
/// <param name="Carbon">Weight of the emissions.</param>
public sealed record ObjectiveWeights(double Time, double Energy, double Carbon)
{
    private static readonly ObjectiveWeights Default = new(0, 0, 1);

    internal static ObjectiveWeights Read(FieldMap scenario)
    {
        const string Name = "objective";
        if (scenario.Take(Name) is not MapNode)
        {
            return scenario.Word(Name, Vocabulary.Objectives) ?? Default;
        }

        FieldMap map = scenario.Optional(Name);
        var range = new Interval(0, 1e6);
        map.NotYet("cost");
        double time = map.Quantity("time", Dimension.None, "1", range) ?? 0;
        double energy = map.Quantity("energy", Dimension.None, "1", range) ?? 0;
        double carbon = map.Quantity("carbon", Dimension.None, "1", range) ?? 0;
        bool sound = map.Close();
        if (sound && time + energy + carbon == 0)
        {
            scenario.Report(Name, "gives no goal a weight; allowed: weights of time, energy and carbon, one of them above 0");
        }

        return new(time, energy, carbon);
    }
}
