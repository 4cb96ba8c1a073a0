using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Profiles;

namespace CarbonScaling.Tests.Validation;

public class ProfilerTests(ITestOutputHelper output)
{
    private static readonly Catalog Catalog = Catalog.OpenEmbedded();
    private static readonly ModelParameters Priors = ParametersReader.Read(Catalog, "priors");

    [Fact]
    public void What_is_as_predicted_moves_nothing()
    {
        Estimate estimate = new Estimator(Catalog).Estimate(Layout(8, 1, 1));
        Profile profile = new Profiler(Catalog).Fit("same", [new(Layout(8, 1, 1), "a", estimate.Step.Seconds, estimate.Energy.AverageDeviceWatts)]);

        Assert.All(profile.Multipliers, multiplier => Assert.Equal(1, multiplier.Value, 9));
        Assert.All(profile.Multipliers, multiplier => Assert.InRange(multiplier.Spread, 0, multiplier.Prior));
        Assert.Equal(estimate.Step.Seconds, profile.Records[0].After, 9);
    }

    [Fact]
    public void Three_layouts_of_a_changed_cluster_teach_the_others()
    {
        // A cluster with products 15 % slower, and 10 % more power, than the priors say.
        Estimator truth = new(Catalog, Changed());
        (int Tensor, int Pipeline, int MicroBatch)[] seen = [(1, 1, 1), (4, 2, 1), (8, 1, 2)];
        (int Tensor, int Pipeline, int MicroBatch)[] unseen = [(2, 1, 1), (2, 2, 2), (8, 2, 1), (4, 1, 1), (4, 4, 1)];
        OwnMeasurement[] measured = [.. seen.Select(plan => Measure(truth, Layout(plan.Tensor, plan.Pipeline, plan.MicroBatch)))];
        Profile profile = new Profiler(Catalog).Fit("changed", measured);
        Estimator adapted = new(Catalog, profile.Apply(Priors));

        foreach ((int tensor, int pipeline, int microBatch) in unseen)
        {
            Scenario other = Layout(tensor, pipeline, microBatch);
            Estimate real = truth.Estimate(other);
            Estimate before = new Estimator(Catalog).Estimate(other);
            Estimate after = adapted.Estimate(other);
            double stepBefore = Math.Abs((before.Step.Seconds / real.Step.Seconds) - 1);
            double stepAfter = Math.Abs((after.Step.Seconds / real.Step.Seconds) - 1);
            double wattsBefore = Math.Abs((before.Energy.AverageDeviceWatts / real.Energy.AverageDeviceWatts) - 1);
            double wattsAfter = Math.Abs((after.Energy.AverageDeviceWatts / real.Energy.AverageDeviceWatts) - 1);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tensor}x{pipeline}: step {stepBefore:P1} → {stepAfter:P1}, power {wattsBefore:P1} → {wattsAfter:P1}"));

            Assert.True(stepAfter < 0.35 * stepBefore, $"step of {tensor}x{pipeline}: {stepBefore:P1} → {stepAfter:P1}");
            Assert.True(wattsAfter < 0.5 * wattsBefore, $"power of {tensor}x{pipeline}: {wattsBefore:P1} → {wattsAfter:P1}");
            Width(before, after, "step.seconds");
        }

