using System.Text;
using System.Text.RegularExpressions;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>Reads a telemetry file of any kind; its kind is told from its content.</summary>
/// <remarks>A file is read once, line by line or in pieces; of power only sums by the minute are kept, of steps one entry each.</remarks>
public static partial class TelemetryReader
{
    private const int LongestLine = 1 << 20;
    private const int Start = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="stream">Its content.</param>
    /// <param name="fileName">Its name in messages.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ScenarioException">It is of no known kind, or something in it is broken; one line says what and where.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static TelemetryFile Read(Stream stream, string fileName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(fileName);
        byte[] start = new byte[Start];
        start = start[..stream.ReadAtLeast(start, Start, throwOnEndOfStream: false)];
        if (start.Contains((byte)0))
        {
            throw LineParser.Problem(fileName, 1, "", "", $"is not a text file; expected: {TelemetryKinds.Expected}, in UTF-8");
        }

        ReadOnlySpan<byte> text = start.AsSpan().StartsWith("\uFEFF"u8) ? start.AsSpan(3) : start;
        using PrefixedStream whole = new(text.ToArray(), stream);
        text = text.TrimStart(" \t\r\n"u8);
        return text.StartsWith("{"u8) || text.StartsWith("["u8) && !LooksLikeLog(text)
            ? PrometheusRange.Read(whole, fileName)
            : ReadLines(whole, fileName, cancellationToken);
    }

    // A log line may start with a time or a rank in brackets.
    private static bool LooksLikeLog(ReadOnlySpan<byte> text) => text.Length > 1 && text[1] is not ((byte)'{' or (byte)'[' or (byte)'\n');

    private static TelemetryFile ReadLines(Stream stream, string file, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        LineParser? parser = null;
        bool first = true;
        int number = 0;
        foreach ((string raw, bool last) in Lines(reader, file))
        {
            number++;
            if ((number & 0xfff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            string line = raw.Contains('\e', StringComparison.Ordinal) ? Colours().Replace(raw, "") : raw;
            if (parser is not null)
            {
                parser.Take(line, number, last);
                continue;
            }

            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            parser = first ? Headed(line, file, number) : null;
            first = false;
            if (parser is null && (parser = Logged(line, file)) is not null)
            {
                parser.Take(line, number, last);
            }
        }

        return parser?.Finish() ?? throw LineParser.Problem(
            file, 1, "", "", number == 0 ? $"is empty; expected: {TelemetryKinds.Expected}" : $"is no telemetry; expected: {TelemetryKinds.Expected}");
    }

    private static LineParser? Headed(string line, string file, int number)
    {
        string[] names = CsvLine.Split(line);
        return line switch
        {
            _ when MegatronLog.Is(line) || TorchtitanLog.Is(line) || DcgmText.Is(line) => null,
            _ when NvidiaSmiTable.Is(line) => new NvidiaSmiTable(file, line, number),
            _ when SlurmAccounting.Is(line) => new SlurmAccounting(file, line, number),
            _ when CodeCarbonTable.Is(names) => new CodeCarbonTable(file, line, number),
            _ when StepTable.Is(names) => new StepTable(file, names),
            _ when names.Contains("step", StringComparer.OrdinalIgnoreCase) =>
                throw LineParser.Problem(file, number, "", "", "has no column seconds; expected: step, seconds and optionally tokens, loss, timestamp, watts"),
            _ => null,
        };
    }

    private static LineParser? Logged(string line, string file) => line switch
    {
        _ when MegatronLog.Is(line) => new MegatronLog(file),
        _ when TorchtitanLog.Is(line) => new TorchtitanLog(file),
        _ when DcgmText.Is(line) => new DcgmText(file),
        _ => null,
    };

    // The lines, and of the last whether the file ends inside it.
    private static IEnumerable<(string Line, bool Unended)> Lines(StreamReader reader, string file)
    {
        StringBuilder line = new();
        char[] buffer = new char[1 << 14];
        int count = 0;
        int length;
        while ((length = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, '\n', start, length - start)) >= 0; start = end + 1)
            {
                line.Append(buffer, start, end - start);
                count++;
                yield return (Ended(line), false);
                line.Clear();
            }

            line.Append(buffer, start, length - start);
            if (line.Length > LongestLine)
            {
                throw LineParser.Problem(file, count + 1, "", "", $"is a line of more than {LongestLine >> 20} MiB; expected: {TelemetryKinds.Expected}");
            }
        }

        if (line.Length > 0)
        {
            yield return (Ended(line), true);
        }
    }

    private static string Ended(StringBuilder line) =>
        line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Colours();
}
