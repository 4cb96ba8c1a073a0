using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Tests.Validation.Calibration;

/// <summary>The fit: what it finds, what it must not see, and what it must not depend on.</summary>
public sealed class CalibratorTests
{
    private static readonly CalibrationOptions Once = new(LeaveSourcesOut: false);
    private static readonly FittedSpace Space = FittedSteps.Calibrator.Space;

    [Fact]
    public void Multipliers_behind_exact_measurements_are_found_where_the_data_determine_them()
    {
        double[] truth = FittedSteps.Drawn(seed: 3);
        Observations exact = Observations.Record(FittedSteps.Synthetic(truth), Space, new());
        FitWeights sharp = Space.Declaration.Weights with { Scale = 1e-4 };
        PosteriorMode mode = new PosteriorSearch(LogPrior.Of(Space.Declaration), sharp).Run(exact, SourceWeights.Of(exact, 1), default);

        Assert.All(mode.Residuals, static residual => Assert.InRange(residual, -1e-3, 1e-3));
        int determined = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            double spread = Math.Sqrt(mode.Covariance[i, i]);
            if (spread < 0.05 * Space.Declaration.Parameters[i].Spread)
            {
                determined++;
                Assert.InRange(mode.Logs[i] - truth[i], -4 * spread, 4 * spread);
            }
        }

