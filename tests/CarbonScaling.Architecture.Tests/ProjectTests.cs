using System.Reflection;
using System.Xml.Linq;
using CarbonScaling.Catalogs;
using CarbonScaling.Testing;

namespace CarbonScaling.Architecture.Tests;

public class ProjectTests
{
    /// <summary>What each project under src/ may reference of the others.</summary>
    private static readonly Dictionary<string, string[]> Uses = new(StringComparer.Ordinal)
    {
        ["CarbonScaling"] = [],
        ["CarbonScaling.Cli"] = ["CarbonScaling"],
    };

    [Fact]
    public void Project_references_point_one_way()
    {
        var projects = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).ToList();

        Assert.NotEmpty(projects);
        Assert.All(projects, project =>
        {
            var allowed = Uses[Path.GetFileNameWithoutExtension(project)];
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(reference => ReferencedProject((string)reference.Attribute("Include")!));
            Assert.All(references, reference => Assert.Contains(reference, allowed));
        });
    }

    [Fact]
    public void The_core_needs_only_the_framework_and_a_yaml_reader()
    {
        var others = typeof(Catalog).Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .Except(["YamlDotNet"], StringComparer.Ordinal);

        Assert.Empty(others);
    }

    [Fact]
    public void Nothing_in_the_core_sees_the_command()
    {
        var command = Assembly.Load("carbonscaling-cli").GetName().Name;

        Assert.DoesNotContain(typeof(Catalog).Assembly.GetReferencedAssemblies(), assembly => assembly.Name == command);
    }

    private static string ReferencedProject(string include) => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
}
