using CarbonScaling.Laws;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Laws;

/// <summary>Laws against values worked out from their published coefficients.</summary>
public sealed class LossLawTests
{
    private const double Tolerance = 0.002;

    [Theory]
    [InlineData("besiroglu-2024", 1e21, 2.778e9, 5.999e10)]
    [InlineData("besiroglu-2024", 5.76e23, 7.225e10, 1.329e12)]
    [InlineData("besiroglu-2024", 3.8e25, 6.187e11, 1.024e13)]
    [InlineData("hoffmann-2022", 5.76e23, 4.031e10, 2.381e12)]
    [InlineData("hoffmann-2022", 3.8e25, 2.729e11, 2.321e13)]
    public void The_optimum_of_a_budget(string id, double computeFlops, double parameters, double tokens)
    {
        (double n, double d) = LossLaw.Read(LegalCases.Embedded, id).Optimum(computeFlops);
        Assert.Equal(1, n / parameters, Tolerance);
        Assert.Equal(1, d / tokens, Tolerance);
        Assert.Equal(1, 6 * n * d / computeFlops, 1e-12);
    }

    [Theory]
    [InlineData("besiroglu-2024", 70e9, 1.4e12, 1.9739)]
    [InlineData("besiroglu-2024", 405e9, 15.6e12, 1.8926)]
    [InlineData("hoffmann-2022", 70e9, 1.4e12, 1.9208)]
    public void The_loss_of_a_model(string id, double parameters, double tokens, double loss) =>
        Assert.Equal(loss, LossLaw.Read(LegalCases.Embedded, id).Loss<Scalar>(new(parameters), new(tokens)).Value, 0.0002);

    [Theory]
    [InlineData("besiroglu-2024", 2.2)]
    [InlineData("hoffmann-2022", 1.9)]
    public void The_compute_of_a_loss_gives_the_loss_again(string id, double loss)
    {
        LossLaw law = LossLaw.Read(LegalCases.Embedded, id);
        Assert.True(law.TryComputeFor(loss, out double computeFlops));
        (double n, double d) = law.Optimum(computeFlops);
        Assert.Equal(loss, law.Loss<Scalar>(new(n), new(d)).Value, 9);
        Assert.False(law.TryComputeFor(1.5, out _));
    }

    [Theory]
    [InlineData("epoch-2024", 2.86e6)]
    [InlineData("zhang-2024", 10.3e6)]
    [InlineData("step-law-2025", 5.8e6)]
    [InlineData("deepseek-2024", 20.7e6)]
    public void Batches_at_1e24_FLOP_and_twenty_tokens_per_parameter(string id, double tokens)
    {
        double size = Math.Sqrt(1e24 / 120);
        Assert.Equal(1, BatchLaw.Read(LegalCases.Embedded, id).Tokens(20 * size, 1e24, double.NaN) / tokens, 0.03);
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(7e10)]
    [InlineData(1e12)]
    public void A_model_by_the_shape_law_has_about_the_parameters_wanted(double parameters) =>
        Assert.InRange(ShapeLaw.Read(LegalCases.Embedded, ShapeLaw.Default).Model(parameters).ParameterCount / parameters, 0.85, 1.15);

    [Fact]
    public void A_scenario_with_a_target_loss_is_planned_whole()
    {
        const string Text = """
            training: { targetLoss: 2.1, law: besiroglu-2024, sequenceLength: 4096 }
            cluster: { system: dgx-h100, devices: [64, 1024] }
            site: { grid: fr }
            objective: carbon
            """;
        PlanResult result = new Estimator(LegalCases.Embedded).Plan(LegalCases.Read(Text));
        Assert.NotEmpty(result.Plans);
        Assert.InRange(result.Plans[0].Model.PredictedLoss!.Value, 2.08, 2.12);
        Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Plan(LegalCases.Read(Text, "training.targetLoss=1.7")));
    }
}
