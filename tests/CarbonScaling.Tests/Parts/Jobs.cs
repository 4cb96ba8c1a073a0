using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;

namespace CarbonScaling.Tests.Parts;

/// <summary>Estimates of small scenarios with phases or pools.</summary>
internal static class Jobs
{
    public static Catalog Catalog => LegalCases.Embedded;

    public static Estimator Estimator { get; } = new(LegalCases.Embedded);

    public static Estimate Estimate(string text, params string[] changes) => Estimator.Estimate(LegalCases.Read(text, changes));

    public static PlanResult Plan(string text, params string[] changes) => Estimator.Plan(LegalCases.Read(text, changes));

    public static string Refusal(string text, params string[] changes)
    {
        Scenario scenario = LegalCases.Read(text, changes);
        return Assert.Single(Assert.Throws<ScenarioException>(() => Estimator.Estimate(scenario)).Problems).ToString();
    }

    /// <summary>Asserts that all numbers of two results are equal but for rounding.</summary>
    /// <param name="expected">A record of numbers.</param>
    /// <param name="actual">Another of the same type.</param>
    /// <param name="rounding">The greatest relative difference.</param>
    public static void Same<T>(T expected, T actual, double rounding)
    {
        JsonElement left = JsonSerializer.SerializeToElement(expected);
        JsonElement right = JsonSerializer.SerializeToElement(actual);
        foreach (JsonProperty property in left.EnumerateObject().Where(each => each.Value.ValueKind == JsonValueKind.Number))
        {
            double one = property.Value.GetDouble();
            double other = right.GetProperty(property.Name).GetDouble();
            Assert.True(
                Math.Abs(one - other) <= rounding * Math.Max(Math.Abs(one), 1e-9), $"{property.Name}: {one:R} is not {other:R}");
        }
    }
}
