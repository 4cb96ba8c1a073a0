using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>The accelerators that train, and how they are kept running.</summary>
public sealed record ClusterSection
{
    /// <summary>The pools, at least one.</summary>
    public required IReadOnlyList<PoolSection> Pools { get; init; }

    /// <summary>The network between nodes, where a pool does not say otherwise.</summary>
    public required NetworkSection Network { get; init; }

    /// <summary>Catalog id of the system of the first pool.</summary>
    public string System => Pools[0].System;

    /// <summary>Number of accelerators of the first pool, or the range to search.</summary>
    public DeviceRange Devices => Pools[0].Devices;

    /// <summary>Failures of devices.</summary>
    public required FailuresSection Failures { get; init; }

    /// <summary>Checkpoints.</summary>
    public required CheckpointSection Checkpoint { get; init; }

    internal static ClusterSection Read(FieldMap map)
    {
        NetworkSection network = NetworkSection.Read(map.Optional("network"));
        IReadOnlyList<PoolSection> pools = PoolSection.ReadAll(map, network);
        map.NotYet("powerCapWatts");

        FailuresSection failures = FailuresSection.Read(map);
        var section = new ClusterSection
        {
            Pools = pools,
            Network = network,
            Failures = pools is [{ FailuresPerDeviceHour: { } rate }] ? failures with { PerDeviceHour = rate } : failures,
            Checkpoint = CheckpointSection.Read(map.Optional("checkpoint")),
        };
        map.Close();
        return section;
    }
}

/// <summary>A number of accelerators, or a range of it.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The greatest.</param>
public readonly record struct DeviceRange(int Minimum, int Maximum)
{
    /// <summary>Whether there is only one.</summary>
    public bool IsFixed => Minimum == Maximum;

    internal static DeviceRange Read(FieldMap map, string name)
    {
        if (map.Take(name) is not ListNode list)
        {
            int fixedCount = map.Whole(name, 1, ScenarioLimits.Devices) ?? 1;
            return new(fixedCount, fixedCount);
        }

        if (list.Items is not [ScalarNode, ScalarNode])
        {
            map.Report(name, "is not a range; allowed: a number, or [min, max]");
            return new(1, 1);
        }

        int? minimum = map.WholeItem(name, list.Items[0], 1, ScenarioLimits.Devices);
        int? maximum = map.WholeItem(name, list.Items[1], 1, ScenarioLimits.Devices);
        if (minimum > maximum)
        {
            map.Report(name, "is not a range: the first number is greater than the second; allowed: [min, max]");
        }

        return new(minimum ?? 1, maximum ?? 1);
    }

    /// <inheritdoc/>
    public override string ToString() => IsFixed ? $"{Minimum}" : $"[{Minimum}, {Maximum}]";
}

/// <summary>Which failures are counted.</summary>
public enum FailurePolicy
{
    /// <summary>Those of the catalog, with what the scenario gives in their place.</summary>
    Default,

    /// <summary>None.</summary>
    None,
}

/// <summary>Failures of devices and what they cost.</summary>
public sealed record FailuresSection
{
    /// <summary>Whether failures are counted.</summary>
    public FailurePolicy Policy { get; init; }

    /// <summary>Failures per device and hour; null takes the default.</summary>
    public double? PerDeviceHour { get; init; }

    /// <summary>Minutes from a failure to the next training step; null takes the default.</summary>
    public double? RestartMinutes { get; init; }

    internal static FailuresSection Read(FieldMap cluster)
    {
        if (cluster.Take("failures") is ScalarNode)
        {
            return new() { Policy = cluster.Choice("failures", Vocabulary.Failures) ?? FailurePolicy.Default };
        }

        FieldMap map = cluster.Optional("failures");
        var section = new FailuresSection
        {
            PerDeviceHour = ReadRate(map),
            RestartMinutes = map.Quantity("restartMinutes", Dimension.Time, "min", new(0, 100_000)),
        };
        map.Close();
        return section;
    }

    /// <summary>Reads failures per device and hour.</summary>
    internal static double? ReadRate(FieldMap map) => map.Quantity("perDeviceHour", Dimension.Rate, "1/h", new(0, 1));
}

/// <summary>How checkpoints are written.</summary>
public sealed record CheckpointSection
{
    /// <summary>Bandwidth of the storage of the whole cluster in B/s; null takes the default.</summary>
    public double? StorageBytesPerSecond { get; init; }

    /// <summary>Whether training goes on while a checkpoint is written; null takes the default.</summary>
    public bool? Asynchronous { get; init; }

    internal static CheckpointSection Read(FieldMap map)
    {
        var section = new CheckpointSection
        {
            StorageBytesPerSecond = map.Quantity("storageBytesPerSecond", Dimension.Bandwidth, "B/s", new(1, 1e18)),
            Asynchronous = map.Flag("asynchronous"),
        };
        map.Close();
        return section;
    }
}
