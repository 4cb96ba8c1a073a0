namespace CarbonScaling.Architecture.Tests;

/// <summary>Which namespace of the core may use which: a training job is followed forwards only.</summary>
internal static class NamespaceRules
{
    public const string Root = "CarbonScaling";

    /// <summary>From the bottom up. A namespace may use itself and those in its list, and nothing else of the core.</summary>
    private static readonly Dictionary<string, string[]> Uses = new(StringComparer.Ordinal)
    {
        ["Units"] = [],
        ["Explanation"] = ["Units"],
        ["Catalogs"] = ["Units"],
        ["Models"] = ["Units", "Explanation", "Catalogs"],
        ["Hardware"] = ["Units", "Explanation", "Catalogs"],
        ["Laws"] = ["Units", "Explanation", "Catalogs", "Models"],
        ["Training"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws"],
        ["Energy"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws", "Training"],
        ["Carbon"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws", "Training", "Energy"],
        ["Scenarios"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws", "Training"],
        ["Planning"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws", "Training", "Energy", "Carbon", "Scenarios"],
        ["Telemetry"] = ["Units", "Scenarios"],
        ["Tracking"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws", "Training", "Energy", "Carbon", "Scenarios", "Planning", "Telemetry"],
        ["Validation"] = ["Units", "Explanation", "Catalogs", "Models", "Hardware", "Laws", "Training", "Energy", "Carbon", "Scenarios", "Planning", "Telemetry", "Tracking"],
    };

    public static IReadOnlyCollection<string> Known => Uses.Keys;

    /// <summary>The namespace of a folder; the folder Catalog holds the class Catalog, so its namespace is plural.</summary>
    public static string OfFolder(string folder) => folder == "Catalog" ? "Catalogs" : folder;

    /// <summary>The first name below the root (<c>Training</c> of <c>CarbonScaling.Training.Kernels</c>), or null outside the core.</summary>
    public static string? Area(string? fullNamespace) =>
        fullNamespace?.Split('.') is [Root, var area, ..] ? area : null;

    public static bool MayUse(string user, string used) =>
        user == used || (Uses.TryGetValue(user, out var allowed) && allowed.Contains(used, StringComparer.Ordinal));
}
