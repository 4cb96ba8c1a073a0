using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Testing;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Tests.Validation.Calibration;

/// <summary>Files of calibrations: what is written is read again, what is wrong is told, and the committed one is up to date.</summary>
public sealed class CalibrationFileTests
{
    private const string Advice =
        "data/calibration/calibrated.yaml is not what its records, the priors and the equations give; "
        + "make it anew: dotnet run --project src/CarbonScaling.Cli -c Release -- calibrate --out data/calibration/calibrated.yaml";

    private static readonly Lazy<CalibrationOutcome> Small = new(static () => FittedSteps.Calibrator.Run(
        "own", [.. PublishedRecords.Read("throughput.csv").Where(static record => record.Source is "SC21" or "MTNLG")]));

    private static readonly Lazy<string> SmallText = new(static () => CalibrationYaml.Write(Small.Value, LegalCases.Embedded));

    [Fact]
    public void The_committed_calibration_is_that_of_the_committed_records()
    {
        CalibratedSet made = FittedSteps.Outcome.Set;
        CalibratedSet committed = Read(File.ReadAllText(Repository.PathOf("data", "calibration", "calibrated.yaml")), "calibrated.yaml");

        Assert.True(made.PriorsDigest == committed.PriorsDigest, Advice);
        Assert.True(made.Parameters.Select(static parameter => parameter.Id).SequenceEqual(committed.Parameters.Select(static parameter => parameter.Id)), Advice);
        Assert.All(made.Parameters.Zip(committed.Parameters), static pair =>
        {
            Assert.True(Near(pair.First.Multiplier, pair.Second.Multiplier, 1e-6), $"{pair.First.Id}: {pair.First.Multiplier} is committed as {pair.Second.Multiplier}. {Advice}");
            Assert.True(Near(pair.First.Spread, pair.Second.Spread, 1e-4), $"{pair.First.Id}. {Advice}");
            Assert.Equal(pair.First.Figures, pair.Second.Figures);
        });
        Assert.True(Near(made.Residuals.Pooled, committed.Residuals.Pooled, 1e-4), Advice);
        Assert.Equal(made.WithoutSource.Keys.Order(), committed.WithoutSource.Keys.Order());
        Assert.All(made.WithoutSource, fit => Assert.All(
            fit.Value.Logs.Zip(committed.WithoutSource[fit.Key].Logs),
            pair => Assert.True(Math.Abs(pair.First - pair.Second) < 1e-6, $"without {fit.Key}. {Advice}")));
        Assert.True(FittedSteps.Outcome.Converged);
    }

    [Fact]
    public void What_the_catalog_carries_are_the_priors_under_the_multipliers()
    {
        CatalogEntry entry = LegalCases.Embedded.Find(CatalogKinds.Calibration, "calibrated");
        ParameterSets sets = ParameterSets.Of(LegalCases.Embedded);
        Assert.Equal("calibrated", sets.Default.Id);
        Assert.All(entry.Figures, figure =>
        {
            Figure inBase = CatalogEntryUnits.InBaseUnit(entry, figure.Value);
            Assert.True(Near(inBase.Value, sets.Default[figure.Key].Value, 1e-7), figure.Key);
            Assert.True(Near(inBase.Spread, sets.Default[figure.Key].Spread, 1e-3), figure.Key);
        });
        Assert.All(
            sets.WithoutData.Figures.Where(figure => !entry.Figures.ContainsKey(figure.Key)),
            figure => Assert.Equal(figure.Value, sets.Default[figure.Key]));
    }

    [Fact]
    public void Nothing_is_fitted_beyond_what_the_declaration_indexes()
    {
        Assert.InRange(FittedSteps.Calibrator.Space.Declaration.Parameters.Select(static parameter => parameter.Index.GetValueOrDefault(FitIndex.SoftwareClass)).OfType<string>().Distinct().Count(), 0, 5);
        Assert.All(FittedSteps.Outcome.Set.Parameters, static parameter => Assert.NotEmpty(parameter.Figures));
    }

