using CarbonScaling.Models;

namespace CarbonScaling.Tests.Models;

/// <summary>Configurations of the Hugging Face hub.</summary>
public sealed class HuggingFaceConfigTests
{
    public static TheoryData<string> Names { get; } = [.. PublishedConfigs.All.Select(config => config.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_those_of_the_checkpoint(string name)
    {
        (_, double parameters, string json) = PublishedConfigs.All.First(config => config.Name == name);
        Assert.Equal(parameters, HuggingFaceConfig.Read(json, "config.json").ParameterCount);
    }
}