        static void Width(Estimate before, Estimate after, string path)
        {
            (double low, double high) = before.Intervals.Ranges[path];
            (double lowAfter, double highAfter) = after.Intervals.Ranges[path];
            Assert.True(highAfter / lowAfter < high / low, "measurements make intervals narrower");
        }
    }

    [Fact]
    public void One_wild_measurement_moves_little()
    {
        Estimate estimate = new Estimator(Catalog).Estimate(Layout(8, 1, 1));
        OwnMeasurement sound = new(Layout(8, 1, 1), "a", estimate.Step.Seconds, null);
        Profile profile = new Profiler(Catalog).Fit("wild", [sound, sound, sound, new(Layout(4, 1, 1), "wild", 10 * estimate.Step.Seconds, null)]);

        Assert.All(profile.Multipliers, multiplier => Assert.InRange(multiplier.Value, 0.9, 1.1));
    }

    [Fact]
    public void Ten_rows_of_a_published_cluster_teach_the_rest()
    {
        StepRecord[] rows = [.. PublishedRecords.Read("throughput.csv").Where(record => record.Source == "VTR" && record.StepSeconds is not null)];
        Profiler profiler = new(Catalog);
        List<(double Before, double After)> splits = [];
        for (int first = 0; first < 8; first++)
        {
            StepRecord[] own = [.. rows.Where((_, index) => index % 8 == first).Take(10)];
            StepRecord[] rest = [.. rows.Except(own)];
            Profile profile = profiler.FitRecords("vtr", own);
            ModelParameters adapted = profile.Apply(Priors);
            Assert.Equal(10, profile.Records.Count);
            splits.Add((Median(rest, record => profiler.StepSeconds(record, Priors)), Median(rest, record => profiler.StepSeconds(record, adapted))));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"rows from {first}: median {splits[^1].Before:P2} → {splits[^1].After:P2}, mean {Mean(rest, record => profiler.StepSeconds(record, Priors)):P2} → {Mean(rest, record => profiler.StepSeconds(record, adapted)):P2}; {string.Join(", ", profile.Multipliers.Select(each => $"{each.Id} {each.Value:F3} ± {each.Spread:F3}"))}"));
        }

        Assert.All(splits, static split => Assert.True(split.After < split.Before, $"{split.Before:P2} → {split.After:P2}"));
    }

    [Theory]
    [InlineData("VTRS")] [InlineData("MOS")] [InlineData("DGXC")] [InlineData("TR3M")] [InlineData("MXT")] [InlineData("BLOOM")] [InlineData("BRG")]
    public void Survey(string source)
    {
        Profiler profiler = new(Catalog);
        foreach (IGrouping<string, StepRecord> cluster in PublishedRecords.Read("throughput.csv").Where(record => record.Source == source && record.StepSeconds is not null && record.Missing.Count == 0).GroupBy(record => record.Accelerator + "/" + record.Interconnect))
        {
            StepRecord[] rows = [.. cluster.Where(record => profiler.StepSeconds(record, Priors) is not null)];
            if (rows.Length < 15) continue;
            double b = 0, a = 0, mb = 0, ma = 0; int n = 0;
            int stride = rows.Length / 5;
            for (int first = 0; first < stride; first += Math.Max(1, stride / 4))
            {
                StepRecord[] own = [.. rows.Where((_, index) => index % stride == first).Take(5)];
                StepRecord[] rest = [.. rows.Except(own)];
                ModelParameters adapted = profiler.FitRecords("x", own).Apply(Priors);
                n++;
                b += Mean(rest, record => profiler.StepSeconds(record, Priors)); a += Mean(rest, record => profiler.StepSeconds(record, adapted));
                mb += Median(rest, record => profiler.StepSeconds(record, Priors)); ma += Median(rest, record => profiler.StepSeconds(record, adapted));
            }
            output.WriteLine($"{source} {cluster.Key} rows {rows.Length}: mean {b/n:P2} → {a/n:P2}, median {mb/n:P2} → {ma/n:P2}");
        }
    }

    private static double[] Errors(StepRecord[] records, Func<StepRecord, double?> predict) =>
    [
        .. records.Select(record => (Measured: record.StepSeconds!.Value, Predicted: predict(record)))
            .Where(static row => row.Predicted is not null)
            .Select(static row => Math.Abs((row.Predicted!.Value / row.Measured) - 1))
            .Order(),
    ];

    private static double Mean(StepRecord[] records, Func<StepRecord, double?> predict) => Errors(records, predict).Average();

    private static double Median(StepRecord[] records, Func<StepRecord, double?> predict) => ErrorMetrics.Quantile(Errors(records, predict), 0.5);

    private static OwnMeasurement Measure(Estimator truth, Scenario scenario)
    {
        Estimate estimate = truth.Estimate(scenario);
        return new(scenario, "synthetic", estimate.Step.Seconds, estimate.Energy.AverageDeviceWatts);
    }

    private static ModelParameters Changed()
    {
        Dictionary<string, Figure> figures = new(Priors.Figures, StringComparer.Ordinal);
        foreach ((string name, Figure figure) in Priors.Figures)
        {
            bool products = name.StartsWith("gemm.", StringComparison.Ordinal) && name.EndsWith(".efficiency", StringComparison.Ordinal);
            bool power = name.StartsWith("power.", StringComparison.Ordinal) && !name.EndsWith("exponent", StringComparison.Ordinal) && !name.EndsWith("saturation", StringComparison.Ordinal);
            figures[name] = figure with { Value = figure.Value * (products ? 0.85 : power ? 1.1 : 1) };
        }

        return new("changed", figures);
    }

    private static Scenario Layout(int tensor, int pipeline, int microBatch) => ScenarioReader.Read(
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            model: llama-2-13b
            training: { tokens: 20G, sequenceLength: 4096, globalBatchSequences: 256 }
            cluster: { system: dgx-h100, devices: 32 }
            plan: { tensor: {{tensor}}, pipeline: {{pipeline}}, microBatch: {{microBatch}}, sharding: zero1, recompute: selective }
            site: { grid: fr }
            """),
        "layout.yaml",
        []).Scenario!;
}
