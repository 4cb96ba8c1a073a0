using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>A short name for all that a result follows from: equal inputs have equal digests, different ones do not.</summary>
internal static class InputsDigest
{
    private const int Characters = 16;

    /// <summary>The digest of a result.</summary>
    /// <remarks>
    /// Every number enters with its value and its spread, as the equations took it, from whatever it was filled; and every
    /// choice that is no number. The name of the scenario and the places of its values do not.
    /// </remarks>
    /// <param name="version">Version of the program.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="resolved">What it was resolved to.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="traced">The result.</param>
    public static string Of(
        string version, Scenario scenario, ResolvedScenario resolved, JobPlan plan, Assessment<Traced> traced)
    {
        SortedSet<string> lines = new(StringComparer.Ordinal) { $"version={version}" };
        IReadOnlyList<Assessment<Traced>> phases = traced.Phases.Count > 0 ? traced.Phases : [traced];
        for (int i = 0; i < phases.Count; i++)
        {
            string phase = traced.Phases.Count > 0 ? $"phase {i}: " : "";
            AddChoices(lines, phase, resolved, plan.Phases[i].Whole.Plan, phases[i]);
            foreach (Assessment<Traced> pool in phases[i].Pools)
            {
                AddChoices(lines, $"{phase}pool {pool.Pool}: ", resolved, pool.Split.Plan, pool);
                lines.Add($"{phase}pool {pool.Pool}: form={plan.Phases[i].Form}");
            }
        }

        AddSettings(lines, scenario);
        AddNumbers(lines, traced);
        AddNumber(lines, traced.Job.Training.Parameters["step.residual"]);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return Convert.ToHexStringLower(hash)[..Characters];
    }

    private static void AddChoices(
        SortedSet<string> lines, string part, ResolvedScenario resolved, TrainingPlan plan, Assessment<Traced> traced)
    {
        TrainingJob training = traced.Job.Training;
        lines.Add($"{part}parameters={training.Parameters.Id} {training.Parameters.Posterior?.Digest()}");
        lines.Add($"{part}model={training.Model.Id} {training.Model.Traits}");
        lines.Add($"{part}loss={Text(resolved.PredictedLoss)}");
        lines.Add($"{part}precision={training.Format}");
        lines.Add($"{part}dropout={training.Dropout}");
        lines.Add($"{part}storage={training.Storage}");
        lines.Add($"{part}software={training.Software}");
        lines.Add($"{part}system={training.Cluster.System.Id}");
        lines.Add($"{part}grid={resolved.Grid}");
        lines.Add($"{part}plan={plan} {traced.Shape}");
        lines.Add($"{part}flops={traced.Convention}");
        lines.Add(traced.Job.Reliability is { } policy
            ? $"{part}reliability={policy.StoragePerDevice} {policy.Asynchronous}"
            : $"{part}reliability=none");
        AddNumber(lines, training.Cluster.System.Accelerator.MemoryCapacity);
    }

    // What the equations do not take, but what a plan is chosen by or held against.
    private static void AddSettings(SortedSet<string> lines, Scenario scenario)
    {
        LimitsSection limits = scenario.Limits;
        lines.Add($"limits={Text(limits.Days)} {Text(limits.PowerMegawatts)} {Text(limits.CarbonTonnes)} {Text(limits.MemoryHeadroom)}");
        ObjectiveWeights objective = scenario.Objective;
        lines.Add($"objective={Text(objective.Time)} {Text(objective.Energy)} {Text(objective.Carbon)}");
        SiteSection site = scenario.Site;
        lines.Add($"site={site.IntensityKind} {site.Allocation} {site.Start?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}");
        lines.Add($"assumptions={scenario.Assumptions}");
    }

    private static void AddNumbers(SortedSet<string> lines, Assessment<Traced> traced)
    {
        HashSet<TraceNode> seen = new(ReferenceEqualityComparer.Instance);
        Stack<TraceNode> open = new(Readings.Paths.Select(path => Readings.Read(path, traced).Node));
        while (open.TryPop(out TraceNode? node))
        {
            if (!seen.Add(node))
            {
                continue;
            }

            if (node.Figure is { } figure)
            {
                AddNumber(lines, figure);
            }

            foreach (TraceNode input in node.Inputs)
            {
                open.Push(input);
            }
        }
    }

    private static void AddNumber(SortedSet<string> lines, in Figure figure) =>
        lines.Add($"{figure.Name}={Text(figure.Value)} {figure.Unit} ±{Text(figure.Spread)}");

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "none";
}
