using System.Globalization;
using CarbonScaling.Planning;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Cli.Commands;

/// <summary>Shows how far long work is in one line of a terminal, once it takes more than a second; gone when it ends.</summary>
internal sealed class ProgressLine(TextWriter terminal, TimeProvider time)
    : IProgress<SearchProgress>, IProgress<ValidationProgress>, IProgress<CalibrationProgress>, IDisposable
{
    private const int BarLength = 30;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = Delay;
    private int _length;

    /// <inheritdoc/>
    public void Report(SearchProgress value) => Report("searching", value.Done, value.Space);

    /// <inheritdoc/>
    public void Report(ValidationProgress value) => Report("predicting", value.Done, value.Records);

    /// <inheritdoc/>
    public void Report(CalibrationProgress value) => Report("fitting", value.Done, value.All);

    private void Report(string work, double done, double all)
    {
        lock (_lock)
        {
            TimeSpan elapsed = time.GetElapsedTime(_start);
            if (elapsed < _next || all <= 0)
            {
                return;
            }

            _next = elapsed + Pause;
            double share = Math.Clamp(done / all, 0, 1);
            int filled = (int)(share * BarLength);
            Show(string.Create(
                CultureInfo.InvariantCulture,
                $"{work} [{new string('#', filled)}{new string('.', BarLength - filled)}] {share:P0}, {elapsed.TotalSeconds:F0} s"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_length > 0)
            {
                Show("");
                terminal.Write('\r');
                terminal.Flush();
            }
        }
    }

    private void Show(string line)
    {
        terminal.Write('\r' + line.PadRight(_length));
        terminal.Flush();
        _length = line.Length;
    }
}
