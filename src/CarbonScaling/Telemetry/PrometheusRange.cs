using System.Globalization;
using System.Text.Json;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>
/// The answer of Prometheus to a range query over the metrics of the DCGM exporter:
/// <c>{"status":"success","data":{"resultType":"matrix","result":[{"metric":{…},"values":[[TIME,"VALUE"],…]},…]}}</c>. Read in
/// pieces: memory does not grow with the file.
/// </summary>
/// <remarks>Format: Prometheus HTTP API, range queries and range vectors.</remarks>
internal sealed class PrometheusRange
{
    private const int FirstBuffer = 1 << 16;
    private const int GreatestBuffer = 1 << 24;

    private const string Query = "/api/v1/query_range of " + DeviceMetric.Power + " or " + DeviceMetric.Energy;

    private readonly string _file;
    private readonly PowerLog _log = new();
    private readonly List<string> _path = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private string _property = "";
    private bool _matrix;
    private string? _device;
    private string _metric = "";
    private double? _time;
    private long _unknown;
    private long _line;

    private PrometheusRange(string file) => _file = file;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ScenarioException">It is not such an answer.</exception>
    public static TelemetryFile Read(Stream stream, string file)
    {
        PrometheusRange reader = new(file);
        reader.ReadAll(stream);
        if (reader._log.Readings == 0)
        {
            throw reader.Problem("", $"has no values; expected: the answer to {Query}");
        }

        string[] notes = reader._unknown == 0
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"{reader._unknown} readings are not known to DCGM and passed over")];
        return new(file, TelemetryKind.PrometheusRange) { Power = reader._log, Notes = notes };
    }

    private void ReadAll(Stream stream)
    {
        byte[] buffer = new byte[FirstBuffer];
        int length = 0;
        JsonReaderState state = new(new() { AllowTrailingCommas = false, MaxDepth = 16 });
        bool final = false;
        try
        {
            while (!final)
            {
                if (length == buffer.Length)
                {
                    if (length >= GreatestBuffer)
                    {
                        throw Problem("", $"has a text of more than {GreatestBuffer >> 20} MiB; expected: the answer to {Query}");
                    }

                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                int read = stream.Read(buffer, length, buffer.Length - length);
                final = read == 0;
                length += read;
                Utf8JsonReader reader = new(buffer.AsSpan(0, length), final, state);
                while (reader.Read())
                {
                    Take(ref reader);
                }

                state = reader.CurrentState;
                int consumed = (int)reader.BytesConsumed;
                _line += buffer.AsSpan(0, consumed).Count((byte)'\n');
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
            }
        }
        catch (JsonException broken)
        {
            throw LineParser.Problem(
                _file, (int)((broken.LineNumber ?? 0) + 1), "", "", $"is broken JSON at byte {broken.BytePositionInLine ?? 0} of the line; expected: the answer to {Query}");
        }
    }

    // The path from the root: names of properties, and "" for an item of an array.
    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _property = reader.GetString()!;
                return;
            case JsonTokenType.StartObject:
            case JsonTokenType.StartArray:
                _path.Add(_property);
                if (At("", "data", "result", ""))
                {
                    _labels.Clear();
                    _device = null;
                }

                _time = null;
                _property = "";
                return;
            case JsonTokenType.EndObject:
            case JsonTokenType.EndArray:
                if (At("", "data", "result", "", "metric"))
                {
                    TakeSeries();
                }

                _path.RemoveAt(_path.Count - 1);
                _property = "";
                return;
            case JsonTokenType.String:
                TakeText(reader.GetString()!);
                break;
            case JsonTokenType.Number when At("", "data", "result", "", "values", ""):
                _time = reader.GetDouble();
                return;
        }

        _property = "";
    }

    private void TakeText(string text)
    {
        if (At("") && _property == "status" && text != "success")
        {
            throw Problem("status", $"is '{text}'; expected: success, the answer to {Query}");
        }

        if (At("", "data") && _property == "resultType")
        {
            _matrix = text == "matrix";
            if (!_matrix)
            {
                throw Problem("data.resultType", $"is '{text}'; expected: matrix, the answer to {Query}");
            }
        }
        else if (At("", "data", "result", "", "metric"))
        {
            _labels[_property] = text;
        }
        else if (At("", "data", "result", "", "values", ""))
        {
            TakeValue(text);
        }
    }

    private void TakeSeries()
    {
        _metric = _labels.GetValueOrDefault("__name__", "");
        _device = DeviceMetric.DeviceOf(_labels, _file);
        if (_metric is not (DeviceMetric.Power or DeviceMetric.Energy))
        {
            string found = _metric.Length == 0 ? "has no name, as the result of a function" : $"is '{_metric}'";
            throw Problem("metric.__name__", $"{found}; expected: {DeviceMetric.Power} or {DeviceMetric.Energy}, queried as they are");
        }
    }

    private void TakeValue(string text)
    {
        if (_device is null)
        {
            throw Problem("values", $"come before their metric; expected: the answer to {Query}");
        }

        if (_time is not (> 0 and < TimeText.Latest) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            throw Problem("values", $"hold '{text}'; expected: pairs of a time and a number in quotes");
        }

        _unknown += DeviceMetric.Add(_log, _metric, _device, _time, value) ? 0 : 1;
        _time = null;
    }

    private bool At(params ReadOnlySpan<string> path)
    {
        if (_path.Count != path.Length)
        {
            return false;
        }

        for (int i = 0; i < path.Length; i++)
        {
            if (_path[i] != path[i])
            {
                return false;
            }
        }

        return true;
    }

    private ScenarioException Problem(string field, string message) =>
        LineParser.Problem(_file, (int)Math.Min(int.MaxValue, _line + 1), field, "", message);
}
