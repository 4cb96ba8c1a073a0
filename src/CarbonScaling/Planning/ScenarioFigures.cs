using CarbonScaling.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Turns values of a scenario into figures that say who gave them.</summary>
internal static class ScenarioFigures
{
    /// <summary>Source of what the user gave.</summary>
    public const string Given = "scenario";

    /// <summary>Source of what the search chose or the program derived from what was given.</summary>
    public const string Derived = "derived";

    /// <summary>A value that the user gave, or that a documented default filled in.</summary>
    public static Figure Figure(this Scenario scenario, string path, double value, string unit) =>
        scenario.IsGiven(path)
            ? new(scenario.FigureName(path), value, unit, Given, FigureStatus.Given)
            : new(scenario.FigureName(path), value, unit, Derived, FigureStatus.Default);

    /// <summary>A value that the user gave, else the figure of the catalog or the parameters.</summary>
    public static Figure Figure(this Scenario scenario, string path, double? given, string unit, Figure otherwise) =>
        given is { } value ? scenario.Figure(path, value, unit) : otherwise;
}
