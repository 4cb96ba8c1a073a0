using CarbonScaling.Catalogs;
using CarbonScaling.Testing;

namespace CarbonScaling.Tests.Catalogs;

public class EmbeddedCatalogTests
{
    private static readonly Catalog Embedded = Catalog.OpenEmbedded();

    [Fact]
    public void Every_entry_can_be_read()
    {
        Assert.NotEmpty(Embedded.Kinds);
        foreach (var kind in Embedded.Kinds)
        {
            foreach (var id in Embedded.Ids(kind))
            {
                var entry = Embedded.Find(kind, id);
                Assert.Equal((kind, id), (entry.Kind, entry.Id));
                Assert.NotEmpty(entry.Figures);
                Assert.All(entry.Figures.Values, figure => Assert.Equal(figure.Source, Embedded.Source(figure.Source).Key));
            }
        }
    }

    [Fact]
    public void Every_file_of_the_data_folder_is_an_entry()
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("data"), "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.PathOf("data"), file).Replace('\\', '/'))
            .Where(file => file != "sources.yaml")
            .Order(StringComparer.Ordinal);

        var entries = from kind in Embedded.Kinds
                      from id in Embedded.Ids(kind)
                      select $"{kind}/{id}.yaml";

        Assert.Equal(files, entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_source_is_listed_with_its_licence_for_readers()
    {
        var listed = File.ReadAllText(Repository.PathOf("data", "SOURCES.md"));

        Assert.NotEmpty(Embedded.Sources);
        Assert.All(Embedded.Sources, key =>
        {
            Assert.Contains(key, listed, StringComparison.Ordinal);
            Assert.NotEmpty(Embedded.Source(key).Licence);
        });
    }
}
