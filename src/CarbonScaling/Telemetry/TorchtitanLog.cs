using System.Globalization;
using System.Text.RegularExpressions;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Telemetry;

/// <summary>
/// The log of torchtitan. A line gives the mean over the steps since the line before, in tokens per second and device:
/// <c>[titan] 2026-02-11 00:54:20,545 - root - INFO - step:  3  loss: 12.66468  grad_norm:  2.1721  memory: 19.45GiB(30.39%)
/// tps: 5,902  tflops: 56.01  mfu: 18.78%</c>, with or without colours.
/// </summary>
/// <remarks>Format: <c>MetricsProcessor.log</c> in torchtitan/components/metrics.py (github.com/pytorch/torchtitan, 2024 to 2026).</remarks>
internal sealed partial class TorchtitanLog(string file) : LineParser(file)
{
    private readonly List<StepSample> _samples = [];
    private readonly LogRank _rank = new();

    /// <summary>Whether a line tells of a step.</summary>
    public static bool Is(string line) => line.Contains("step:", StringComparison.Ordinal) && Step().IsMatch(line);

    public override void Take(string text, int number, bool last)
    {
        if (MegatronLog.Is(text))
        {
            throw Broken(number, "", "", "is a step of Megatron-LM in a log of torchtitan; expected: the log of one program in a file");
        }

        Match step = text.Contains("step:", StringComparison.Ordinal) ? Step().Match(text) : Match.Empty;
        if (!step.Success || !_rank.Keeps(text))
        {
            return;
        }

        Match rate = Rate().Match(text, step.Index);
        double tokens = 0;
        bool whole = !last || text.Contains("mfu:", StringComparison.Ordinal);
        if (whole && rate.Success && double.TryParse(rate.Groups["value"].ValueSpan, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out tokens) && tokens is > 0 and < 1e9)
        {
            _samples.Add(new()
            {
                Step = long.Parse(step.Groups["step"].ValueSpan, CultureInfo.InvariantCulture),
                Line = number,
                TokensPerSecondPerDevice = tokens,
                Loss = double.TryParse(step.Groups["loss"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double loss) && double.IsFinite(loss) && loss > 0 ? loss : null,
                Time = Stamp().Match(text[..step.Index]) is { Success: true } stamp ? TimeText.Read(stamp.Groups["time"].Value) : null,
            });
        }
        else if (!last || _samples.Count == 0)
        {
            throw Broken(number, "", "", $"step {step.Groups["step"].Value} has no rate; expected: tps: NUMBER, tokens per second and device, above 0");
        }
    }

    public override TelemetryFile Finish() => new(File, TelemetryKind.TorchtitanLog) { Steps = new(_samples, null) };

    [GeneratedRegex(@"(?<!validate )\bstep:\s*(?<step>\d{1,15})\s+loss:\s*(?<loss>\S+)\s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Step();

    [GeneratedRegex(@"\btps:\s*(?<value>[\d,.]+)(\s|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Stamp();
}
