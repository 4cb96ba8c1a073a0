using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>Accelerators of one system.</summary>
public sealed record PoolSection
{
    /// <summary>Catalog id of the system.</summary>
    public required string System { get; init; }

    /// <summary>Number of accelerators, or the range to search.</summary>
    public required DeviceRange Devices { get; init; }

    /// <summary>
    /// Accelerators of a scale-up domain that the job gets, such as those of a slice of a TPU pod; the whole domain of the
    /// system when null.
    /// </summary>
    public int? Domain { get; init; }

    /// <summary>Failures per device and hour in the place of those of the cluster; null when not given.</summary>
    public double? FailuresPerDeviceHour { get; init; }

    /// <summary>The network of the pool: its own fields, else those of the cluster.</summary>
    public required NetworkSection Network { get; init; }

    /// <summary>Where its fields stand: <c>cluster</c> for the only pool, <c>cluster.pools[1]</c> for one of several.</summary>
    public required string Path { get; init; }

    /// <summary>Reads the pools of a cluster in either form; always at least one.</summary>
    internal static IReadOnlyList<PoolSection> ReadAll(FieldMap cluster, NetworkSection network)
    {
        const string Name = "pools";
        const string Wanted = "[{ system: dgx-h100, devices: 16384 }]";
        if (cluster.Take(Name) is not { } pools)
        {
            return [Read(cluster, "cluster", network)];
        }

        bool both = cluster.Has("system") | cluster.Has("devices") | cluster.Has("domain");
        if (both)
        {
            cluster.Report(Name, "stands beside system, devices or domain; allowed: one of the two forms");
        }

        if (pools is not ListNode { Items: [_, ..] items })
        {
            cluster.Report(Name, $"is not a list of pools; allowed: at least one pool, such as {Wanted}");
            return [Broken(network)];
        }

        if (items is [MapNode only])
        {
            return [ReadItem(cluster.OnlyItem(Name, only), "cluster", network)];
        }

        List<PoolSection> read = [];
        foreach ((int index, Node item) in items.Index())
        {
            if (item is MapNode map)
            {
                read.Add(ReadItem(cluster.Item(Name, index, map), $"cluster.pools[{index}]", network));
            }
            else
            {
                cluster.Report(Name, $"is not a list of pools; allowed: pools such as {Wanted}");
                read.Add(Broken(network));
            }
        }

        return read;
    }

    private static PoolSection ReadItem(FieldMap pool, string path, NetworkSection network)
    {
        PoolSection section = Read(pool, path, NetworkSection.Read(pool.Optional("network"), network));
        FieldMap failures = pool.Optional("failures");
        section = section with { FailuresPerDeviceHour = FailuresSection.ReadRate(failures) };
        failures.Close();
        pool.Close();
        return section;
    }

    private static PoolSection Read(FieldMap pool, string path, NetworkSection network)
    {
        pool.Require("system");
        pool.Require("devices");
        return new()
        {
            System = pool.CatalogId("system", "a catalog id such as dgx-h100") ?? "",
            Devices = DeviceRange.Read(pool, "devices"),
            Domain = pool.Whole("domain", 1, ScenarioLimits.Devices),
            Network = network,
            Path = path,
        };
    }

    private static PoolSection Broken(NetworkSection network) =>
        new() { System = "", Devices = new(1, 1), Network = network, Path = "cluster" };
}

/// <summary>The network between nodes; a null property takes the default.</summary>
public sealed record NetworkSection
{
    /// <summary>Downward over upward bandwidth of a tier.</summary>
    public double? Oversubscription { get; init; }

    /// <summary>Bandwidth between nodes in B/s per device and direction, in the place of the system's.</summary>
    public double? NicBandwidth { get; init; }

    /// <summary>Share of the devices below a tier whose traffic crosses it at the same time; all of them when null.</summary>
    public double? Contention { get; init; }

    internal static NetworkSection Read(FieldMap map, NetworkSection? basis = null)
    {
        var section = new NetworkSection
        {
            Oversubscription = map.Quantity("oversubscription", Dimension.None, "1", new(1, 1000)) ?? basis?.Oversubscription,
            NicBandwidth = map.Quantity("nicBandwidth", Dimension.Bandwidth, "B/s", new(1, 1e18)) ?? basis?.NicBandwidth,
            Contention = map.Quantity("contention", Dimension.None, "1", new(0, 1, LowOpen: true)) ?? basis?.Contention,
        };
        map.Close();
        return section;
    }
}
