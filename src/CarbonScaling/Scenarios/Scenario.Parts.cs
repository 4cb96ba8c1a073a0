using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Scenarios;

/// <summary>One phase or one pool of a scenario as a scenario of its own, whose problems are still told where they stand.</summary>
public sealed partial record Scenario
{
    private const string TrainingField = "training";
    private const string PlanField = "plan";
    private const string ClusterField = "cluster";

    private static readonly string[] BatchFields =
        ["training.globalBatchSequences", "training.globalBatchTokens", "training.batchLaw"];

    /// <summary>What a figure of a phase is named by, such as <c>training.phases[1]</c>; null for the whole training.</summary>
    private string? PhasePath { get; init; }

    /// <summary>How a message names the phase; null for the whole training.</summary>
    private string? PhaseLabel { get; init; }

    /// <summary>What a figure of a pool is named by, such as <c>cluster.pools[1]</c>; null where there is one pool.</summary>
    private string? PoolPath { get; init; }

    /// <summary>Tokens of all phases, by which a law chooses what no phase gives; null for the whole training.</summary>
    internal double? WholeTokens { get; private init; }

    /// <summary>One phase as the whole training of a scenario: its fields in the place of those of the training.</summary>
    /// <param name="index">The phase, counted from 0.</param>
    internal Scenario OfPhase(int index)
    {
        PhaseSection phase = Training.Phases[index];
        string path = $"training.phases[{index}]";
        Dictionary<string, GivenValue> given = new(Given, StringComparer.Ordinal);
        bool hasBatch = phase.GlobalBatchSequences is not null || phase.GlobalBatchTokens is not null;
        foreach (string field in hasBatch ? BatchFields : [])
        {
            given.Remove(field);
        }

        foreach ((string key, GivenValue value) in Given.Where(pair => pair.Key.StartsWith(path + ".", StringComparison.Ordinal)))
        {
            string field = key[(path.Length + 1)..];
            given[field.Split('.')[0] == PlanField ? field : $"{TrainingField}.{field}"] = value;
        }

        return this with
        {
            Given = given,
            Training = Training with
            {
                Tokens = phase.Tokens,
                SequenceLength = phase.SequenceLength ?? Training.SequenceLength,
                GlobalBatchSequences = hasBatch ? phase.GlobalBatchSequences : Training.GlobalBatchSequences,
                GlobalBatchTokens = hasBatch ? phase.GlobalBatchTokens : Training.GlobalBatchTokens,
                Phases = [],
            },
            Plan = Plan.With(phase.Plan),
            PhasePath = path,
            PhaseLabel = phase.Name is { } name ? $"phase {index + 1} ({name})" : $"phase {index + 1}",
            WholeTokens = Training.Tokens,
        };
    }

    /// <summary>One of several pools as the whole cluster of a scenario.</summary>
    /// <param name="index">The pool, counted from 0.</param>
    internal Scenario OfPool(int index)
    {
        PoolSection pool = Cluster.Pools[index];
        Dictionary<string, GivenValue> given = new(Given, StringComparer.Ordinal);
        foreach ((string key, GivenValue value) in Given.Where(pair => pair.Key.StartsWith(pool.Path + ".", StringComparison.Ordinal)))
        {
            given[ClusterField + key[pool.Path.Length..]] = value;
        }

        return this with
        {
            Given = given,
            Cluster = Cluster with
            {
                Pools = [pool],
                Network = pool.Network,
                Failures = Cluster.Failures with { PerDeviceHour = pool.FailuresPerDeviceHour ?? Cluster.Failures.PerDeviceHour },
            },
            PoolPath = pool.Path,
        };
    }

    /// <summary>The name of a figure, which tells the phase and the pool where they differ in it.</summary>
    /// <param name="path">The path of the field.</param>
    internal string FigureName(string path)
    {
        if (PhasePath is { } phase && IsOfPhase(path))
        {
            return $"{phase}.{(path.StartsWith(TrainingField, StringComparison.Ordinal) ? path[(TrainingField.Length + 1)..] : path)}";
        }

        return PoolPath is { } pool && IsOfPool(path) ? pool + path[ClusterField.Length..] : path;
    }

    private static bool IsOfPhase(string path) =>
        path.StartsWith(PlanField + ".", StringComparison.Ordinal)
        || path is "training.tokens" or "training.sequenceLength" or "training.globalBatchSequences" or "training.globalBatchTokens";

    private static bool IsOfPool(string path) =>
        path is "cluster.devices" or "cluster.domain" or "cluster.failures.perDeviceHour"
        || path.StartsWith("cluster.network.", StringComparison.Ordinal);

    // A message at a field of the whole training says in which phase it does not fit.
    private string Told(string message, string path) =>
        PhaseLabel is { } label && !path.StartsWith(PhasePath!, StringComparison.Ordinal) ? $"in {label} {message}" : message;
}
