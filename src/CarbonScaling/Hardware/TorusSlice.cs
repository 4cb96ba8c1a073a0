namespace CarbonScaling.Hardware;

/// <summary>The part of a torus that a job gets.</summary>
public sealed class TorusSlice
{
    private readonly int[] _lengths;
    private readonly bool[] _wrapped;

    private TorusSlice(int[] lengths, bool[] wrapped)
    {
        _lengths = lengths;
        _wrapped = wrapped;
    }

    /// <summary>Devices along each dimension, the shortest first.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>Whether each dimension closes to a ring.</summary>
    public IReadOnlyList<bool> Wrapped => _wrapped;

    /// <summary>The most even slice that holds some devices; where their number has no such shape, of the next number that has.</summary>
    /// <param name="topology">A torus.</param>
    /// <param name="devices">Devices, at least 1; more than the torus has stand for all of it.</param>
    public static TorusSlice Of(ScaleUpTopology topology, int devices)
    {
        ArgumentNullException.ThrowIfNull(topology);
        int[] whole = [.. topology.Dimensions.Order()];
        int all = whole.Aggregate(1, (product, length) => product * length);
        for (int count = Math.Min(devices, all); count < all; count++)
        {
            if (MostEven(whole, count) is { } lengths)
            {
                return new(lengths, [.. lengths.Select((length, axis) => Closes(topology.Wrap, length, whole[axis]))]);
            }
        }

        return new(whole, [.. whole.Select(static length => length > 2)]);
    }

    /// <summary>
    /// What a group has of the links. Devices are numbered along the first dimension, then the second and so on. A whole ring
    /// serves both directions, 2 links; a line, or a part of a ring, has 1, because its last device hears from one side
    /// only. Groups that lie between each other share: 1/s of it where s devices lie from one rank to the next.
    /// </summary>
    /// <param name="ranks">Ranks of the group.</param>
    /// <param name="stride">Devices from one rank to the next.</param>
    public TorusSpan Span(int ranks, int stride)
    {
        double links = 0;
        double crossings = 0;
        int hops = 0;
        int left = ranks;
        for (int axis = 0; axis < _lengths.Length && left > 1; axis++)
        {
            int length = _lengths[axis];
            if (stride >= length)
            {
                stride /= length;
                continue;
            }

            int along = Math.Min(left, Math.Max(1, length / stride));
            bool ring = _wrapped[axis] && along * stride == length;
            links += (ring ? 2.0 : 1.0) / stride;

            // In an all-to-all half of the devices send half of their data over the cut: two links of a ring, one of a line.
            crossings = Math.Max(crossings, along * stride / (ring ? 8.0 : 4.0));
            hops += ring ? length / 2 : (along - 1) * stride;
            left = (left + along - 1) / along;
            stride = 1;
        }

        double exchange = crossings == 0 ? 0 : (ranks - 1) / (ranks * crossings);
        return new(links, Math.Min(links, exchange), hops);
    }

    // The wires of a whole axis close where it has more than two devices: between two they would double the same link.
    private static bool Closes(TorusWrap wrap, int length, int whole) =>
        wrap == TorusWrap.MultiplesOfFour ? length % 4 == 0 : length == whole && length > 2;

    private static int[]? MostEven(int[] whole, int count)
    {
        if (whole.Length == 1)
        {
            return count <= whole[0] ? [count] : null;
        }

        // The shortest dimension as long as the others can still be at least as long.
        for (int first = Math.Min(whole[0], count); first >= 1; first--)
        {
            if (count % first == 0 && MostEven(whole[1..], count / first) is { } rest && rest[0] >= first)
            {
                return [first, .. rest];
            }
        }

        return null;
    }
}

/// <summary>What a group of ranks has of the links of a torus.</summary>
/// <param name="Links">Links of a rank that the group has to itself, summed over the dimensions that it spans.</param>
/// <param name="ExchangeLinks">The same in an all-to-all, which the cut across the longest dimension bounds.</param>
/// <param name="Hops">Hops across it.</param>
public readonly record struct TorusSpan(double Links, double ExchangeLinks, int Hops);
