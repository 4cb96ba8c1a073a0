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
    private static readonly ModelParameters Priors = Estimator.ParametersOf(Catalog, priors: true);

    [Fact]
    public void What_is_as_predicted_moves_nothing()
    {
        Estimate estimate = new Estimator(Catalog).Estimate(Layout(8, 1, 1));
        ClusterProfile profile = new Profiler(Catalog).Fit("same", [new(Layout(8, 1, 1), "a", estimate.Step.Seconds, estimate.Energy.AverageDeviceWatts)]);

        Assert.NotEmpty(profile.Set.Parameters);
        Assert.All(profile.Set.Parameters, parameter => Assert.Equal(1, parameter.Multiplier, 6));
        Assert.All(profile.Set.Parameters, parameter => Assert.InRange(parameter.Spread, 0, parameter.PriorSpread));
        Assert.Equal(estimate.Step.Seconds, profile.Records[0].After, 6);
    }

    [Fact]
    public void Three_layouts_of_a_changed_cluster_teach_the_others()
    {
        // A cluster with products 15 % slower, and 10 % more power, than the calibrated set says.
        Estimator truth = new(Catalog, Changed());
        (int Tensor, int Pipeline, int MicroBatch)[] seen = [(1, 1, 1), (4, 2, 1), (8, 1, 2)];
        (int Tensor, int Pipeline, int MicroBatch)[] unseen = [(2, 1, 1), (2, 2, 2), (8, 2, 1), (4, 1, 1), (4, 4, 1)];
        OwnMeasurement[] measured = [.. seen.Select(plan => Measure(truth, Layout(plan.Tensor, plan.Pipeline, plan.MicroBatch)))];
        ClusterProfile profile = new Profiler(Catalog).Fit("changed", measured);
        string file = ProfileDocument.ToYaml(profile);

        foreach ((int tensor, int pipeline, int microBatch) in unseen)
        {
            Scenario other = Layout(tensor, pipeline, microBatch);
            Estimate real = truth.Estimate(other);
            Estimate before = new Estimator(Catalog).Estimate(other);
            Estimate after = new Estimator(Catalog).Estimate(Layout(tensor, pipeline, microBatch, file));
            double stepBefore = Off(before.Step.Seconds, real.Step.Seconds);
            double stepAfter = Off(after.Step.Seconds, real.Step.Seconds);
            double wattsBefore = Off(before.Energy.AverageDeviceWatts, real.Energy.AverageDeviceWatts);
            double wattsAfter = Off(after.Energy.AverageDeviceWatts, real.Energy.AverageDeviceWatts);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{tensor}x{pipeline}: step {stepBefore:P1} → {stepAfter:P1}, power {wattsBefore:P1} → {wattsAfter:P1}, interval {Width(before):F3} → {Width(after):F3}"));

            Assert.Equal("changed", after.ModelVersion);
            Assert.True(stepAfter < 0.35 * stepBefore, $"step of {tensor}x{pipeline}: {stepBefore:P1} → {stepAfter:P1}");
            Assert.True(wattsAfter < 0.5 * wattsBefore, $"power of {tensor}x{pipeline}: {wattsBefore:P1} → {wattsAfter:P1}");
            Assert.True(Width(after) < Width(before), "measurements make intervals narrower");
            (double low, double high) = after.Intervals.Ranges["step.seconds"];
            Assert.InRange(real.Step.Seconds, low, high);
        }

        static double Off(double predicted, double real) => Math.Abs((predicted / real) - 1);
        static double Width(Estimate estimate) => estimate.Intervals.Ranges["step.seconds"].High / estimate.Intervals.Ranges["step.seconds"].Low;
    }

    [Fact]
    public void One_wild_measurement_moves_little()
    {
        Estimate estimate = new Estimator(Catalog).Estimate(Layout(8, 1, 1));
        OwnMeasurement sound = new(Layout(8, 1, 1), "a", estimate.Step.Seconds, null);
        ClusterProfile profile = new Profiler(Catalog).Fit("wild", [sound, sound, sound, new(Layout(4, 1, 1), "wild", 10 * estimate.Step.Seconds, null)]);

        Assert.All(profile.Set.Parameters, parameter => Assert.InRange(parameter.Multiplier, 0.9, 1.1));
    }

    [Fact]
    public void What_was_not_measured_stays()
    {
        Estimate estimate = new Estimator(Catalog).Estimate(Layout(1, 1, 1));
        ClusterProfile profile = new Profiler(Catalog).Fit("steps", [new(Layout(1, 1, 1), "a", 1.2 * estimate.Step.Seconds, null)]);

        Assert.DoesNotContain(profile.Set.Parameters, static parameter => parameter.Id == "power");
        Assert.DoesNotContain(profile.Figures, static figure => figure.Name.StartsWith("power.", StringComparison.Ordinal));
        Assert.DoesNotContain(profile.Figures, static figure => figure.Name.Contains("ampere", StringComparison.Ordinal));
    }

    // Published clusters as one's own: the calibration has not seen them, ten rows of each are measured. Where it errs on a cluster
    // as a whole the others get better; where layouts scatter by as much as it errs they must not get much worse.
    [Theory]
    [InlineData("MOS", "A100-80GB", 0.85)]
    [InlineData("DGXC", "H100-80GB", 0.8)]
    [InlineData("VTR", "A100", 1.05)]
    [InlineData("BLOOM", "A100-80GB", 1.15)]
    public void Ten_rows_of_a_published_cluster_teach_the_rest(string source, string accelerator, double most)
    {
        Profiler profiler = new(Catalog, ParameterSets.Of(Catalog).Fit!.ApplyWithout(source, Priors));
        StepRecord[] rows =
        [
            .. PublishedRecords.Read("throughput.csv")
                .Where(record => record.Source == source && record.Accelerator == accelerator && record.StepSeconds is not null && profiler.StepSeconds(record) is not null),
        ];
        int stride = rows.Length / 10;
        double[] sums = new double[4];
        int splits = 0;
        for (int first = 0; first < stride; first += 3, splits++)
        {
            StepRecord[] own = [.. rows.Where((_, index) => index % stride == first).Take(10)];
            StepRecord[] rest = [.. rows.Except(own)];
            Profiler adapted = new(Catalog, profiler.FitRecords("own", own).Set.Apply(profiler.Parameters));
            double[] before = Errors(rest, profiler);
            double[] after = Errors(rest, adapted);
            sums[0] += before.Average();
            sums[1] += after.Average();
            sums[2] += ErrorMetrics.Quantile(before, 0.5);
            sums[3] += ErrorMetrics.Quantile(after, 0.5);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{source}, {rows.Length} rows, {splits} splits: mean {sums[0] / splits:P2} → {sums[1] / splits:P2}, median {sums[2] / splits:P2} → {sums[3] / splits:P2}"));

        Assert.True(sums[1] < most * sums[0], $"mean {sums[0] / splits:P2} → {sums[1] / splits:P2}");
    }

    private static double[] Errors(StepRecord[] records, Profiler profiler) =>
    [
        .. records.Select(record => Math.Abs((profiler.StepSeconds(record)!.Value / record.StepSeconds!.Value) - 1)).Order(),
    ];

    private static OwnMeasurement Measure(Estimator truth, Scenario scenario)
    {
        Estimate estimate = truth.Estimate(scenario);
        return new(scenario, "synthetic", estimate.Step.Seconds, estimate.Energy.AverageDeviceWatts);
    }

    private static ModelParameters Changed()
    {
        Dictionary<string, Figure> figures = new(StringComparer.Ordinal);
        foreach ((string name, Figure figure) in Estimator.ParametersOf(Catalog).Figures)
        {
            bool products = name.StartsWith("gemm.", StringComparison.Ordinal) && name.EndsWith(".efficiency", StringComparison.Ordinal);
            bool power = name.StartsWith("power.", StringComparison.Ordinal) && !name.EndsWith("exponent", StringComparison.Ordinal) && !name.EndsWith("saturation", StringComparison.Ordinal);
            figures[name] = figure with { Value = figure.Value * (products ? 0.85 : power ? 1.1 : 1) };
        }

        return new("changed", figures);
    }

    private static Scenario Layout(int tensor, int pipeline, int microBatch, string? profile = null) => ScenarioReader.Read(
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            model: llama-2-13b
            training: { tokens: 20G, sequenceLength: 4096, globalBatchSequences: 256 }
            cluster: { system: dgx-h100, devices: 32 }
            plan: { tensor: {{tensor}}, pipeline: {{pipeline}}, microBatch: {{microBatch}}, sharding: zero1, recompute: selective }
            site: { grid: fr }
            calibration: {{(profile is null ? "default" : "own.yaml")}}
            """),
        "layout.yaml",
        [],
        _ => profile!).Scenario!;
}
