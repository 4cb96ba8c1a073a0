using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Tests.Validation.Calibration;

/// <summary>Intervals of a calibrated model.</summary>
public sealed class IntervalTests
{
    private static readonly Estimator Estimator = new(LegalCases.Embedded);

    [Fact]
    public void They_enclose_their_figure_and_are_no_narrower_than_the_error_on_sources_left_out()
    {
        Assert.All(LegalCases.All, one =>
        {
            Estimate estimate = Estimator.Estimate(one.Scenario);
            Assert.All(Intervals.Paths, path =>
            {
                (double low, double high) = estimate.Intervals.Ranges[path];
                Assert.True(double.IsFinite(high) && low > 0 && low <= high);
            });
            (double shortest, double longest) = estimate.Intervals.Ranges["step.seconds"];
            Assert.InRange(estimate.Step.Seconds, shortest, longest);
            double residual = one.Job.Training.Parameters.Posterior!.Residuals.Of(one.Job.Training);
            Assert.True(Math.Log(longest / shortest) >= 2 * Intervals.StandardDeviations * residual * 0.999);
        });
    }

    [Fact]
    public void They_widen_beyond_what_was_fitted()
    {
        const string Job = """
            model: llama-3.1-70b
            training: { tokens: 1T, sequenceLength: 8192, globalBatchSequences: 65536 }
            cluster: { system: dgx-h100, devices: 512 }
            plan: { tensor: 8 }
            site: { grid: us }
            """;
        double Width(params string[] overrides)
        {
            (double low, double high) = Estimator.Estimate(LegalCases.Read(Job, overrides)).Intervals.Ranges["step.seconds"];
            return Math.Log(high / low);
        }

        double inside = Width();
        Assert.True(Width("cluster.devices=65536") > inside);
        Assert.True(Width("cluster.system=mi300x-8") > inside);
        Assert.Equal("prior", Estimator.Estimate(LegalCases.Read(Job, "cluster.system=mi300x-8")).Extrapolation.Accelerator);
        Assert.Equal("calibrated", Estimator.Estimate(LegalCases.Read(Job)).Extrapolation.Accelerator);
        Assert.True(Estimator.Estimate(LegalCases.Read(Job, "cluster.devices=65536")).Extrapolation.Devices > 1);
    }

    [Fact]
    public void Correlations_count()
    {
        // A general multiplier and that of a generation are known together better than each.
        CalibratedSet set = ParameterSets.Of(LegalCases.Embedded).Fit!;
        int all = set.Parameters.Select(static parameter => parameter.Id).ToList().IndexOf("gemm");
        int one = set.Parameters.Select(static parameter => parameter.Id).ToList().IndexOf("gemm.ampere.16bit");
        double apart = set.Covariance[all, all] + set.Covariance[one, one];
        double together = apart + (2 * set.Covariance[all, one]);
        Assert.True(together < apart);
        double spread = set.Apply(ParameterSets.Of(LegalCases.Embedded).WithoutData)["gemm.ampere.16bit.efficiency"].Spread;
        Assert.True(spread < Math.Sqrt(apart));
    }

    [Fact]
    public void A_source_that_was_left_out_has_spreads_of_the_others()
    {
        CalibratedSet set = ParameterSets.Of(LegalCases.Embedded).Fit!;
        ModelParameters priors = ParameterSets.Of(LegalCases.Embedded).WithoutData;
        ModelParameters without = set.ApplyWithout("VTR", priors);
        Assert.Equal("calibrated without VTR", without.Id);
        Assert.NotEqual(without["gemm.ampere.16bit.efficiency"].Value, set.Apply(priors)["gemm.ampere.16bit.efficiency"].Value);
        Assert.Equal(set.WithoutSource["VTR"].Residuals, without.Posterior!.Residuals);
        Assert.Equal("calibrated", set.ApplyWithout("nobody", priors).Id);
    }

    [Fact]
    public void The_spread_of_a_class_covers_nine_tenths_of_its_errors()
    {
        FitWeights weights = FittedSteps.Calibrator.Space.Declaration.Weights with { SourceExponent = 1 };
        LeftOutError[] errors = [.. Enumerable.Range(1, 1000).Select(static i => new LeftOutError($"S{i}", "fsdp", i / 1000.0, 0.01))];
        ResidualSpreads spreads = ResidualEstimate.Of(errors, weights);

        // |r| of 0.9 is just inside: 1.645 standard deviations of 0.01 + s².
        double expected = Math.Sqrt(Math.Pow(0.9 / Intervals.StandardDeviations, 2) - 0.01);
        Assert.Equal(expected, spreads.ByClass["fsdp"], 2e-3);
        Assert.Equal(expected, spreads.Pooled, 2e-3);

        // Of five sources a class needs Student's quantile with four degrees of freedom, 2.132 for 1.645.
        LeftOutError[] five = [.. errors.Select(static (error, i) => error with { Source = $"S{i % 5}" })];
        Assert.Equal(expected * 2.132 / 1.645, ResidualEstimate.Of(five, weights).Pooled, 3e-3);

        // What the parameters explain needs no more.
        Assert.Equal(0, ResidualEstimate.Of([.. errors.Select(static error => error with { Variance = 1 })], weights).Pooled);
        Assert.Empty(ResidualEstimate.Of([], weights).ByClass);
    }
}
