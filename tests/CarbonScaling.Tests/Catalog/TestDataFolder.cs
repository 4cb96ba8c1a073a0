using CarbonScaling.CatalogCompiler;
using CarbonScaling.Testing;

namespace CarbonScaling.Tests.Catalogs;

/// <summary>A data folder of its own for a test, with the project's schemas, removed afterwards.</summary>
internal sealed class TestDataFolder : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("catalog");

    public TestDataFolder(string sources = "paper: { title: A paper, where: page 3, licence: CC-BY-4.0 }")
    {
        Directory.CreateDirectory(Path.Combine(Root, "schema"));
        foreach (var schema in Directory.EnumerateFiles(Repository.PathOf("data", "schema")))
        {
            File.Copy(schema, Path.Combine(Root, "schema", Path.GetFileName(schema)));
        }

        Write("sources.yaml", sources);
    }

    public string Root => Path.Combine(_parent.FullName, "data");

    public TestDataFolder Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    /// <summary>Gives the problems that the compiler reports.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new ProblemList();
        _ = CatalogReader.Read(Root, problems);
        return [.. problems.Lines];
    }

    /// <summary>Gives the blob of a folder without problems.</summary>
    public byte[] Compile()
    {
        var problems = new ProblemList();
        var entries = CatalogReader.Read(Root, problems);
        Assert.Empty(problems.Lines);
        return CatalogBlob.Write(entries);
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
