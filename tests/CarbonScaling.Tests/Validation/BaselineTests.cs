using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Methods;

namespace CarbonScaling.Tests.Validation;

/// <summary>The baselines give what their authors' programs give, and what can be worked out by hand.</summary>
public sealed class BaselineTests
{
    private static readonly Catalog Embedded = Catalog.OpenEmbedded();

    // Beyond the ten rows of Megatron-LM's table the quadratics turn down: as the published program runs.
    [Fact]
    public void LLMCarbon_has_no_prediction_at_trillions()
    {
        Assert.Equal(79.5, LlmCarbon.Teraflops(2e12, 80), 0.05);
        Assert.Equal(840, LlmCarbon.Devices(2e12, 80));
        Assert.Equal(-843, LlmCarbon.Teraflops(5e12, 80), 0.5);
        Assert.Equal(-31_320, LlmCarbon.Devices(5e12, 80));
    }

    // Its own database, predictive with the design power: T5 600B tokens, GPT-3, GShard, Switch 2T tokens, XLM-R 7T.
    [Theory]
    [InlineData("tpu-v3-pod", 11e9, 600e9, 1.12, 545, 46.7, 0.55)]
    [InlineData("dgx-1-v100", 175e9, 300e9, 1.1, 429, 552.1, -0.51)]
    [InlineData("tpu-v3-pod", 2.3e9, 1e12, 1.09, 177, 4.3, 0.83)]
    [InlineData("tpu-v3-pod", 7.41e9, 2e12, 1.1, 330, 59.1, 0.57)]
    [InlineData("dgx-1-v100", 0.55e9, 7e12, 1.1, 413, 39, -0.46)]
    public void LLMCarbon_misses_its_five_rows_by_what_its_program_misses_them(
        string system, double parameters, double tokens, double pue, double intensity, double tonnes, double error)
    {
        double predicted = Predict("llmcarbon", "carbon.operationalKg", system, parameters, tokens, pue: pue, intensity: intensity)!.Value / 1000;
        Assert.Equal(error, (predicted / tonnes) - 1, 0.006);
    }

    [Fact]
    public void Six_N_D_is_worked_by_hand()
    {
        // 6 × 7e9 × 1e12 / (312e12 × 0.4 × 3600) hours, at 400 W.
        double hours = 6 * 7e9 * 1e12 / (312e12 * 0.4 * 3600);
        Assert.Equal(hours, Predict("6nd-0.4", "run.deviceHours", "dgx-a100-80gb", 7e9, 1e12)!.Value, 1e-6);
        Assert.Equal(hours * 0.4, Predict("6nd-0.4", "energy.itKwh", "dgx-a100-80gb", 7e9, 1e12)!.Value, 1e-6);
        Assert.Null(Predict("6nd-0.4", "energy.itKwh@hours", "dgx-a100-80gb", 7e9, 1e12));
    }

    [Theory]
    [InlineData("hours-tdp", "energy.itKwh@hours", 40_000)]
    [InlineData("hours-tdp", "carbon.operationalKg@hours", 40_000 * 1.2 * 0.057)]
    [InlineData("mlco2", "energy.itKwh@hours", 40_000)]
    [InlineData("mlco2", "carbon.operationalKg@hours", 40_000 * 0.06)]
    [InlineData("green-algorithms", "energy.itKwh@hours", 100_000 * (400 + (128 * 0.3725)) / 1000)]
    [InlineData("codecarbon", "energy.averageDeviceWatts", (0.7 * 400) + ((225 + 160) / 8.0))]
    public void Calculators_are_worked_by_hand(string method, string table, double expected) =>
        Assert.Equal(expected, Predict(method, table, "dgx-a100-80gb", 7e9, 1e12, pue: 1.2, intensity: 57)!.Value, 1e-6 * expected);

