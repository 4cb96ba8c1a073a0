using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Tests.Validation.Calibration;

/// <summary>A recorded step gives for other parameters what the equations give.</summary>
public sealed class TraceTapeTests
{
    private static readonly FittedSpace Space = FittedSteps.Calibrator.Space;

    [Fact]
    public void A_tape_gives_the_bits_of_the_equations_and_the_elasticities_of_the_trace() => Assert.All(LegalCases.All, one =>
    {
        foreach (string path in (string[])["step.seconds", "energy.averageDeviceWatts"])
        {
            Observation observation = new("x", "x", one.Job, one.Plan, path, 1);
            TraceTape tape = observation.Record(Space).Tape;
            double[] logs = FittedSteps.Drawn(seed: 11);
            double[] values = new double[Space.Map.Positions.Count];
            double[] slopes = new double[values.Length];
            double[] elasticities = new double[values.Length];
            Space.Map.Fill(logs, values, slopes);

            Dictionary<string, Figure> figures = Space.Map.Priors.Figures.ToDictionary(
                static figure => figure.Key,
                figure => Space.Map.Has(figure.Key) ? figure.Value with { Value = Space.Map.At(figure.Key, logs).Value } : figure.Value);
            CarbonJob job = one.Job with { Training = one.Job.Training with { Parameters = new("moved", figures) } };
            Traced direct = Readings.Read(path, Assessment<Traced>.Of(
                job, one.Plan, FlopsConvention.ModelFull, number => new(number.ToString(), one.Plan[number], "1", "plan", FigureStatus.Given)));

            Assert.Equal(direct.Value, tape.Evaluate(values, elasticities));
            IReadOnlyDictionary<string, InputSensitivity> expected = Sensitivity.Elasticities(direct.Node);
            Assert.All(Space.Map.Positions, slot => Assert.Equal(
                expected.TryGetValue(slot.Key, out InputSensitivity? own) ? own.Elasticity : 0, elasticities[slot.Value], 1e-9));
        }
    });

    [Fact]
    public void A_result_that_depends_on_no_chosen_input_is_a_constant()
    {
        Traced result = Traced.Input(new("a", 3, "1", "x", FigureStatus.Given)) * Traced.Literal(2);
        TraceTape tape = TraceTape.Of(result.Node, new Dictionary<string, int> { ["b"] = 0 });
        double[] elasticities = [1];
        Assert.Equal(6, tape.Evaluate([5], elasticities));
        Assert.Equal([0.0], elasticities);
    }

    [Fact]
    public void Multipliers_move_a_share_as_any_figure_near_its_prior_and_never_to_one()
    {
        Assert.Equal(0.8 * Math.Exp(0.3), Multipliers.Figure<Scalar>(new(0.8), new(0.3)).Value, 1e-15);
        Assert.Equal(0.8, Multipliers.Share<Scalar>(new(0.8), new(0)).Value, 1e-15);

        // Odds of 4 to the power of 1 / 0.2 of a doubling: 128.
        Assert.Equal(128.0 / 129, Multipliers.Share<Scalar>(new(0.8), new(Math.Log(2))).Value, 1e-12);
        Dual near = Multipliers.Share<Dual>(Dual.Literal(0.8), Dual.Variable(0, 0));
        Assert.Equal(0.8, near.Gradient[0], 1e-12);
        Dual far = Multipliers.Share<Dual>(Dual.Literal(0.8), Dual.Variable(0.1, 0));
        Assert.Equal((1 - far.Value) / 0.2, far.Gradient[0] / far.Value, 1e-12);
        Assert.InRange(Multipliers.Share<Scalar>(new(0.99), new(5)).Value, 0.99, 1);
        Assert.InRange(Multipliers.Share<Scalar>(new(0.99), new(-50)).Value, 0, 0.99);
    }
}
