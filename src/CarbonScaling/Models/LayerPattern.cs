namespace CarbonScaling.Models;

/// <summary>Counts layers that recur.</summary>
internal static class LayerPattern
{
    /// <summary>Layers i with first ≤ i &lt; layers and i mod interval = phase; none where the interval is 0.</summary>
    public static int Count(int layers, int first, int interval, int phase)
    {
        return interval == 0 ? 0 : Math.Max(0, Below(layers) - Below(Math.Min(first, layers)));

        int Below(int end) => end <= phase ? 0 : ((end - phase - 1) / interval) + 1;
    }
}