    // y = 3 + 2x with residuals +e, −2e, +e orthogonal to both columns: the fit is the line, s² = 6e²/1.
    [Fact]
    public void Least_squares_is_worked_by_hand()
    {
        LogLinearFit fit = LogLinearFit.Of([([-1.0], 1.1), ([0.0], 2.8), ([1.0], 5.1)])!;
        Assert.Equal(3, fit.Coefficients[0], 1e-12);
        Assert.Equal(2, fit.Coefficients[1], 1e-12);

        // Leverage of x = 2: 1/3 + 4/2.
        double t = LogLinearFit.StudentQuantile95(1);
        Assert.Equal(t * Math.Sqrt(0.06 * (1 + (1 / 3.0) + 2)), fit.HalfWidth([2.0]), 1e-12);
        Assert.Null(LogLinearFit.Of([([1.0], 1.0), ([1.0], 2.0), ([1.0], 3.0)]));
    }

    [Theory]
    [InlineData(5, 2.015)]
    [InlineData(10, 1.812)]
    [InlineData(30, 1.697)]
    public void Students_quantile_is_that_of_tables(int freedom, double expected) =>
        Assert.Equal(expected, LogLinearFit.StudentQuantile95(freedom), 0.01 * expected);

    // Published for 70 runs of 34 sources: x 1.55, 1.69, 1.96, 1.82, 1.52; these are 54 of them.
    [Theory]
    [InlineData("6nd-0.3", 1.55)]
    [InlineData("6nd-0.4", 1.69)]
    [InlineData("6nd-0.5", 1.96)]
    [InlineData("llmcarbon-peak-scaled", 1.82)]
    [InlineData("regression-compute-peak", 1.52)]
    public void Device_hours_are_missed_by_about_what_is_published(string method, double factor)
    {
        ErrorMetrics errors = PublishedOutcome.Score("run.deviceHours", method).Errors;
        Assert.Equal((54, 25), (errors.N, errors.Sources));
        Assert.InRange(errors.ExpRmsle!.Value / factor, 0.95, 1.05);
    }

    // Were a source's own hours in its fit, multiplying them would move its predictions.
    [Fact]
    public void Nothing_of_a_source_is_in_the_fit_that_predicts_it()
    {
        RecordSet all = PublishedRecords.ReadSet("runs.csv");
        RecordSet changed = all with { Runs = [.. all.Runs.Select(run => run.Source == "llama2" ? run with { DeviceHours = run.DeviceHours * 10 } : run)] };
        double?[] Predicted(RecordSet set, Func<ValidatedRow, bool> which) =>
        [
            .. new Validator(Embedded).Run(set).Rows
                .Where(row => row is { Table: "run.deviceHours", Method: "regression-compute-peak" } && which(row))
                .Select(row => row.Predicted),
        ];

        Assert.Equal(Predicted(all, row => row.Source == "llama2"), Predicted(changed, row => row.Source == "llama2"));
        Assert.NotEqual(Predicted(all, row => row.Source == "llama1"), Predicted(changed, row => row.Source == "llama1"));
    }

    // Table 5 of Korthikanti as Calculon's own validation lists it.
    [Fact]
    public void Recorded_figures_of_Calculon_are_those_of_its_validation()
    {
        double[] recorded = [.. PublishedOutcome.Value.Rows.Where(row => row is { Method: "calculon", Table: "step.seconds" }).OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => row.Predicted!.Value)];
        Assert.Equal(KorthikantiRows.Steps.Select(row => row.Calculon), recorded);
    }

    private static double? Predict(
        string method, string table, string system, double parameters, double tokens, double pue = 1, double intensity = 400)
    {
        NodeSystem node = SystemReader.Read(Embedded, system);
        ValidationCase record = new()
        {
            Id = "x",
            Source = "x",
            Run = new() { Id = "x", File = "x", Line = 1, Pue = pue, IntensityGramsPerKwh = intensity, DeviceHours = 100_000 },
            Facts = new()
            {
                System = node,
                ActiveParameters = parameters,
                Flops = 6 * parameters * tokens,
                Tokens = tokens,
                Devices = 64,
                Peak = node.Accelerator.Peaks[node.Accelerator.SixteenBit].Value,
            },
            Groups = new("", "", "", "", "", ""),
        };
        return Baselines.All([record]).Single(each => each.Id == method)
            .Predict(ValidationTargets.All.Single(each => each.Id == table), record).Value;
    }
}
