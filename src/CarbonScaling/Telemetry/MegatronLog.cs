using System.Globalization;
using System.Text.RegularExpressions;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>
/// The log of Megatron-LM and its kin. A line gives the mean over the steps since the line before:
/// <c>[2025-08-01 07:19:50] iteration 2/ 5000 | consumed samples: 256 | elapsed time per iteration (ms): 12936.1 | …</c>;
/// before 2023 without the time, in Megatron-DeepSpeed also in <c>(s)</c>, with <c>--log-energy</c> also
/// <c>power per GPU (W/GPU): 652.8</c>.
/// </summary>
/// <remarks>Format: <c>training_log</c> in megatron/training/training.py (github.com/NVIDIA/Megatron-LM, 2019 to 2026).</remarks>
internal sealed partial class MegatronLog(string file) : LineParser(file)
{
    private readonly List<StepSample> _samples = [];
    private readonly LogRank _rank = new();
    private long? _planned;

    /// <summary>Whether a line tells of a step.</summary>
    public static bool Is(string line) => line.Contains("iteration", StringComparison.Ordinal) && Step().IsMatch(line);

    public override void Take(string text, int number, bool last)
    {
        if (TorchtitanLog.Is(text))
        {
            throw Broken(number, "", "", "is a step of torchtitan in a log of Megatron-LM; expected: the log of one program in a file");
        }

        Match step = text.Contains("iteration", StringComparison.Ordinal) ? Step().Match(text) : Match.Empty;
        if (!step.Success || !_rank.Keeps(text))
        {
            return;
        }

        try
        {
            _samples.Add(Sample(text, step, number));
            _planned = long.Parse(step.Groups["planned"].ValueSpan, CultureInfo.InvariantCulture);
        }
        catch (ScenarioException) when (last && _samples.Count > 0)
        {
            // A job that still runs has not written the end of its last line.
        }
    }

    public override TelemetryFile Finish() => new(File, TelemetryKind.MegatronLog) { Steps = new(_samples, _planned) };

    private StepSample Sample(string text, Match step, int number)
    {
        Match elapsed = Elapsed().Match(text);
        if (!elapsed.Success)
        {
            throw Broken(number, "", "", $"iteration {step.Groups["step"].Value} has no duration; expected: elapsed time per iteration (ms): NUMBER |");
        }

        double perSecond = elapsed.Groups["unit"].Value == "ms" ? 1000 : 1;
        double seconds = Positive("elapsed time per iteration", elapsed.Groups["value"].Value, number) / perSecond;
        string fields = text[step.Index..];
        return new()
        {
            Step = long.Parse(step.Groups["step"].ValueSpan, CultureInfo.InvariantCulture),
            Line = number,
            Seconds = seconds,
            ConsumedSequences = Optional(Consumed().Match(fields)),
            BatchSequences = Optional(Batch().Match(fields)),
            Watts = Optional(Power().Match(fields)),
            Loss = Optional(Loss().Match(fields)),
            Time = Stamp().Match(text[..step.Index]) is { Success: true } stamp ? TimeText.Read(stamp.Groups["time"].Value) : null,
        };
    }

    private double Positive(string field, string text, int line) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1e12
            ? value
            : throw Broken(line, field, text, "is no duration; expected: a number above 0");

    private static double? Optional(Match match) => match.Success
        && double.TryParse(match.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && value is > 0 and < 1e18
            ? value
            : null;

    [GeneratedRegex(@"\biteration\s+(?<step>\d{1,15})\s*/\s*(?<planned>\d{1,15})\s*\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Step();

    [GeneratedRegex(@"elapsed time per iteration \((?<unit>ms|s)\):\s*(?<value>[^\s|]+)\s*\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"\|\s*consumed samples:\s*(?<value>[^\s|]+)\s*\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Consumed();

    [GeneratedRegex(@"\|\s*global batch size:\s*(?<value>[^\s|]+)\s*\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Batch();

    [GeneratedRegex(@"\|\s*power per GPU \(W/GPU\):\s*(?<value>[^\s|]+)\s*\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Power();

    [GeneratedRegex(@"\|\s*lm loss:?\s*(?<value>[^\s|]+)\s*\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Loss();

    [GeneratedRegex(@"\[(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?)\]\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Stamp();
}
