using CarbonScaling.Catalogs;
using CarbonScaling.Testing;
using PublicApiGenerator;

namespace CarbonScaling.Architecture.Tests;

public class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        var api = typeof(Catalog).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });

        Snapshot.Matches(api, "tests", "CarbonScaling.Architecture.Tests", "PublicApi.approved.txt");
    }
}
