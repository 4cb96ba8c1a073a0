using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>Reads the field <c>calibration</c>: a word, or the path of a file of <c>calibrate</c>.</summary>
internal static class CalibrationField
{
    private const string Name = "calibration";
    private const string AlsoAllowed = ", or the path of a file of calibrate (.yaml)";

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Reads it.</summary>
    /// <returns>The word or the path, and what the file holds.</returns>
    public static (string Text, CalibratedSet? Set) Read(FieldMap scenario)
    {
        if (scenario.Take(Name) is not ScalarNode scalar || !Endings.Any(ending => scalar.Text.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            return (scenario.Word(Name, Vocabulary.Calibration, AlsoAllowed) ?? Vocabulary.DefaultName, null);
        }

        return (scalar.Text, FromFile(scenario, scalar.Text));
    }

    private static CalibratedSet? FromFile(FieldMap scenario, string path)
    {
        if (scenario.Context.ReadFile is not { } readFile)
        {
            scenario.Report(Name, $"is a path, and no files are read here; allowed: {Vocabulary.Calibration.Allowed}");
            return null;
        }

        try
        {
            CalibratedSetReading reading = CalibratedSetReader.Read(readFile(path), path);
            foreach (ScenarioProblem problem in reading.Problems)
            {
                scenario.Context.Problems.Add(new(problem.File, problem.Line), problem.Field, problem.Value, problem.Message);
            }

            return reading.Set;
        }
        catch (IOException problem)
        {
            scenario.Report(Name, $"cannot be read: {problem.Message}");
            return null;
        }
    }
}
