using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>The factors that whole runs take over their plans.</summary>
public sealed class PracticeTests
{
    private const string Hours = "run.deviceHours";

    private static readonly Dictionary<string, string> Tensor =
        PublishedRecords.ReadSet().Runs.ToDictionary(static run => run.Id, static run => run.Tensor is null ? "blind" : "published");

    [Theory]
    [InlineData("blind")]
    [InlineData("published")]
    public void The_middle_source_is_met(string plans)
    {
        double[] sources = [.. Sources("carbonscaling", plans).Values.Order()];
        Assert.True(sources.Length > 5);
        Assert.Equal(0, ErrorMetrics.Quantile(sources, 0.5), 9);
    }

    // Without a source that took long the middle of the others is lower, and without one that did not it is higher; it is the same
    // whichever of them is left out.
    [Theory]
    [InlineData("blind")]
    [InlineData("published")]
    public void A_source_is_predicted_by_the_others(string plans)
    {
        Dictionary<string, double> all = Sources("carbonscaling", plans);
        Dictionary<string, double> leftOut = Sources("carbonscaling-loso", plans);

        // Whoever also published steps has other parameters of the model as well.
        string[] alone = [.. all.Keys.Except(["bloom", "mpt", "nvidia-mega", "tinyllama"])];
        double[] ShiftsOf(Func<double, bool> side) =>
            [.. alone.Where(source => side(Math.Round(all[source], 9))).Select(source => Math.Round(all[source] - leftOut[source], 9)).Distinct()];

        double withoutLong = Assert.Single(ShiftsOf(static excess => excess > 0));
        double withoutShort = Assert.Single(ShiftsOf(static excess => excess < 0));
        Assert.True(withoutLong < withoutShort, $"{withoutLong} is not less than {withoutShort}");
    }

    [Fact]
    public void Priors_know_no_practice()
    {
        Assert.All(
            PublishedOutcome.Value.Targets.Single(static target => target.Id == Hours).Methods.Where(static method => method.Method == "carbonscaling-priors"),
            static method => Assert.Equal(0, method.FittedConstants));
        Assert.True(Math.Abs(ErrorMetrics.Quantile([.. Sources("carbonscaling-priors", "blind").Values.Order()], 0.5)) > 0.1);
    }

    // ln(measured / predicted), the mean of each source.
    private static Dictionary<string, double> Sources(string method, string plans) => PublishedOutcome.Value.Rows
        .Where(row => row.Table == Hours && row.Method == method && row.Predicted is not null && row.Excluded is null && Tensor[row.Id] == plans)
        .GroupBy(static row => row.Source, StringComparer.Ordinal)
        .ToDictionary(static source => source.Key, static source => source.Average(static row => Math.Log(row.Measured / row.Predicted!.Value)));
}
