using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>
/// A table of steps, CSV: <c>step</c>, <c>seconds</c> (of the step) and optionally <c>tokens</c> (of the step), <c>loss</c>,
/// <c>timestamp</c> (of its end) and <c>watts</c> (mean power of a device). Other columns are passed over.
/// </summary>
internal sealed class StepTable : LineParser
{
    private const double GreatestStep = 1e15;

    private readonly NamedColumns _columns;
    private readonly List<StepSample> _samples = [];

    public StepTable(string file, string[] names)
        : base(file) => _columns = new(file, names);

    /// <summary>Whether a header is that of such a table.</summary>
    public static bool Is(string[] names) => names.Contains("step", StringComparer.OrdinalIgnoreCase)
        && names.Contains("seconds", StringComparer.OrdinalIgnoreCase);

    public override void Take(string text, int number, bool last)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        string[] fields = CsvLine.Split(text);
        try
        {
            _columns.Row(fields, number);
            _samples.Add(Sample(number));
        }
        catch (ScenarioException) when (last && _samples.Count > 0)
        {
            // A job that still runs has not written the end of its last line.
        }
    }

    public override TelemetryFile Finish() => _samples.Count > 0
        ? new(File, TelemetryKind.StepTable) { Steps = new(_samples, null) }
        : throw Broken(1, "", "", "has a header and no step; expected: a row for each step");

    private StepSample Sample(int line)
    {
        double step = _columns.Number("step") ?? throw _columns.Problem("step", "", "is missing; expected: the number of the step");
        return step == Math.Floor(step) && step < GreatestStep
            ? new()
            {
                Step = (long)step,
                Line = line,
                Seconds = _columns.Positive("seconds"),
                Tokens = _columns.Number("tokens") is > 0 and var tokens ? tokens : null,
                Loss = _columns.Number("loss"),
                Time = _columns.Time("timestamp"),
                Watts = _columns.Number("watts") is > 0 and var watts ? watts : null,
            }
            : throw _columns.Problem("step", _columns.Text("step"), "is not a whole number; expected: the number of the step");
    }
}
