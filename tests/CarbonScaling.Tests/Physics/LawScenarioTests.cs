using CarbonScaling.Laws;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Physics;

/// <summary>Scenarios that state a compute budget or a loss instead of tokens.</summary>
public sealed class LawScenarioTests
{
    private const string ByLaw = """
        training: { compute: 1e21, sequenceLength: 2048 }
        cluster: { system: dgx-h100, devices: 8 }
        site: { grid: fr }
        """;

    private const string ByModel = """
        model: llama-2-7b
        training: { compute: 5.76e23, globalBatchSequences: 64 }
        cluster: { system: dgx-h100, devices: 8 }
        site: { grid: fr }
        """;

    private static readonly LossLaw Law = LossLaw.Read(Worlds.Embedded, "besiroglu-2024");

    [Fact]
    public void A_budget_alone_buys_the_optimal_model_and_tokens()
    {
        Estimate estimate = Worlds.Estimate(ByLaw);
        (double parameters, double tokens) = Law.Optimum(1e21);

        Assert.Equal(1, estimate.Run.Tokens / tokens, 1e-12);
        // Whole layers and heads in multiples of 8 round the size.
        Assert.InRange(estimate.Model.Parameters / parameters, 0.75, 1.25);
        Assert.Equal(1, 6 * parameters * tokens / 1e21, 1e-12);
    }

    [Fact]
    public void A_budget_and_a_model_give_the_tokens()
    {
        Estimate estimate = Worlds.Estimate(ByModel);
        double parameters = estimate.Model.Parameters;

        Assert.Equal(1, 6 * parameters * estimate.Run.Tokens / 5.76e23, 1e-12);
        double loss = Law.Loss<Scalar>(new(parameters), new(estimate.Run.Tokens)).Value;
        Assert.Equal(loss, estimate.Model.PredictedLoss!.Value, 1e-12);
        Assert.True(loss > 1.9744, "No split of the budget has less than the optimal loss.");
    }

    [Fact]
    public void A_target_loss_and_a_model_give_the_tokens_that_reach_it()
    {
        string text = ByModel.Replace("compute: 5.76e23", "targetLoss: 2.05", StringComparison.Ordinal);
        Estimate estimate = Worlds.Estimate(text);

        Assert.Equal(2.05, estimate.Model.PredictedLoss!.Value, 1e-9);
        Assert.Equal(2.05, Law.Loss<Scalar>(new(estimate.Model.Parameters), new(estimate.Run.Tokens)).Value, 1e-9);
    }

    [Fact]
    public void A_target_loss_alone_takes_the_least_compute_that_reaches_it()
    {
        string text = ByLaw.Replace("compute: 1e21", "targetLoss: 2.3", StringComparison.Ordinal);
        Estimate estimate = Worlds.Estimate(text);

        Assert.True(Law.TryComputeFor(2.3, out double compute));
        Assert.Equal(1, estimate.Run.Tokens / Law.Optimum(compute).Tokens, 1e-12);
        // The size is rounded to whole layers and heads, the tokens are not adjusted to it.
        Assert.Equal(2.3, estimate.Model.PredictedLoss!.Value, 0.02);
    }

    [Theory]
    [InlineData(1.8, "irreducible loss, 1.8172")]
    [InlineData(1.8172, "irreducible loss, 1.8172")]
    public void A_loss_below_the_irreducible_one_is_refused(double loss, string reason)
    {
        string text = ByLaw.Replace("compute: 1e21", FormattableString.Invariant($"targetLoss: {loss}"), StringComparison.Ordinal);

        ScenarioProblem problem = Assert.Single(Assert.Throws<ScenarioException>(() => Worlds.Estimate(text)).Problems);
        Assert.Equal("training.targetLoss", problem.Field);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_the_model_is_too_small_for_is_refused()
    {
        // E + A/N^alpha is 2.00 for 6.74e9 parameters, however many tokens it sees.
        string text = ByModel.Replace("compute: 5.76e23", "targetLoss: 1.99", StringComparison.Ordinal);

        ScenarioProblem problem = Assert.Single(Assert.Throws<ScenarioException>(() => Worlds.Estimate(text)).Problems);
        Assert.Equal("training.targetLoss", problem.Field);
        Assert.Contains("6.74E+09 parameters", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("besiroglu-2024")]
    [InlineData("hoffmann-2022")]
    public void The_optimum_is_a_minimum_of_the_loss_at_fixed_compute(string id)
    {
        LossLaw law = LossLaw.Read(Worlds.Embedded, id);
        foreach (double compute in new[] { 1e20, 5.76e23, 3.8e25 })
        {
            (double parameters, double tokens) = law.Optimum(compute);
            double least = law.Loss<Scalar>(new(parameters), new(tokens)).Value;
            foreach (double factor in new[] { 0.5, 0.9, 1.1, 2 })
                Assert.True(law.Loss<Scalar>(new(parameters * factor), new(tokens / factor)).Value > least);
        }
    }
}
