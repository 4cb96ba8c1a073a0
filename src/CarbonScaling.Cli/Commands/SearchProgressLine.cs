using System.Globalization;
using CarbonScaling.Planning;

namespace CarbonScaling.Cli.Commands;

/// <summary>Shows how far a search is in one line of a terminal, once it takes more than a second; gone when it ends.</summary>
internal sealed class SearchProgressLine(TextWriter terminal, TimeProvider time) : IProgress<SearchProgress>, IDisposable
{
    private const int BarLength = 30;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = Delay;
    private int _length;

    /// <inheritdoc/>
    public void Report(SearchProgress value)
    {
        lock (_lock)
        {
            TimeSpan elapsed = time.GetElapsedTime(_start);
            if (elapsed < _next || value.Space <= 0)
            {
                return;
            }

            _next = elapsed + Pause;
            double share = Math.Clamp((double)value.Done / value.Space, 0, 1);
            int filled = (int)(share * BarLength);
            Show(string.Create(
                CultureInfo.InvariantCulture,
                $"searching [{new string('#', filled)}{new string('.', BarLength - filled)}] {share:P0}, {elapsed.TotalSeconds:F0} s"));
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
