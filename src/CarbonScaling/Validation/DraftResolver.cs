using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Validation;

/// <summary>A draft as a job, or why it is none.</summary>
/// <param name="Scenario">The scenario; null where there is none.</param>
/// <param name="Job">The job; null where there is none.</param>
/// <param name="Refused">Why there is none.</param>
/// <param name="Filled">What rules filled in the draft.</param>
internal sealed record DraftedJob(
    Scenario? Scenario, ResolvedScenario? Job, Exclusion? Refused, IReadOnlyList<FilledField> Filled);

/// <summary>Makes jobs of drafts, and says by which rule a draft is none.</summary>
internal static class DraftResolver
{
    private const int MostProblems = 3;

    // What the catalog and the parameters may lack of a device.
    private static readonly string[] UnmeasuredFields = ["training.precision", "software.attentionKernel"];

    /// <summary>Makes the job.</summary>
    public static DraftedJob Resolve(ScenarioDraft draft, Catalog catalog)
    {
        ScenarioReading reading = draft.Read();
        if (reading.Scenario is not { } scenario)
        {
            return new(null, null, Refuse(ExclusionRule.Contradiction, reading.Problems), draft.Filled);
        }

        try
        {
            // What a record says does not depend on what is fitted to it.
            return new(scenario, JobBuilder.Build(scenario, catalog, ParameterSets.Of(catalog).WithoutData), null, draft.Filled);
        }
        catch (ScenarioException refused)
        {
            bool unmeasured = refused.Problems.All(static problem => UnmeasuredFields.Contains(problem.Field));
            return new(null, null, Refuse(unmeasured ? ExclusionRule.NotMeasured : ExclusionRule.Contradiction, refused.Problems), draft.Filled);
        }
        catch (KeyNotFoundException missing)
        {
            return new(null, null, new(ExclusionRule.NotMeasured, missing.Message), draft.Filled);
        }
    }

    /// <summary>A rule with what in the row it applies to.</summary>
    public static Exclusion Refuse(ExclusionRule rule, IReadOnlyList<ScenarioProblem> found) => new(
        rule,
        string.Join("; ", found.Take(MostProblems).Select(static problem => $"{problem.Field}: {Quoted(problem.Value)}{Sentence(problem)}")));

    /// <summary>The same job with other parameters of the training model.</summary>
    public static ResolvedScenario With(this ResolvedScenario resolved, ModelParameters parameters) =>
        resolved with { Job = resolved.Job with { Training = resolved.Job.Training with { Parameters = parameters } } };

    // Without what would be allowed, which is no advice on a published row.
    private static string Sentence(ScenarioProblem problem) => problem.Message.Split("; allowed", 2)[0];

    private static string Quoted(string value) => value.Length == 0 ? "" : $"'{value}' ";
}
