using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Scenarios;

namespace CarbonScaling.Tests.Physics;

/// <summary>Estimates of scenario texts.</summary>
internal static class Worlds
{
    public static readonly Catalog Embedded = Catalog.OpenEmbedded();

    public static Estimate Estimate(string text, params string[] settings) =>
        new Estimator(Embedded).Estimate(Example.Scenario(text, settings));

    public static CarbonJob Job(string text, params string[] settings) =>
        JobBuilder.Build(Example.Scenario(text, settings), Embedded).Job;
}
