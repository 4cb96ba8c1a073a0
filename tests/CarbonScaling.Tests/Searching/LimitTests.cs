using System.Globalization;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CsCheck;

namespace CarbonScaling.Tests.Searching;

/// <summary>Limits hold, the one that binds is named, and weights do what they say.</summary>
public sealed class LimitTests
{
    private const double Capacity = 40.0 * 1024 * 1024 * 1024;

    [Theory]
    [InlineData("days")]
    [InlineData("powerMegawatts")]
    [InlineData("carbonTonnes")]
    [InlineData("memoryHeadroom")]
    public void A_limit_leaves_the_best_of_the_plans_within_it(string limit)
    {
        Scenario free = Spaces.Scenario(nameof(Spaces.Inline), "objective=carbon");
        Tried[] feasible = [.. Spaces.Legal(nameof(Spaces.Inline)).Where(new BruteForce(free).Meets)];
        Gen.Int[0, feasible.Length - 1].Sample(
            index =>
            {
                // The limit is what some plan takes, and a little more against rounding.
                Tried one = feasible[index];
                double allowed = limit == "memoryHeadroom"
                    ? Math.Max(0, 1 - (one.Bytes / Capacity * (1 + 1e-9)))
                    : Taken(limit, one) * (1 + 1e-9);
                Scenario scenario = Spaces.Scenario(nameof(Spaces.Inline), "objective=carbon", Setting(limit, allowed));
                BruteForce oracle = new(scenario);
                Tried[] within = [.. feasible.Where(oracle.Meets)];
                PlanResult result = Spaces.Plan(scenario, new(Top: 1));

                Assert.Contains(one, within);
                Assert.Equal(within.Length, result.Search.Feasible);
                Assert.Equal(1, result.Plans[0].Carbon.TotalKg / within.Min(other => other.CarbonKg), 1e-12);
            },
            iter: 5,
            threads: 1);
    }

    [Theory]
    [InlineData("days", "limits.days", "days")]
    [InlineData("powerMegawatts", "limits.powerMegawatts", "MW")]
    [InlineData("carbonTonnes", "limits.carbonTonnes", "t")]
    [InlineData("memoryHeadroom", "memory", "B")]
    public void A_limit_that_no_plan_meets_is_named_with_the_least_of_it(string field, string limit, string unit)
    {
        BruteForce free = new(Spaces.Scenario(nameof(Spaces.Inline)));
        double least = limit == "memory"
            ? Spaces.Legal(nameof(Spaces.Inline)).Min(one => one.Bytes)
            : Spaces.Legal(nameof(Spaces.Inline)).Where(free.Meets).Min(one => Taken(field, one));
        double allowed = limit == "memory" ? 1 - (0.9 * least / Capacity) : 0.9 * least;
        PlanResult result = Spaces.Plan(Spaces.Scenario(nameof(Spaces.Inline), Setting(field, allowed)));

        Assert.Empty(result.Plans);
        Assert.Empty(result.Pareto);
        Assert.Equal(0, result.Search.Feasible);
        Assert.NotNull(result.Binding);
        Assert.Equal((limit, unit), (result.Binding.Limit, result.Binding.Unit));
        Assert.Equal(1, result.Binding.Best / least, 1e-12);
        Assert.Equal(0.9, result.Binding.Allowed / least, 1e-9);
        Assert.True(result.Infeasible[limit] > 0);
    }

    [Fact]
    public void A_limit_that_keeps_the_best_plan_from_being_better_binds()
    {
        Estimate free = Spaces.Plan(Spaces.Scenario(nameof(Spaces.Inline))).Plans[0];
        double allowed = free.Energy.AverageFacilityMegawatts * 0.99;
        PlanResult result = Spaces.Plan(Spaces.Scenario(nameof(Spaces.Inline), Setting("powerMegawatts", allowed)));

        Assert.True(result.Plans[0].Run.Days > free.Run.Days);
        Assert.True(result.Plans[0].Energy.AverageFacilityMegawatts <= allowed);
        Assert.Equal("limits.powerMegawatts", result.Binding?.Limit);
        Assert.Equal(1, result.Binding!.Best / free.Energy.AverageFacilityMegawatts, 1e-12);
    }

    [Fact]
    public void A_space_without_any_plan_says_why()
    {
        // Seven does not divide twelve heads.
        PlanResult result = Spaces.Plan(Spaces.Scenario(nameof(Spaces.Inline), "plan.tensor=7"));

        Assert.Empty(result.Plans);
        Assert.Equal(0, result.Search.Evaluated);
        Assert.Contains("tensor does not divide the heads", result.Infeasible.Keys);
    }

    [Fact]
    public void More_weight_on_time_never_gives_a_slower_best_plan()
    {
        double[] shares = [0, 0.25, 0.5, 0.75, 1];
        Estimate[] best = [.. shares.Select(share => Spaces.Plan(Spaces.Scenario(
            nameof(Spaces.Inline),
            string.Create(CultureInfo.InvariantCulture, $"objective={{ time: {share}, carbon: {1 - share} }}"))).Plans[0])];

        Assert.All(best.Zip(best.Skip(1)), pair =>
        {
            Assert.True(pair.Second.Run.Days <= pair.First.Run.Days);
            Assert.True(pair.Second.Carbon.TotalKg >= pair.First.Carbon.TotalKg);
        });
        Assert.Equal(Spaces.Plan(Spaces.Scenario(nameof(Spaces.Inline), "objective=carbon")).Plans[0].Plan, best[0].Plan);
        Assert.Equal(Spaces.Plan(Spaces.Scenario(nameof(Spaces.Inline), "objective=time")).Plans[0].Plan, best[^1].Plan);
    }

    private static string Setting(string field, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"limits.{field}={value:R}");

    private static double Taken(string field, Tried one) => field switch
    {
        "days" => one.Days,
        "powerMegawatts" => one.Megawatts,
        _ => one.CarbonKg / 1000,
    };
}
