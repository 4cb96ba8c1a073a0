using System.Text.Json.Nodes;

namespace CarbonScaling.CatalogCompiler;

/// <summary>Reads and checks a data folder: <c>sources.yaml</c> and <c>KIND/ID.yaml</c> against <c>schema/</c>.</summary>
public sealed class CatalogReader
{
    private const string Sources = "sources";

    private readonly string _folder;
    private readonly ProblemList _problems;
    private readonly IReadOnlyDictionary<string, KindSchema> _schemas;

    private CatalogReader(string folder, ProblemList problems)
    {
        _folder = folder;
        _problems = problems;
        _schemas = KindSchema.ReadKinds(Path.Combine(folder, "schema"));
    }

    /// <summary>Gives every entry of the folder; complete only when no problem was added.</summary>
    public static IReadOnlyList<CatalogItem> Read(string folder, ProblemList problems) => new CatalogReader(folder, problems).ReadAll();

    private List<CatalogItem> ReadAll()
    {
        var sources = ReadSources();
        var keys = sources.Select(source => source.Id).ToHashSet(StringComparer.Ordinal);

        var files = new List<(string Path, KindSchema Schema, JsonObject Entry)>();
        var entries = new List<CatalogItem>();
        foreach (var file in EntryFiles())
        {
            if (SchemaOf(file) is not { } schema || ReadYaml(file) is not { } entry)
            {
                continue;
            }

            schema.Check(Shown(file), entry, _problems);
            CheckId(file, entry);
            files.Add((file, schema, entry));
            entries.Add(new CatalogItem(schema.Kind, Path.GetFileNameWithoutExtension(file), FigureExpander.Expand(Shown(file), entry, keys, _problems)));
        }

        var known = entries.ToLookup(entry => entry.Kind, entry => entry.Id, StringComparer.Ordinal);
        foreach (var (path, schema, entry) in files)
        {
            CheckReferences(path, schema, entry, known);
        }

        return [.. sources, .. entries];
    }

    private List<CatalogItem> ReadSources()
    {
        var file = Path.Combine(_folder, "sources.yaml");
        if (!File.Exists(file))
        {
            _problems.Add(Shown(file), "file", "is missing");
            return [];
        }

        if (ReadYaml(file) is not { } sources)
        {
            return [];
        }

        KindSchema.ReadSources(Path.Combine(_folder, "schema")).Check(Shown(file), sources, _problems);
        return [.. sources.Where(source => source.Value is JsonObject).Select(source => new CatalogItem(Sources, source.Key, (JsonObject)source.Value!.DeepClone()))];
    }

    private IEnumerable<string> EntryFiles() =>
        from file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".yaml" or ".yml" && Path.GetDirectoryName(file) != _folder
        orderby Shown(file) ascending
        select file;

    private KindSchema? SchemaOf(string file)
    {
        var kind = Path.GetDirectoryName(Path.GetRelativePath(_folder, file))!;
        if (_schemas.TryGetValue(kind, out var schema))
        {
            return schema;
        }

        var kinds = _schemas.Keys.Order(StringComparer.Ordinal);
        _problems.Add(Shown(file), "folder", $"'{kind}' is not a kind of entry", string.Join(", ", kinds));
        return null;
    }

    private JsonObject? ReadYaml(string file)
    {
        using var text = File.OpenText(file);
        return YamlReader.Read(Shown(file), text, _problems);
    }

    private void CheckId(string file, JsonObject entry)
    {
        if (Path.GetExtension(file) != ".yaml")
        {
            _problems.Add(Shown(file), "file", $"ends in {Path.GetExtension(file)}", ".yaml");
        }

        var name = Path.GetFileNameWithoutExtension(file);
        if (Json.Text(entry["id"]) is { } id && id != name)
        {
            _problems.Add(Shown(file), "id", $"'{id}' differs from the file's name", name);
        }
    }

    private void CheckReferences(string file, KindSchema schema, JsonObject entry, ILookup<string, string> known)
    {
        foreach (var (attribute, kind) in schema.References)
        {
            if (Json.Text(entry["attributes"] is JsonObject attributes ? attributes[attribute] : null) is { } id && !known[kind].Contains(id, StringComparer.Ordinal))
            {
                _problems.Add(Shown(file), $"attributes.{attribute}", $"'{id}' is not in {kind}", known[kind].Any() ? string.Join(", ", known[kind]) : null);
            }
        }
    }

    /// <summary>The path as seen from the folder above, alike on every system.</summary>
    private string Shown(string file) =>
        Path.Combine(Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder)), Path.GetRelativePath(_folder, file)).Replace('\\', '/');
}
