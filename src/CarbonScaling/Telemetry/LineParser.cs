using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>Reads a telemetry file line by line.</summary>
internal abstract class LineParser(string file)
{
    /// <summary>The name of the file in messages.</summary>
    protected string File => file;

    /// <summary>Takes a line.</summary>
    /// <param name="text">The line, without its end and without colours.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="last">Whether the file ends inside the line: a running job may not have written all of it.</param>
    /// <exception cref="ScenarioException">The line is broken.</exception>
    public abstract void Take(string text, int number, bool last);

    /// <summary>What the file says.</summary>
    /// <exception cref="ScenarioException">It says nothing.</exception>
    public abstract TelemetryFile Finish();

    /// <summary>A line that is broken.</summary>
    protected ScenarioException Broken(int line, string field, string value, string message) => Problem(file, line, field, value, message);

    /// <summary>The problem of a file.</summary>
    public static ScenarioException Problem(string file, int line, string field, string value, string message) =>
        new([new(file, line, field, value, message)]);
}
