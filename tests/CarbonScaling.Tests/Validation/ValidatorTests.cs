using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>Every published row is predicted, or left out by a rule with a reason.</summary>
public sealed class ValidatorTests
{
    private static readonly Catalog Embedded = Catalog.OpenEmbedded();
    private static readonly IReadOnlyList<StepRecord> Published = PublishedRecords.ReadAll();
    private static readonly ValidationOutcome Outcome = new Validator(Embedded).Run(Published);

    [Fact]
    public void The_library_carries_every_row_once()
    {
        Assert.Equal([760, 22, 8], PublishedRecords.Files.Select(file => PublishedRecords.Read(file).Count));
        Assert.Equal(Published.Count, Published.Select(record => record.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Throws<ArgumentException>(() => PublishedRecords.Read("other.csv"));
    }

    [Fact]
    public void Every_measurement_is_a_row_that_is_predicted_or_left_out()
    {
        Assert.Equal(
            Published.Sum(record => new[] { record.StepSeconds, record.TokensPerSecondPerDevice, record.PeakBytes }.Count(value => value is not null)),
            Outcome.Rows.Count);
        Assert.All(Outcome.Rows, row => Assert.True(row.Predicted is null == (row.Excluded is not null), row.Id));
        Assert.All(Outcome.Rows.Where(row => row.Predicted is not null), row => Assert.True(double.IsFinite(row.Predicted!.Value) && row.Predicted > 0, row.Id));
        Assert.All(Outcome.Rows.Where(row => row.Low is not null), row => Assert.True(row.Low < row.Predicted && row.Predicted < row.High, row.Id));
        Assert.All(
            Outcome.Rows.Where(row => row.Excluded is not null),
            row => Assert.Contains(row.Excluded, ExclusionRule.All.Select(rule => rule.Name)));
        Assert.All(ExclusionRule.All, rule => Assert.NotEqual("", rule.Reason));
    }

    [Fact]
    public void No_published_row_is_left_out() => Assert.True(
        Outcome.Exclusions.Count == 0,
        string.Join("; ", Outcome.Exclusions.Select(exclusion => $"{exclusion.Rule}: {string.Join(", ", exclusion.Details.Keys)}")));

    [Fact]
    public void A_prediction_is_the_estimate_of_the_scenario()
    {
        Validator validator = new(Embedded);
        Estimator estimator = new(Embedded);
        foreach (ValidatedRow row in Outcome.Rows.Where(row => row.Target == "step.seconds" && row.Predicted is not null).Where((_, index) => index % 40 == 0))
        {
            RecordScenario scenario = validator.Scenario(Published.Single(record => record.Id == row.Id));
            Assert.Equal(row.Predicted, estimator.Estimate(scenario.Scenario!).Step.Seconds);
        }
    }

    // The same rows, written as scenarios by hand.
    [Fact]
    public void The_rows_of_Korthikanti_are_those_of_the_fidelity_page()
    {
        double[] predicted = [.. Outcome.Rows
            .Where(row => row.Source == "KOR22" && row.Target == "step.seconds")
            .OrderBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => row.Predicted!.Value)];
        double[] byHand = [.. KorthikantiRows.Steps.Select(row => row.Ours)];

        Assert.Equal(byHand.Length, predicted.Length);
        Assert.All(byHand.Zip(predicted), pair => Assert.InRange(pair.Second / pair.First, 0.995, 1.005));
    }

    [Fact]
    public void Peak_memory_is_within_two_percent_on_average()
    {
        ErrorMetrics errors = Assert.Single(Outcome.Targets.Single(target => target.Target == "memory.peakBytes").Methods).Errors;
        Assert.Equal(22, errors.N);
        Assert.InRange(errors.Mape!.Value, 0, 0.02);
    }

    [Fact]
    public void The_result_does_not_depend_on_threads()
    {
        StepRecord[] some = [.. Published.Where((_, index) => index % 25 == 0)];
        Counted progress = new();
        ValidationOutcome one = new Validator(Embedded).Run(some, new(Seed: 1, Threads: 1), progress);
        ValidationOutcome four = new Validator(Embedded).Run(some, new(Seed: 1, Threads: 4));

        Assert.Equal(one.Rows, four.Rows);
        Assert.Equal([.. Enumerable.Range(1, some.Length).Select(done => new ValidationProgress(done, some.Length))], progress.Reports);
        Assert.Equal(one.Targets.Select(target => target.Methods[0].Errors.Mape), four.Targets.Select(target => target.Methods[0].Errors.Mape));
    }

    [Fact]
    public void No_constant_is_fitted() =>
        Assert.All(Outcome.Targets.SelectMany(target => target.Methods), method => Assert.Equal(("carbonscaling", 0), (method.Method, method.FittedConstants)));

    [Theory]
    [InlineData("accelerator", "abacus", "unknown-system", "'abacus'")]
    [InlineData("tp", "", "incomplete-row", "tp not given")]
    [InlineData("sharding", "zero9", "unknown-word", "sharding: 'zero9' is not known")]
    [InlineData("precision", "int3", "contradictory-row", "training.precision: 'int3' is not known")]
    [InlineData("n_kv_heads", "5", "contradictory-row", "model.keyValueHeads: '5' does not divide")]
    [InlineData("tp", "3", "illegal-plan", "plan.")]
    [InlineData("global_batch_sequences", "63", "illegal-plan", "plan.microBatch: ")]
    [InlineData("n_devices", "12", "contradictory-row", "cluster.devices: '12' does not fill nodes")]
    public void A_row_that_cannot_be_predicted_names_its_rule(string column, string value, string rule, string detail)
    {
        ValidationOutcome outcome = new Validator(Embedded).Run([RecordTexts.Record((column, value), ("micro_batch", "1"), ("dp", "4"))]);
        ValidatedRow row = Assert.Single(outcome.Rows);

        Assert.Equal(rule, row.Excluded);
        Assert.Contains(detail, row.Detail, StringComparison.Ordinal);
        Assert.Null(row.Predicted);
        Assert.Equal(1, Assert.Single(outcome.Exclusions).Records);
        Assert.Equal(0, outcome.Targets[0].Methods[0].Errors.N);
    }

    [Fact]
    public void A_wider_row_still_carries_its_measurement()
    {
        ValidationOutcome outcome = new Validator(Embedded).Run([RecordTexts.Record(("measured_tokens_per_s_per_device", "10000"), ("measured_peak_allocated_gib", "20"))]);

        Assert.Equal(["step.seconds", "step.tokensPerSecondPerDevice", "memory.peakBytes"], outcome.Rows.Select(row => row.Target));
        Assert.Equal([1.5, 10_000, 20 * Math.Pow(2, 30)], outcome.Rows.Select(row => row.Measured));
        Assert.Equal(["s", "1/s", "B"], outcome.Rows.Select(row => Validator.Units[row.Target]));

        // 64 sequences of 2048 tokens over 8 devices.
        Assert.Equal(64 * 2048 / 8.0, outcome.Rows[0].Predicted!.Value * outcome.Rows[1].Predicted!.Value, 1e-6);
    }

    private sealed class Counted : IProgress<ValidationProgress>
    {
        public List<ValidationProgress> Reports { get; } = [];

        public void Report(ValidationProgress value) => Reports.Add(value);
    }
}
