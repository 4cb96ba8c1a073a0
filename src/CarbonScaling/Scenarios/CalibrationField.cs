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
    /// <param name="scenario">The scenario.</param>
    /// <param name="set">What the file holds; null for a word.</param>
    /// <returns>The word or the path.</returns>
    public static string Read(FieldMap scenario, out CalibratedSet? set)
    {
        set = null;
        if (scenario.Take(Name) is not ScalarNode scalar || !Endings.Any(ending => scalar.Text.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            return scenario.Word(Name, Vocabulary.Calibration, AlsoAllowed) ?? Vocabulary.DefaultName;
        }

        set = FromFile(scenario, scalar.Text);
        return scalar.Text;
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