        Assert.True(determined >= 5, $"the data determine {determined} parameters");
    }

    [Fact]
    public void Neither_order_nor_threads_change_a_bit()
    {
        Observation[] observations = FittedSteps.Some;
        CalibrationFits one = FittedSteps.Calibrator.Fit(observations, new(Threads: 1));
        CalibrationFits other = FittedSteps.Calibrator.Fit(observations.Reverse(), new(Threads: 4));

        Assert.Equal(one.All.Logs, other.All.Logs);
        Assert.Equal(one.All.Covariance.Cast<double>(), other.All.Covariance.Cast<double>());
        Assert.All(one.WithoutSource, fit => Assert.Equal(fit.Value.Logs, other.WithoutSource[fit.Key].Logs));
    }

    [Fact]
    public void Without_a_measurement_the_priors_remain()
    {
        CalibratedSet set = FittedSteps.Calibrator.Run("none", Array.Empty<StepRecord>()).Set;

        Assert.All(set.Parameters, static parameter =>
        {
            Assert.Equal(1, parameter.Multiplier);
            Assert.Equal(1, parameter.SpreadRatio, 1e-12);
            Assert.False(parameter.IsDetermined);
        });
        ModelParameters applied = set.Apply(Space.Map.Priors);
        Assert.All(Space.Map.Priors.Figures, prior => Assert.Equal(1, prior.Value.Value == 0 ? 1 : applied[prior.Key].Value / prior.Value.Value, 1e-14));
    }

    [Fact]
    public void Derivatives_are_those_of_differences()
    {
        Observations recorded = Observations.Record(FittedSteps.Some.Take(12), Space, new());
        double[] logs = FittedSteps.Drawn(seed: 5);
        double[][] gradients = recorded.Predict(logs).Gradients;
        const double Step = 1e-6;
        int kinks = 0;
        for (int parameter = 0; parameter < logs.Length; parameter++)
        {
            double[] At(double step) => recorded.Predict([.. logs.Select((log, i) => i == parameter ? log + step : log)]).Logarithms;
            (double[] up, double[] centre, double[] down) = (At(Step), At(0), At(-Step));
            for (int row = 0; row < centre.Length; row++)
            {
                double right = (up[row] - centre[row]) / Step;
                double left = (centre[row] - down[row]) / Step;
                kinks += Math.Abs(right - left) > 1e-4 ? 1 : 0;
                Assert.InRange(gradients[row][parameter], Math.Min(left, right) - 1e-5, Math.Max(left, right) + 1e-5);
            }
        }

        Assert.InRange(kinks, 0, 5);
    }

    [Fact]
    public void One_wrong_measurement_moves_the_fit_by_less_than_it_would_by_least_squares()
    {
        Observation[] sound = FittedSteps.Synthetic(new double[Space.Map.Count]);
        Observation[] wrong = [.. sound.Select(static (observation, i) => i == 7 ? observation with { Measured = observation.Measured * 3 } : observation)];
        double Moved(FitWeights weights)
        {
            Observations recorded = Observations.Record(wrong, Space, new());
            return new PosteriorSearch(LogPrior.Of(Space.Declaration), weights)
                .Run(recorded, SourceWeights.Of(recorded, 1), default).Logs.Max(Math.Abs);
        }

        double robust = Moved(Space.Declaration.Weights);
        double leastSquares = Moved(Space.Declaration.Weights with { DegreesOfFreedom = 1e9 });
        Assert.True(robust < 0.35 * leastSquares, $"{robust} against {leastSquares}");
    }

    [Fact]
    public void A_fit_without_a_source_never_sees_it()
    {
        const string Source = "TR3M";
        Observation[] observations = FittedSteps.Some;
        Observation[] mutated = [.. observations.Select(static observation =>
            observation.Source == Source ? observation with { Measured = observation.Measured * 1.7 } : observation)];
        CalibrationFits before = FittedSteps.Calibrator.Fit(observations);
        CalibrationFits after = FittedSteps.Calibrator.Fit(mutated);

        Assert.Equal(before.WithoutSource[Source].Logs, after.WithoutSource[Source].Logs);
        Assert.NotEqual(before.All.Logs, after.All.Logs);
        Assert.All(
            before.WithoutSource.Where(static fit => fit.Key != Source),
            fit => Assert.NotEqual(fit.Value.Logs, after.WithoutSource[fit.Key].Logs));

        // Nor do the spreads of its intervals.
        FitWeights weights = Space.Declaration.Weights;
        ResidualSpreads one = ResidualEstimate.Of(before.LeftOutErrors(), weights, Source);
        LeftOutError[] changed = [.. before.LeftOutErrors().Select(static error => error.Source == Source ? error with { Residual = 9 } : error)];
        Assert.Equal(one.ByClass.OrderBy(static pair => pair.Key), ResidualEstimate.Of(changed, weights, Source).ByClass.OrderBy(static pair => pair.Key));
    }

    [Fact]
    public void Shares_stay_below_one_and_all_figures_above_nothing_whatever_was_measured()
    {
        foreach (double factor in (double[])[1e-3, 1e3])
        {
            Observation[] absurd = [.. FittedSteps.Some.Select(observation => observation with { Measured = observation.Measured * factor })];
            ModelParameters set = new CalibratedSetOf(FittedSteps.Calibrator.Fit(absurd, Once)).Parameters;
            Assert.All(Space.Map.Figures, figure =>
            {
                Assert.True(double.IsFinite(set[figure].Value) && set[figure].Value > 0, $"{figure} = {set[figure].Value}");
                Assert.True(!Space.Map.IsShare(figure) || set[figure].Value < 1, $"{figure} = {set[figure].Value}");
            });
        }
    }

    [Fact]
    public void A_fit_goes_on_from_another()
    {
        CalibratedSet start = FittedSteps.Calibrator.Run("start", Records("SC21"), Once).Set;
        CalibratedSet same = FittedSteps.Calibrator.Run("same", Array.Empty<StepRecord>(), Once with { Start = start }).Set;
        Assert.All(start.Parameters.Zip(same.Parameters), pair => Assert.Equal(pair.First.Logarithm, pair.Second.Logarithm, 1e-12));

        CalibrationOutcome own = FittedSteps.Calibrator.Run("own", Records("TR3M"), Once with { Start = start });
        Assert.True(own.Fitted.Mape < own.Prior.Mape, $"{own.Fitted.Mape} after {own.Prior.Mape}");
        Assert.All(own.Set.Parameters, static parameter => Assert.True(parameter.Spread <= parameter.PriorSpread * (1 + 1e-9)));
        Assert.Contains(start.Range.Rates[0], own.Set.Range.Rates);
    }

    [Fact]
    public void What_was_measured_of_a_scenario_is_fitted()
    {
        Scenario scenario = LegalCases.All[0].Scenario;
        double predicted = new Estimator(LegalCases.Embedded).Estimate(scenario).Step.Seconds;
        CalibrationOptions options = Once with { Start = ParameterSets.Of(LegalCases.Embedded).Fit };
        CalibratedSet slower = FittedSteps.Calibrator.Run("own", [new Measurement("a", "own", scenario, "step.seconds", predicted * 1.1)], options).Set;
        double after = new Estimator(LegalCases.Embedded).Estimate(scenario with { Calibrated = slower }).Step.Seconds;
        Assert.InRange(after, predicted * 1.005, predicted * 1.1);

        Measurement wrong = new("a", "own", scenario, "step.seconds", double.NaN);
        Assert.Throws<ScenarioException>(() => FittedSteps.Calibrator.Run("own", [wrong], options));
    }

    [Fact]
    public void A_calibrated_figure_is_explained_as_its_prior_times_its_multipliers()
    {
        const string Figure = "calibrated.gemm.ampere.16bit.efficiency";
        Scenario scenario = LegalCases.All.First(static one => one.Job.Training.Cluster.System.Accelerator.Id == "a100-80gb-sxm").Scenario;
        Stack<DerivationNode> open = new([new Estimator(LegalCases.Embedded).Explain(scenario, "step.computeSeconds").Root]);
        DerivationNode? node = null;
        while (node is null && open.TryPop(out DerivationNode? next))
        {
            node = next.Label == Figure ? next : null;
            foreach (DerivationNode input in next.Inputs)
            {
                open.Push(input);
            }
        }

        Assert.Equal("CAL-2", node?.Equation?.Id);
        Assert.Equal(
            ["priors.gemm.ampere.16bit.efficiency", "calibrated.multiplier.gemm", "calibrated.multiplier.gemm.ampere.16bit"],
            node!.Inputs.Select(static input => input.Label));
        double prior = node.Inputs[0].Value;
        double power = Math.Pow(node.Inputs.Skip(1).Aggregate(1.0, static (product, input) => product * input.Value), 1 / (1 - prior));
        Assert.Equal(prior / (1 - prior) * power, node.Value / (1 - node.Value), 1e-9);
    }

    [Fact]
    public void Records_kept_for_testing_are_refused()
    {
        IReadOnlyList<StepRecord> kept = PublishedRecords.Read("throughput_test.csv");
        ScenarioException refused = Assert.Throws<ScenarioException>(() => FittedSteps.Calibrator.Run("x", kept));
        Assert.Contains("is kept for testing and never fitted", refused.Problems[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("throughput_test.csv", PublishedRecords.Fitted);
    }

    [Fact]
    public void A_record_that_stands_twice_is_refused()
    {
        StepRecord[] records = [.. Records("SC21").Take(1)];
        ScenarioException refused = Assert.Throws<ScenarioException>(() => FittedSteps.Calibrator.Run("x", [.. records, .. records]));
        Assert.Contains("is that of another record", refused.Problems[0].ToString(), StringComparison.Ordinal);
    }

    private static StepRecord[] Records(string source) =>
        [.. PublishedRecords.Read("throughput.csv").Where(record => record.Source == source)];

    // The parameters of a fit, without the rest of a calibration.
    private sealed class CalibratedSetOf(CalibrationFits fits)
    {
        public ModelParameters Parameters
        {
            get
            {
                double[] logs = fits.All.Logs;
                ModelParameters set = Space.Map.Priors;
                return new("set", set.Figures.ToDictionary(
                    static figure => figure.Key,
                    figure => Space.Map.Has(figure.Key) ? figure.Value with { Value = Space.Map.At(figure.Key, logs).Value } : figure.Value));
            }
        }
    }
}
