using CarbonScaling.Models;
using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Scenarios;

/// <summary>The model of a scenario: a catalog id, a file of another program, or an architecture; one of them.</summary>
public sealed record ModelSection
{
    private const string Allowed =
        "a catalog id such as llama-3.1-405b, the path of a config.json or of a Megatron-LM script (.sh, .args, .yaml), or an inline architecture";

    private static readonly string[] ScriptEndings = [".sh", ".bash", ".args", ".yaml", ".yml"];

    private ModelSection()
    {
    }

    /// <summary>The catalog id; null for another form.</summary>
    public string? Id { get; private init; }

    /// <summary>The inline architecture; null for another form.</summary>
    public Architecture? Architecture { get; private init; }

    /// <summary>The model of a file; null for another form.</summary>
    public Transformer? Imported { get; private init; }

    /// <summary>The batch and the plan that a launch script gives beside its model; null for another form.</summary>
    public MegatronSettings? Megatron { get; private init; }

    internal static ModelSection? Read(FieldMap scenario)
    {
        switch (scenario.Take("model"))
        {
            case null:
                return null;
            case MapNode:
                return new() { Architecture = ArchitectureReader.Read(scenario.Optional("model")) };
            case ScalarNode scalar when scalar.Text.EndsWith(".json", StringComparison.OrdinalIgnoreCase):
                return FromFile(scenario, scalar, static (text, path) =>
                    new() { Imported = HuggingFaceConfig.Read(text, path) });
            case ScalarNode scalar when ScriptEndings.Any(ending => scalar.Text.EndsWith(ending, StringComparison.OrdinalIgnoreCase)):
                return FromFile(scenario, scalar, static (text, path) =>
                {
                    MegatronJob job = MegatronArguments.Read(text, path);
                    return new() { Imported = job.Model, Megatron = job.Settings };
                });
            default:
                return scenario.CatalogId("model", Allowed) is { } id ? new() { Id = id } : null;
        }
    }

    private static ModelSection? FromFile(FieldMap scenario, ScalarNode scalar, Func<string, string, ModelSection> read)
    {
        string path = scalar.Text;
        if (scenario.Context.ReadFile is not { } readFile)
        {
            scenario.Report("model", "is a path, and no files are read here; allowed: a catalog id or an inline architecture");
            return null;
        }

        try
        {
            return read(readFile(path), path);
        }
        catch (IOException problem)
        {
            scenario.Report("model", $"cannot be read: {problem.Message}");
        }
        catch (ModelFileException refused)
        {
            foreach (ModelFileProblem problem in refused.Problems)
            {
                scenario.Context.Problems.Add(new(path, problem.Line), problem.Field, problem.Value, problem.Message);
            }
        }

        return null;
    }
}
