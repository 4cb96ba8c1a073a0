using CarbonScaling.Catalogs;
using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>Whole runs: what is published is kept, the planner fills the rest, and what cannot be tested is said.</summary>
public sealed class RunValidationTests
{
    private const string Header =
        "id,model_name,params_total,tokens,n_layers,d_model,n_heads,seq_len,global_batch_tokens,accelerator,n_devices,tp,pp,precision,device_hours,arch,energy_it_kwh_norm,energy_kind,pue,carbon_intensity_g_per_kwh,tco2e_operational_reported,boundary_class,avg_w_per_device,run_class,source_group";

    private const string Run = "r-1,own,6.7e9,1e12,32,4096,32,2048,4e6,A100-80GB,256,{tp},{pp},bf16,80000,dense-decoder,28000,{kind},1.1,400,12.32,{boundary},350,{class},g";

    [Fact]
    public void A_published_plan_is_kept_and_the_rest_is_chosen()
    {
        Assert.Contains("tensor 4 × pipeline 12 × data 8", Plan("bloom-bloom-176b"), StringComparison.Ordinal);
        Assert.Contains("micro-batch 2,", Plan("bloom-bloom-176b"), StringComparison.Ordinal);
        Assert.Contains("tensor 8 × pipeline 16 × data 128", Plan("llama3-llama-3-1-405b"), StringComparison.Ordinal);
        Assert.Contains("tensor 1 × pipeline 1 × data 16", Plan("tinyllama-tinyllama-1-1b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama2-llama-2-70b", "model", "llama-2-70b")]
    [InlineData("flm101b-flm-16b-stage", "model.layers", "the law of the shape of deployed dense decoders")]
    [InlineData("llama1-llama-7b", "cluster.devices", "a month")]
    [InlineData("mpt-mpt-7b", "training.globalBatchSequences", "rounded so that it divides")]
    [InlineData("bloom-bloom-176b", "software.stack", "before 2023")]
    public void What_a_row_leaves_out_is_filled_by_a_rule(string id, string field, string expected)
    {
        FilledField filled = PublishedOutcome.Value.Records.Single(record => record.Id == id).Filled.First(each => each.Field == field);
        Assert.Contains(expected, $"{filled.Value} {filled.Rule}", StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_is_that_inside_the_boundary_of_the_meter()
    {
        double Energy(string boundary) => Validate(boundary: boundary).Rows
            .Single(row => row.Method == "carbonscaling" && row.Table == "energy.itKwh").Predicted!.Value;
        double gpu = Energy("gpu-only");
        double server = Energy("server-AC");
        double all = Energy("system(chip+host+net share)");
        Assert.True(gpu < server && server < all, $"{gpu} < {server} < {all}");
    }

    [Fact]
    public void With_hours_given_energy_is_power_times_hours()
    {
        ValidationOutcome outcome = Validate();
        double watts = outcome.Rows.Single(row => row is { Method: "carbonscaling", Table: "energy.averageDeviceWatts" }).Predicted!.Value;
        double energy = outcome.Rows.Single(row => row is { Method: "carbonscaling@hours", Table: "energy.itKwh@hours" }).Predicted!.Value;
        double carbon = outcome.Rows.Single(row => row is { Method: "carbonscaling@hours", Table: "carbon.operationalKg@hours" }).Predicted!.Value;
        Assert.Equal(watts * 80_000 / 1000, energy, 1e-6 * energy);
        Assert.Equal(energy * 1.1 * 0.4, carbon, 1e-6 * carbon);
    }

    [Fact]
    public void Regimes_and_classes_are_never_in_one_table()
    {
        foreach (TargetScore target in PublishedOutcome.Value.Targets)
        {
            string[] given = ["hours-tdp", "mlco2", "green-algorithms", "codecarbon"];
            bool hours = target.Regime == "hours-given";
            Assert.Equal(hours, target.Id.Contains("@hours", StringComparison.Ordinal));
            Assert.All(target.Methods.Where(method => method.IsOurs), method => Assert.Equal(hours, method.Method.EndsWith("@hours", StringComparison.Ordinal)));
            Assert.All(target.Methods.Where(method => !hours && target.Target != "energy.averageDeviceWatts"), method => Assert.DoesNotContain(method.Method, given));
        }

        ValidationOutcome benchmark = Validate(runClass: "benchmark");
        Assert.All(benchmark.Targets, target => Assert.EndsWith("benchmark", target.Id, StringComparison.Ordinal));
    }

    // Hours × design power × PUE × intensity tests arithmetic.
    [Fact]
    public void Energy_from_design_power_is_never_scored()
    {
        ValidationOutcome outcome = Validate(kind: "tdp-based");
        Assert.Equal(["run.deviceHours"], outcome.Targets.Select(target => target.Id));
        Assert.Contains(outcome.NotTestable, one => one is { Target: "energy.itKwh", Records: 1 });
        Assert.Contains(outcome.NotTestable, one => one is { Target: "carbon.operationalKg", Records: 1 });
    }

    [Fact]
    public void A_plan_that_cannot_be_is_left_out_with_its_rule()
    {
        ValidationOutcome outcome = Validate(tensor: "1", pipeline: "200");
        ValidatedRow row = outcome.Rows.First(each => each.Method == "carbonscaling");
        Assert.Equal("no-feasible-plan", row.Excluded);
        Assert.Null(row.Predicted);

        // What needs no plan predicts all the same.
        Assert.Contains(outcome.Rows, each => each is { Method: "6nd-0.4", Table: "run.deviceHours", Predicted: not null });
    }

    [Fact]
    public void A_footprint_is_that_of_the_card()
    {
        Assert.InRange(PublishedOutcome.Row("nv-hgx-h100", "carbon.embodiedKg").Error!.Value, -0.25, 0.25);
        Assert.Equal("other-boundary", PublishedOutcome.Row("google-v6e", "carbon.embodiedKg").Excluded);
    }

    private static string Plan(string id) =>
        PublishedOutcome.Value.Records.Single(record => record.Id == id).Filled.Single(each => each.Field == "plan").Value;

    private static ValidationOutcome Validate(
        string tensor = "", string pipeline = "", string kind = "measured", string boundary = "gpu-only", string runClass = "pretrain")
    {
        string row = Run
            .Replace("{tp}", tensor, StringComparison.Ordinal)
            .Replace("{pp}", pipeline, StringComparison.Ordinal)
            .Replace("{kind}", kind, StringComparison.Ordinal)
            .Replace("{boundary}", boundary, StringComparison.Ordinal)
            .Replace("{class}", runClass, StringComparison.Ordinal);
        RecordReading reading = RecordReader.Read($"{Header}\n{row}\n", "own.csv");
        Assert.Empty(reading.Problems);
        return new Validator(Catalog.OpenEmbedded()).Run(reading.Set);
    }
}
