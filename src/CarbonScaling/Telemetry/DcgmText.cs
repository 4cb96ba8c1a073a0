using System.Globalization;
using System.Text;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>
/// Scrapes of the DCGM exporter, one after the other: <c>DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-…"} 412.3</c>, with an
/// optional time in ms at the end. Other metrics are passed over.
/// </summary>
/// <remarks>Format: Prometheus text exposition 0.0.4; github.com/NVIDIA/dcgm-exporter.</remarks>
internal sealed class DcgmText(string file) : LineParser(file)
{
    private const double MillisecondsPerSecond = 1000;

    private readonly PowerLog _log = new();
    private bool _timeless;
    private long _unknown;
    private int _firstLine;

    /// <summary>Whether a line is a sample of the exporter.</summary>
    public static bool Is(string line) => line.StartsWith("DCGM_FI_", StringComparison.Ordinal);

    public override void Take(string text, int number, bool last)
    {
        _firstLine = _firstLine == 0 ? number : _firstLine;
        string line = text.Trim();
        string name = line[..Math.Max(0, line.AsSpan().IndexOfAny('{', ' ', '\t'))];
        if (name is not (DeviceMetric.Power or DeviceMetric.Energy))
        {
            return;
        }

        if (!TryRead(line[name.Length..], out Dictionary<string, string> labels, out double value, out double? time))
        {
            if (last)
            {
                return;
            }

            throw Broken(number, name, "", "is broken; expected: NAME{LABEL=\"VALUE\",…} NUMBER");
        }

        _timeless |= time is null;
        _unknown += DeviceMetric.Add(_log, name, DeviceMetric.DeviceOf(labels, File), time, value) ? 0 : 1;
    }

    public override TelemetryFile Finish()
    {
        if (_log.Between() is null)
        {
            throw Broken(_firstLine, "", "", $"has no reading of power; expected: {DeviceMetric.Power}, or {DeviceMetric.Energy} with times");
        }

        List<string> notes = [];
        if (_timeless)
        {
            notes.Add("the scrapes have no times: the mean of their readings is taken, and counters of energy are passed over");
        }

        if (_unknown > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_unknown} readings are not known to DCGM and passed over"));
        }

        return new(File, TelemetryKind.DcgmText) { Power = _log, Notes = notes };
    }

    private static bool TryRead(string rest, out Dictionary<string, string> labels, out double value, out double? time)
    {
        labels = new(StringComparer.Ordinal);
        value = 0;
        time = null;
        int position = 0;
        if (rest.StartsWith('{') && !TryLabels(rest, labels, out position))
        {
            return false;
        }

        string[] numbers = rest[position..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (numbers.Length is not (1 or 2) || !double.TryParse(numbers[0], NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        if (numbers.Length == 2)
        {
            bool known = long.TryParse(numbers[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out long milliseconds);
            if (!known || milliseconds / MillisecondsPerSecond is <= 0 or >= TimeText.Latest)
            {
                return false;
            }

            time = milliseconds / MillisecondsPerSecond;
        }

        return true;
    }

    // {name="text",…}, where the text escapes backslash, quote and line end.
    private static bool TryLabels(string text, Dictionary<string, string> labels, out int position)
    {
        position = 1;
        while (position < text.Length && text[position] != '}')
        {
            int equals = text.IndexOf('=', position);
            if (equals < 0 || equals + 1 >= text.Length || text[equals + 1] != '"')
            {
                return false;
            }

            string name = text[position..equals].Trim(' ', ',');
            StringBuilder value = new();
            position = equals + 2;
            while (position < text.Length && text[position] != '"')
            {
                position += text[position] == '\\' ? 1 : 0;
                if (position < text.Length)
                {
                    value.Append(text[position++]);
                }
            }

            labels[name] = value.ToString();
            position++;
            while (position < text.Length && text[position] is (',' or ' '))
            {
                position++;
            }
        }

        return position++ < text.Length;
    }
}
