namespace CarbonScaling.Telemetry;

/// <summary>
/// The <c>emissions.csv</c> of CodeCarbon 2 and 3. Rows of a run are cumulative, so that its longest counts. Energies are in
/// kWh and hold the PUE that the row names; only <c>gpu_energy</c> is taken: the rest is mostly estimated.
/// </summary>
/// <remarks>Format: codecarbon/output_methods/emissions_data.py (github.com/mlco2/codecarbon); the PUE multiplies each energy since 2.2.3.</remarks>
internal sealed class CodeCarbonTable : LineParser
{
    private const double JoulesPerKilowattHour = 3.6e6;

    private static readonly string[] Needed = ["run_id", "duration", "gpu_energy"];

    private readonly NamedColumns _columns;
    private readonly string _header;
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);

    public CodeCarbonTable(string file, string header, int line)
        : base(file)
    {
        _header = header;
        _columns = new(file, CsvLine.Split(header));
        if (Array.Find(Needed, column => !_columns.Has(column)) is { } missing)
        {
            throw Broken(line, "", "", $"has no column {missing}; expected: those of CodeCarbon, with {string.Join(", ", Needed)}");
        }
    }

    /// <summary>Whether the columns are those of CodeCarbon.</summary>
    public static bool Is(string[] names) => names.Contains("emissions", StringComparer.Ordinal)
        && (names.Contains("energy_consumed", StringComparer.Ordinal) || names.Contains("codecarbon_version", StringComparer.Ordinal));

    public override void Take(string text, int number, bool last)
    {
        if (string.IsNullOrWhiteSpace(text) || text == _header)
        {
            return;
        }

        _columns.Row(CsvLine.Split(text), number);
        double seconds = _columns.Positive("duration");
        double pue = _columns.Number("pue") is >= 1 and var given ? given : 1;
        double joules = (_columns.Number("gpu_energy") ?? 0) * JoulesPerKilowattHour / pue;
        double devices = _columns.Number("gpu_count") is >= 1 and var count ? count : 0;
        string run = _columns.Text("run_id");
        if (!_runs.TryGetValue(run, out Run? known) || seconds > known.Seconds)
        {
            _runs[run] = new(seconds, joules, devices);
        }
    }

    public override TelemetryFile Finish()
    {
        PowerLog log = new();
        foreach (Run run in _runs.Values.Where(static run => run is { Devices: > 0, Joules: > 0 }))
        {
            log.AddTotal(run.Devices, run.Seconds, run.Joules);
        }

        return log.Readings > 0
            ? new(File, TelemetryKind.CodeCarbon) { Power = log }
            : throw Broken(1, "", "", "has no energy of accelerators; expected: rows with gpu_energy and gpu_count above 0");
    }

    private sealed record Run(double Seconds, double Joules, double Devices);
}
