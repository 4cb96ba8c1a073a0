namespace CarbonScaling.Models;

/// <summary>Layers that recur: those from <paramref name="First"/> on whose number leaves a remainder.</summary>
/// <param name="First">Layers before this one never belong.</param>
/// <param name="Interval">Every so many layers one belongs; 0 where none does.</param>
/// <param name="Phase">Layers i with i mod <paramref name="Interval"/> equal to this belong.</param>
internal readonly record struct LayerPattern(int First, int Interval, int Phase)
{
    /// <summary>Whether a layer belongs.</summary>
    public bool Holds(int layer) => Interval > 0 && layer >= First && layer % Interval == Phase;

    /// <summary>How many of the first layers of a model belong.</summary>
    public int Count(int layers)
    {
        if (Interval == 0)
        {
            return 0;
        }

        return Math.Max(0, Below(layers, this) - Below(Math.Min(First, layers), this));

        static int Below(int end, LayerPattern pattern) => end <= pattern.Phase ? 0 : ((end - pattern.Phase - 1) / pattern.Interval) + 1;
    }

    /// <summary>The pattern of given layers, if they recur.</summary>
    public static bool TryFind(IReadOnlyList<bool> layers, out LayerPattern pattern)
    {
        List<int> holding = [.. Enumerable.Range(0, layers.Count).Where(layer => layers[layer])];
        if (holding.Count == 0)
        {
            pattern = default;
            return true;
        }

        // With one layer alone any interval will do that reaches no other.
        int interval = holding.Count > 1 ? holding[1] - holding[0] : layers.Count;
        int phase = holding[0] % interval;
        LayerPattern found = new(holding[0] == phase ? 0 : holding[0], interval, phase);
        pattern = found;
        return Enumerable.Range(0, layers.Count).All(layer => found.Holds(layer) == layers[layer]);
    }
}
