using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Tests.Validation;

/// <summary>Every published row is predicted, or left out by a rule with a reason.</summary>
public sealed class ValidatorTests
{
    private static readonly Catalog Embedded = Catalog.OpenEmbedded();
    private static readonly IReadOnlyList<StepRecord> Published = PublishedRecords.ReadAll();
    private static readonly ValidationOutcome Outcome = PublishedOutcome.Value;

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
            Outcome.Rows.Count(row => row is { Method: "carbonscaling", Table: "step.seconds" or "step.tokensPerSecondPerDevice" or "memory.peakBytes" }));
        Assert.Equal(Outcome.Rows.Count, Outcome.Rows.Select(row => (row.Id, row.Table, row.Method)).Distinct().Count());
        Assert.All(Outcome.Rows, row => Assert.True(row.Predicted is null == (row.Excluded is not null), row.Id));
        Assert.All(Outcome.Rows.Where(row => row.Predicted is not null), row => Assert.True(double.IsFinite(row.Predicted!.Value) && row.Predicted > 0, row.Id));
        Assert.All(Outcome.Rows.Where(row => row.Low is not null), row => Assert.True(row.Low < row.Predicted && row.Predicted < row.High, row.Id));
        Assert.All(
            Outcome.Rows.Where(row => row.Excluded is not null),
            row => Assert.Contains(row.Excluded, ExclusionRule.All.Concat(RunExclusions.All).Select(rule => rule.Name)));
        Assert.All(ExclusionRule.All.Concat(RunExclusions.All), rule => Assert.NotEqual("", rule.Reason));
    }

    [Fact]
    public void No_published_step_is_left_out()
    {
        HashSet<string> steps = [.. Published.Select(record => record.Id)];
        Assert.DoesNotContain(Outcome.Rows, row => row.Excluded is not null && steps.Contains(row.Id));
    }

    // Each run that is left out falls under a rule with a physical reason; the share of all records stays small.
    [Fact]
    public void Few_records_are_left_out()
    {
        Assert.InRange(Outcome.Exclusions.Sum(exclusion => exclusion.Records) / (double)Outcome.RecordCount, 0, 0.1);
        Assert.DoesNotContain(Outcome.Exclusions, exclusion => exclusion.Rule == "excluded-by-file");
        Assert.Equal(30, Outcome.Exclusions.Where(exclusion => exclusion.ForEveryMethod && exclusion.Rule != "other-boundary").Sum(exclusion => exclusion.Records));
    }

    [Fact]
    public void A_prediction_is_the_estimate_of_the_scenario()
    {
        Validator validator = new(Embedded);
        Estimator estimator = new(Embedded);
        foreach (ValidatedRow row in Outcome.Rows.Where(row => row.Table == "step.seconds" && row.Method == "carbonscaling" && row.Predicted is not null).Where((_, index) => index % 40 == 0))
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
            .Where(row => row.Source == "KOR22" && row.Table == "step.seconds" && row.Method == "carbonscaling-priors")
            .OrderBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => row.Predicted!.Value)];
        double[] byHand = [.. KorthikantiRows.Steps.Select(row => row.Ours)];

        Assert.Equal(byHand.Length, predicted.Length);
        Assert.All(byHand.Zip(predicted), pair => Assert.InRange(pair.Second / pair.First, 0.995, 1.005));
    }

    [Fact]
    public void Peak_memory_is_within_two_percent_on_average()
    {
        ErrorMetrics errors = PublishedOutcome.Score("memory.peakBytes", "carbonscaling").Errors;
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
    public void Priors_have_no_fitted_constant() => Assert.All(
        Outcome.Targets.SelectMany(target => target.Methods).Where(method => method.Method.StartsWith("carbonscaling-priors", StringComparison.Ordinal)),
        method => Assert.Equal(0, method.FittedConstants));

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
        ValidatedRow row = Assert.Single(outcome.Rows, row => row.Method == "carbonscaling");

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

        ValidatedRow[] rows = [.. outcome.Rows.Where(row => row.Method == "carbonscaling")];
        Assert.Equal(["step.seconds", "step.tokensPerSecondPerDevice", "memory.peakBytes"], rows.Select(row => row.Target));
        Assert.Equal([1.5, 10_000, 20 * Math.Pow(2, 30)], rows.Select(row => row.Measured));
        Assert.Equal(["s", "1/s", "B"], rows.Select(row => Validator.Units[row.Target]));

        // 64 sequences of 2048 tokens over 8 devices.
        Assert.Equal(64 * 2048 / 8.0, rows[0].Predicted!.Value * rows[1].Predicted!.Value, 1e-6);
    }

    private sealed class Counted : IProgress<ValidationProgress>
    {
        public List<ValidationProgress> Reports { get; } = [];

        public void Report(ValidationProgress value) => Reports.Add(value);
    }
}
