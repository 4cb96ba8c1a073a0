using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Scenarios;

/// <summary>Reads scenario files: YAML or JSON, with overrides of single fields.</summary>
public static class ScenarioReader
{
    /// <summary>Reads and checks a scenario.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="fileName">The name of the file in messages.</param>
    /// <param name="overrides">Fields to set before checking, each as <c>path=value</c>; the last of a path wins.</param>
    /// <returns>The scenario, or every problem of the file and the overrides at once.</returns>
    public static ScenarioReading Read(string text, string fileName, IReadOnlyList<string> overrides) =>
        Read(text, fileName, overrides, readFile: null);

    /// <summary>Reads and checks a scenario that may name the file of a model.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="fileName">The name of the file in messages.</param>
    /// <param name="overrides">Fields to set before checking, each as <c>path=value</c>; the last of a path wins.</param>
    /// <param name="readFile">
    /// Gives the content of a file that the scenario names, by its path as written; throws an
    /// <see cref="IOException"/>, whose message is shown, where it cannot. Null where no files are read.
    /// </param>
    /// <returns>The scenario, or every problem of the file, the overrides and the files that it names at once.</returns>
    public static ScenarioReading Read(
        string text, string fileName, IReadOnlyList<string> overrides, Func<string, string>? readFile)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(overrides);

        var context = new ReadingContext { ReadFile = readFile };
        MapNode? root = NodeReader.ReadMap(text, new(fileName, 1), context.Problems);
        Overrides.Apply(overrides, root ?? new(new(fileName, 1)), context.Problems);
        return Read(root, context);
    }

    /// <summary>Checks a scenario that was not read from a text.</summary>
    /// <param name="root">Its fields.</param>
    internal static ScenarioReading Read(MapNode root) => Read(root, new());

    private static ScenarioReading Read(MapNode? root, ReadingContext context)
    {
        Scenario? scenario = root is null ? null : Scenario.Read(new(root, context));
        return context.Problems.Any
            ? new(null, context.Problems.Ordered())
            : new(scenario, []);
    }
}
