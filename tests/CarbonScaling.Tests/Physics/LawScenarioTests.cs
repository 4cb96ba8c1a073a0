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

    [Theory]
    [InlineData(1e18)]
    [InlineData(1e21)]
    [InlineData(5.76e23)]
    [InlineData(3.8e25)]
    [InlineData(1e28)]
    public void A_budget_alone_buys_a_model_of_nearly_the_optimal_size_and_tokens_for_the_rest(double compute)
    {
        Estimate estimate = Worlds.Estimate(ByLaw, FormattableString.Invariant($"training.compute={compute}"));
        (double parameters, _) = Law.Optimum(compute);

        Assert.InRange(estimate.Model.Parameters / parameters, 0.95, 1.05);
        Assert.Equal(1, 6 * estimate.Model.Parameters * estimate.Run.Tokens / compute, 1e-12);
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

    [Theory]
    [InlineData(3.5)]
    [InlineData(2.3)]
    [InlineData(1.95)]
    [InlineData(1.84)]
    public void A_target_loss_alone_is_met_by_the_model_as_it_is_for_nearly_the_least_compute(double loss)
    {
        Estimate estimate = Worlds.Estimate(ByLaw.Replace(
            "compute: 1e21", FormattableString.Invariant($"targetLoss: {loss}"), StringComparison.Ordinal));

        Assert.Equal(loss, Law.Loss<Scalar>(new(estimate.Model.Parameters), new(estimate.Run.Tokens)).Value, 1e-9);
        Assert.Equal(loss, estimate.Model.PredictedLoss!.Value, 1e-9);

        // 5 % beside the optimal size costs 0.1 % of compute or so.
        Assert.True(Law.TryComputeFor(loss, out double compute));
        Assert.InRange(6 * estimate.Model.Parameters * estimate.Run.Tokens / compute, 1 - 1e-9, 1.005);
    }

    [Theory]
    [InlineData("training.compute=1e9", "training.compute", "is worth 0.0247 tokens to a model of 6.74E+09 parameters; allowed: 1 to 1E+18 tokens")]
    [InlineData("training.compute=1e40", "training.compute", "is worth 2.47E+29 tokens to a model of 6.74E+09 parameters; allowed: 1 to 1E+18 tokens")]
    public void A_budget_for_less_than_a_token_or_for_more_than_there_will_ever_be_is_refused(string setting, string field, string reason)
    {
        ScenarioProblem problem = Assert.Single(
            Assert.Throws<ScenarioException>(() => Worlds.Estimate(ByModel, setting)).Problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_too_small_for_any_model_by_law_is_refused()
    {
        ScenarioProblem problem = Assert.Single(
            Assert.Throws<ScenarioException>(() => Worlds.Estimate(ByLaw, "training.compute=10")).Problems);
        Assert.Equal("training.compute", problem.Field);
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