    [Fact]
    public void A_file_is_read_as_it_was_written()
    {
        CalibratedSet written = Small.Value.Set;
        CalibratedSet read = Read(SmallText.Value, "own.yaml");

        Assert.Equal(("own", written.PriorsDigest, written.ProgramVersion), (read.Id, read.PriorsDigest, read.ProgramVersion));
        Assert.All(written.Parameters.Zip(read.Parameters), static pair =>
        {
            Assert.Equal((pair.First.Id, pair.First.Index, pair.First.PriorSpread, pair.First.DeclaredSpread), (pair.Second.Id, pair.Second.Index, pair.Second.PriorSpread, pair.Second.DeclaredSpread));
            Assert.Equal(pair.First.Logarithm, pair.Second.Logarithm, 1e-8);
            Assert.Equal(pair.First.Figures, pair.Second.Figures);
        });
        Assert.All(written.Covariance.Cast<double>().Zip(read.Covariance.Cast<double>()), static pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Abs(pair.First)));
        Assert.True(written.Shares.SetEquals(read.Shares));
        Assert.Equal(written.Range.Rates, read.Range.Rates);
        Assert.Equal(written.Residuals.ByClass.Keys.Order(), read.Residuals.ByClass.Keys.Order());
        Assert.Equal(["MTNLG", "SC21"], read.WithoutSource.Keys.Order());
    }

    [Fact]
    public void A_scenario_takes_a_file()
    {
        const string Job = """
            model: gpt3-175b
            training: { tokens: 300G, globalBatchSequences: 1536 }
            cluster: { system: dgx-a100-80gb, devices: 1024 }
            plan: { tensor: 8, pipeline: 16 }
            site: { grid: us }
            """;
        Estimate Of(string calibration)
        {
            ScenarioReading reading = ScenarioReader.Read(Job, "job.yaml", [$"calibration={calibration}"], _ => SmallText.Value);
            Assert.Empty(reading.Problems);
            return new Estimator(LegalCases.Embedded).Estimate(reading.Scenario!);
        }

        Estimate own = Of("own.yaml");
        Estimate priors = Of("priors");
        Assert.Equal(("own", "priors", "calibrated"), (own.ModelVersion, priors.ModelVersion, Of("default").ModelVersion));
        Assert.NotEqual(own.Step.Seconds, priors.Step.Seconds);
        Assert.Equal(3, new[] { own, priors, Of("default") }.Select(static estimate => estimate.InputsDigest).Distinct().Count());
        Assert.Equal(("calibrated", "prior"), (own.Extrapolation.Accelerator, priors.Extrapolation.Accelerator));
    }

    [Fact]
    public void Other_priors_than_those_of_the_fit_are_warned_of()
    {
        CalibratedSet other = Read(SmallText.Value, "own.yaml") with { PriorsDigest = "0000000000000000" };
        Scenario scenario = LegalCases.All[0].Scenario with { Calibration = "own.yaml", Calibrated = other };
        IReadOnlyList<string> warnings = new Estimator(LegalCases.Embedded).Estimate(scenario).Warnings;
        Assert.Contains("the calibration 'own' was made with other priors than this version has; calibrate makes it anew", warnings);
        Assert.DoesNotContain(new Estimator(LegalCases.Embedded).Estimate(LegalCases.All[0].Scenario).Warnings, static warning => warning.Contains("other priors", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "is no calibration; allowed: a file of calibrate, carbonscaling/calibration/1")]
    [InlineData("[1]", "is no calibration")]
    [InlineData("schema: carbonscaling/estimate/1", "own.yaml:1: schema: 'carbonscaling/estimate/1' is not a calibration of this version; allowed: carbonscaling/calibration/1")]
    [InlineData("id: x", "own.yaml:1: schema: is missing")]
    public void A_file_of_something_else(string text, string expected) => Refused(text, expected);

    [Theory]
    [InlineData("multiplier: 1,", "multiplier: -1,", "multiplier: '-1' is no number above 0")]
    [InlineData("multiplier: 1,", "multiplier: fast,", "multiplier: 'fast' is no number above 0")]
    [InlineData("multiplier: 1,", "multiplier: .nan,", "multiplier: '.nan' is no number above 0")]
    [InlineData("multiplier: 1,", "", "multiplier: is missing")]
    [InlineData("multiplier: 1,", "multiplyer: 1,", "is not a known field (did you mean 'multiplier'?)")]
    [InlineData("figures: [step.constant]", "figures: step.constant", "figures: 'step.constant' is not a list of names")]
    [InlineData("  - [0.04]", "  - [0.04, 1]", "covariance: '[…]' has no 1 numbers in row 1")]
    [InlineData("  - [0.04]", "  - [-0.04]", "covariance: '[…]' has no number in row 1, place 1")]
    [InlineData("  - [0.04]", "  - [0.04]\n  - [0, 1]", "is not a covariance of the fitted parameters; allowed: the lower triangle of 1 rows")]
    [InlineData("pooled: 0.1", "pooled: -0.1", "residuals.pooled: '-0.1' is no number 0 or more")]
    [InlineData("mostDevices: 8", "mostDevices: 0", "range.mostDevices: '0' is no number above 0")]
    [InlineData("jax: 0.1", "cuda: 0.1", "residuals.byClass.cuda: is not a known field")]
    [InlineData("digest: \"0123456789abcdef\"", "", "priors.digest: is missing")]
    [InlineData("multipliers: [1]", "multipliers: [1, 2]", "withoutSource.A.multipliers: '[1, 2]' is not a multiplier for each fitted parameter; allowed: a list of 1 numbers above 0")]
    public void What_is_wrong_is_told_by_line(string part, string wrong, string expected)
    {
        const string Sound = """
            schema: carbonscaling/calibration/1
            id: own
            program: "1.0.0"
            priors: { id: priors, digest: "0123456789abcdef" }
            fitted:
              - { id: a, multiplier: 1, priorSpread: 0.2, figures: [step.constant] }
            covariance:
              - [0.04]
            shares: []
            range: { rates: [], softwareClasses: [], mostDevices: 8, leastParameters: 1, mostParameters: 2 }
            residuals: { pooled: 0.1, byClass: { jax: 0.1 }, perDoubling: 0, unseen: 0 }
            withoutSource:
              A:
                multipliers: [1]
                covariance:
                  - [0.05]
                residuals: { pooled: 0.1, byClass: {}, perDoubling: 0, unseen: 0 }
            """;
        Assert.Empty(CalibratedSetReader.Read(Sound, "own.yaml").Problems);
        Refused(Sound.Replace(part, wrong, StringComparison.Ordinal), expected);
    }

    [Fact]
    public void A_figure_that_the_priors_lack_is_told()
    {
        CalibratedSet set = Read(SmallText.Value.Replace("step.constant", "step.constent", StringComparison.Ordinal), "own.yaml");
        CatalogException refused = Assert.Throws<CatalogException>(() => set.Apply(ParameterSets.Of(LegalCases.Embedded).WithoutData));
        Assert.Contains("step.constent is no figure of priors; did you mean 'step.constant'?", refused.Message, StringComparison.Ordinal);
    }

    private static CalibratedSet Read(string text, string name)
    {
        CalibratedSetReading reading = CalibratedSetReader.Read(text, name);
        Assert.Empty(reading.Problems);
        return reading.Set!;
    }

    private static void Refused(string text, string expected)
    {
        CalibratedSetReading reading = CalibratedSetReader.Read(text, "own.yaml");
        Assert.Null(reading.Set);
        Assert.Contains(reading.Problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
        Assert.All(reading.Problems, static problem => Assert.StartsWith("own.yaml:", problem.ToString(), StringComparison.Ordinal));
    }

    private static bool Near(double one, double other, double share) => Math.Abs(one - other) <= share * Math.Abs(one);
}
