namespace CarbonScaling.Planning.Search;

/// <summary>What a part of the search found, apart for every set of devices where phases must agree on one.</summary>
/// <param name="top">How many of the best candidates are kept of each.</param>
/// <param name="limits">How many limits there are.</param>
/// <param name="apart">Whether candidates are kept apart by their devices.</param>
internal sealed class SearchOutcomes(int top, int limits, bool apart)
{
    private readonly SortedDictionary<DeviceSet, SearchOutcome> _bySet =
        new(Comparer<DeviceSet>.Create(static (left, right) => (left.Pools, left.Devices).CompareTo((right.Pools, right.Devices))));

    /// <summary>What was looked at, and where sets are not kept apart what was found.</summary>
    public SearchOutcome All { get; } = new(top, limits);

    /// <summary>What was found on each set of devices, where they are kept apart.</summary>
    public IReadOnlyDictionary<DeviceSet, SearchOutcome> BySet => _bySet;

    /// <summary>What was found on a set of devices.</summary>
    public SearchOutcome On(DeviceSet devices)
    {
        if (!apart)
        {
            return All;
        }

        if (!_bySet.TryGetValue(devices, out SearchOutcome? found))
        {
            _bySet[devices] = found = new(top, limits);
        }

        return found;
    }

    /// <summary>Takes in what another part found.</summary>
    public void Merge(SearchOutcomes other)
    {
        All.Merge(other.All);
        foreach ((DeviceSet devices, SearchOutcome found) in other._bySet)
        {
            On(devices).Merge(found);
        }
    }
}

/// <summary>The devices of a plan: which pools, and how many on the only one.</summary>
/// <param name="Pools">A bit for each pool.</param>
/// <param name="Devices">Devices.</param>
internal readonly record struct DeviceSet(int Pools, long Devices);
