using System.Text.RegularExpressions;
using CarbonScaling.Catalogs;
using CarbonScaling.Testing;

namespace CarbonScaling.Architecture.Tests;

public partial class NamespaceTests
{
    private static readonly string Core = Repository.PathOf("src", "CarbonScaling");

    [Fact]
    public void Types_use_only_what_their_namespace_may_use()
    {
        var wrong = from user in typeof(Catalog).Assembly.GetTypes()
                    let area = NamespaceRules.Area(user.Namespace)
                    where area is not null
                    from used in TypeReferences.Of(user)
                    let usedArea = used.Assembly == user.Assembly ? NamespaceRules.Area(used.Namespace) : null
                    where usedArea is not null && !NamespaceRules.MayUse(area, usedArea)
                    select $"{user.FullName} uses {used.Namespace}.{used.Name}";

        AssertNone(wrong.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_name_only_namespaces_that_theirs_may_use()
    {
        var wrong = from file in SourceFiles()
                    let area = AreaOf(file)
                    where area is not null
                    from line in File.ReadLines(file)
                    where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                    from Match name in QualifiedName().Matches(line)
                    let used = name.Groups["area"].Value
                    where NamespaceRules.Known.Contains(used) && !NamespaceRules.MayUse(area, used)
                    select $"{Shown(file)}: {line.Trim()}";

        AssertNone(wrong);
    }

    [Fact]
    public void Every_file_has_the_namespace_of_its_folder()
    {
        var wrong = from file in SourceFiles()
                    let area = AreaOf(file)
                    where area is not null
                    let declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
                    let found = NamespaceRules.Area(declared?["namespace ".Length..].TrimEnd(';'))
                    where found != area
                    select $"{Shown(file)}: {declared}";

        AssertNone(wrong);
    }

    [Fact]
    public void Every_namespace_has_its_rule()
    {
        var areas = typeof(Catalog).Assembly.GetTypes().Select(type => NamespaceRules.Area(type.Namespace)).OfType<string>().Distinct(StringComparer.Ordinal);

        Assert.All(areas, area => Assert.Contains(area, NamespaceRules.Known));
    }

    private static void AssertNone(IEnumerable<string> wrong)
    {
        var lines = string.Join('\n', wrong);
        Assert.True(lines.Length == 0, lines);
    }

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>Null for a file in the root folder, which may use everything.</summary>
    private static string? AreaOf(string file) =>
        Path.GetRelativePath(Core, file).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? NamespaceRules.OfFolder(folder) : null;

    private static string Shown(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"\bCarbonScaling\.(?<area>[A-Za-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QualifiedName();
}
