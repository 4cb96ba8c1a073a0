using System.Text.Json.Nodes;

namespace CarbonScaling.CatalogCompiler;

/// <summary>Gives every figure its own unit, source and status, so that the library reads one without the rest of its entry.</summary>
public static class FigureExpander
{
    // What every kind has; the rest of an entry is sections of its own kind, kept as they are.
    private static readonly HashSet<string> Common = ["id", "name", "source", "status", "notes", "attributes", "figures"];

    /// <summary>The content of the blob for an entry: name, notes, attributes, the expanded figures, and its other sections.</summary>
    public static JsonObject Expand(string path, JsonObject entry, IReadOnlySet<string> sources, ProblemList problems)
    {
        var source = Json.Text(entry["source"]);
        var status = Json.Text(entry["status"]);
        if (source is not null)
        {
            CheckSource(path, "source", source, sources, problems);
        }

        var figures = new JsonObject();
        foreach (var (name, written) in entry["figures"] as JsonObject ?? [])
        {
            var own = written as JsonObject;
            var figureSource = Json.Text(own?["source"]) ?? source;
            var figureStatus = Json.Text(own?["status"]) ?? status;
            if (figureSource is null)
            {
                problems.Add(path, $"figures.{name}", "has no source, and the entry gives none");
            }
            else
            {
                CheckSource(path, $"figures.{name}.source", figureSource, sources, problems);
            }

            if (figureStatus is null)
            {
                problems.Add(path, $"figures.{name}", "has no status, and the entry gives none");
            }

            figures[name] = Figure(
                Json.Number(own is null ? written : own["value"]),
                Json.Text(own?["unit"]) ?? "1",
                figureSource,
                figureStatus,
                Json.Number(own?["spread"]),
                Json.Text(own?["note"]));
        }

        var result = new JsonObject { ["name"] = entry["name"]?.DeepClone() };
        if (entry["notes"] is { } notes)
        {
            result["notes"] = notes.DeepClone();
        }

        result["attributes"] = entry["attributes"]?.DeepClone() ?? new JsonObject();
        result["figures"] = figures;
        var sections = entry.Where(field => !Common.Contains(field.Key)).ToList();
        if (sections.Count > 0)
        {
            result["sections"] = new JsonObject(sections.Select(section => KeyValuePair.Create(section.Key, section.Value?.DeepClone())));
        }

        return result;
    }

    private static JsonObject Figure(double? value, string unit, string? source, string? status, double? spread, string? note)
    {
        var figure = new JsonObject { ["v"] = value, ["u"] = unit, ["s"] = source, ["st"] = status };
        if (spread is not null)
        {
            figure["sp"] = spread;
        }

        if (note is not null)
        {
            figure["n"] = note;
        }

        return figure;
    }

    private static void CheckSource(string path, string field, string key, IReadOnlySet<string> sources, ProblemList problems)
    {
        if (!sources.Contains(key))
        {
            problems.Add(path, field, $"'{key}' is not a key of sources.yaml", Nearby(key, sources));
        }
    }

    /// <summary>Keys that share a word with the wrong one; the whole list is long.</summary>
    private static string Nearby(string key, IReadOnlySet<string> sources)
    {
        var words = key.Split('-');
        var near = sources.Where(source => source.Split('-').Intersect(words, StringComparer.Ordinal).Any()).Order(StringComparer.Ordinal);
        return string.Join(", ", near) is { Length: > 0 } names ? names : "its keys";
    }
}
