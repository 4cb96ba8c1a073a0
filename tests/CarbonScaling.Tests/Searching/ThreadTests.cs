using System.Text;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Searching;

/// <summary>Threads change how long a search takes and nothing else.</summary>
public sealed class ThreadTests
{
    [Theory]
    [InlineData(nameof(Spaces.Llama))]
    [InlineData(nameof(Spaces.Volta))]
    [InlineData(nameof(Spaces.Experts))]
    public void Results_are_equal_to_the_last_bit_on_any_number_of_threads(string space)
    {
        Scenario scenario = Spaces.Scenario(space, "limits.days=40");
        string one = Json(scenario, 1);

        Assert.Equal(one, Json(scenario, 2));
        Assert.Equal(one, Json(scenario, 4));
    }

    private static string Json(Scenario scenario, int threads)
    {
        PlanResult result = Spaces.Plan(scenario, new(Top: 2, Threads: threads));
        using MemoryStream stream = new();
        ResultJson.Write(stream, result with { Search = result.Search with { Seconds = 0 } });
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
