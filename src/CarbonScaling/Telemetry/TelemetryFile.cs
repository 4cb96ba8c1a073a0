namespace CarbonScaling.Telemetry;

/// <summary>What a telemetry file says.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Kind">What it is.</param>
public sealed record TelemetryFile(string Name, TelemetryKind Kind)
{
    /// <summary>Steps, of a log of steps.</summary>
    public StepLog? Steps { get; init; }

    /// <summary>Power and energy, of a log of power.</summary>
    public PowerLog? Power { get; init; }

    /// <summary>Jobs, of an accounting.</summary>
    public IReadOnlyList<AccountedJob> Jobs { get; init; } = [];

    /// <summary>What a reader should know of the file, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A job in the accounting of Slurm.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Its state, such as <c>COMPLETED</c>; empty where it is not among the columns.</param>
/// <param name="ElapsedSeconds">How long it has run, in seconds.</param>
/// <param name="Devices">Accelerators that it has; null where the accounting does not track them.</param>
/// <param name="Nodes">Nodes that it has.</param>
/// <param name="NodeJoules">Energy of its nodes in J; null where Slurm does not measure it.</param>
/// <param name="Start">When it started, in seconds since 1970.</param>
public sealed record AccountedJob(
    string Id, string State, double ElapsedSeconds, int? Devices, int? Nodes, double? NodeJoules, double? Start);
