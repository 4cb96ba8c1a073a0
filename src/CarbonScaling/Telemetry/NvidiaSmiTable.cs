using System.Globalization;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>
/// The table of <c>nvidia-smi --query-gpu=timestamp,index,power.draw --format=csv -l 1</c>, with or without units: needs a
/// column of power and, for more than one device, one of <c>index</c>, <c>uuid</c>, <c>pci.bus_id</c> or <c>serial</c>.
/// </summary>
/// <remarks>Format: nvidia-smi(1) and <c>nvidia-smi --help-query-gpu</c>.</remarks>
internal sealed class NvidiaSmiTable : LineParser
{
    private static readonly string[] Powers = ["power.draw.average", "power.draw", "power.draw.instant"];
    private static readonly string[] Devices = ["uuid", "gpu_uuid", "serial", "pci.bus_id", "gpu_bus_id", "index"];

    private readonly PowerLog _log = new();
    private readonly NamedColumns _columns;
    private readonly string _power;
    private readonly string? _device;
    private readonly string _header;
    private long _unknown;

    public NvidiaSmiTable(string file, string header, int line)
        : base(file)
    {
        _header = header;
        string[] names = [.. CsvLine.Split(header).Select(static name => name.Split(" [", 2)[0])];
        _columns = new(file, names);
        _power = Array.Find(Powers, _columns.Has) ?? throw Broken(line, "", "", "has no column of power; expected: power.draw");
        _device = Array.Find(Devices, _columns.Has);
    }

    /// <summary>Whether a line is the head of such a table.</summary>
    public static bool Is(string line) => Array.Exists(CsvLine.Split(line), static name => name.StartsWith("power.draw", StringComparison.Ordinal));

    public override void Take(string text, int number, bool last)
    {
        // A file to which several runs were appended repeats the head.
        if (string.IsNullOrWhiteSpace(text) || text == _header)
        {
            return;
        }

        try
        {
            _columns.Row(CsvLine.Split(text), number);
            string power = _columns.Text(_power);
            if (power.StartsWith('[') || power is "N/A")
            {
                _unknown++;
                return;
            }

            string watts = power.EndsWith(" W", StringComparison.Ordinal) ? power[..^2] : power;
            if (!double.TryParse(watts, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || value < 0)
            {
                throw _columns.Problem(_power, power, "is no power; expected: such as 412.30 W, 412.30 or [N/A]");
            }

            string device = _device is null ? "" : _columns.Text(_device);
            _log.AddPower(_device is "index" or "pci.bus_id" or "gpu_bus_id" or null ? $"{File}/{device}" : device, _columns.Time("timestamp"), value);
        }
        catch (ScenarioException) when (last && _log.Readings > 0)
        {
            // A meter that still runs has not written the end of its last line.
        }
    }

    public override TelemetryFile Finish()
    {
        if (_log.Readings == 0)
        {
            throw Broken(1, "", "", $"has no reading of {_power}; expected: at least one that is not [N/A]");
        }

        string[] notes = _unknown == 0
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"{_unknown} readings are not available and passed over")];
        return new(File, TelemetryKind.NvidiaSmi) { Power = _log, Notes = notes };
    }
}
