using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Planning;

/// <summary>Scenarios that leave the model, the tokens or the batch to a law.</summary>
public sealed class WorkloadTests
{
    private const string ByLaw = """
        training: { compute: 5.76e23, globalBatchSequences: 1024 }
        cluster: { system: dgx-h100, devices: 1024 }
        plan: { tensor: 8, pipeline: 8 }
        site: { grid: fr }
        """;

    private const string Given = """
        model: llama-2-70b
        training: { tokens: 2T, globalBatchSequences: 1024 }
        cluster: { system: dgx-h100, devices: 1024 }
        plan: { tensor: 8, pipeline: 8 }
        site: { grid: fr }
        """;

    [Fact]
    public void A_law_of_another_form_is_refused_with_those_that_fit()
    {
        Scenario scenario = LegalCases.Read(ByLaw, "training.law=zhang-2024");
        ScenarioException refused = Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Estimate(scenario));
        string problem = Assert.Single(refused.Problems).ToString();
        Assert.Contains("besiroglu-2024", problem, StringComparison.Ordinal);
        Assert.Contains("hoffmann-2022", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zhang-2024", 8192)]
    [InlineData("epoch-2024", 2048)]
    [InlineData("step-law-2025", 8192)]
    public void A_batch_by_law_is_the_nearest_power_of_two(string law, double sequences)
    {
        // 2e12 tokens: 11,730·(2e6)^0.47 = 1.073e7 tokens, or 10,480 sequences of 1024; 2^22·(8.28e23/1e25)^(1/6) = 2.77e6, or
        // 2,704; 0.58·(2e12)^0.571 = 6.13e6, or 5,983.
        string text = Given.Replace("globalBatchSequences: 1024", $"batchLaw: {law}, sequenceLength: 1024", StringComparison.Ordinal);
        Assert.Equal(sequences, Estimate(text).Plan.GlobalBatchSequences);
    }

    [Fact]
    public void A_batch_in_tokens_is_rounded_to_sequences()
    {
        string text = Given.Replace("globalBatchSequences: 1024", "globalBatchTokens: 4M", StringComparison.Ordinal);
        Assert.Equal(977, Estimate(text.Replace("devices: 1024", "devices: 64", StringComparison.Ordinal)).Plan.GlobalBatchSequences);
    }

    [Fact]
    public void A_batch_by_loss_needs_a_loss()
    {
        Scenario scenario = LegalCases.Read(
            Given.Replace("globalBatchSequences: 1024", "batchLaw: kaplan-2020", StringComparison.Ordinal));
        ScenarioException refused = Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Estimate(scenario));
        Assert.Contains("training.batchLaw", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_tokens_than_a_step_are_one_step_with_a_warning()
    {
        Estimate estimate = Estimate(Given.Replace("tokens: 2T", "tokens: 1000", StringComparison.Ordinal));
        Assert.Equal(1, estimate.Run.Steps);
        Assert.Contains(estimate.Warnings, warning => warning.Contains("fewer tokens than a step", StringComparison.Ordinal));
    }

    private static Estimate Estimate(string text) => new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text));
}
