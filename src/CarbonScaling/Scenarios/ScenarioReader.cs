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
    public static ScenarioReading Read(string text, string fileName, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(overrides);

        var context = new ReadingContext();
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
