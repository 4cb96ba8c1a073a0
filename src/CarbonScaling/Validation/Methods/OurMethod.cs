using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Methods;

/// <summary>From which runs the factor of practice is learnt.</summary>
internal enum PracticeKnowledge
{
    /// <summary>From none: runs are predicted as the best plan.</summary>
    None,

    /// <summary>From those of other sources.</summary>
    OtherSources,

    /// <summary>From all.</summary>
    All,
}

/// <summary>A set of parameters of the training model for each source, under the id of a method.</summary>
/// <param name="Id">The id of the method, such as <c>carbonscaling-loso</c>.</param>
/// <param name="Name">What it is.</param>
/// <param name="Of">The parameters with which a source's records are predicted.</param>
/// <param name="FittedConstants">Constants that were fitted to records of a target.</param>
/// <param name="Practice">From which runs the factor of practice is learnt.</param>
internal sealed record ParameterChoice(
    string Id,
    string Name,
    Func<string, ModelParameters> Of,
    Func<string, int> FittedConstants,
    PracticeKnowledge Practice = PracticeKnowledge.None)
{
    // Runs of whoever also published steps: their parameters may not know those steps.
    private static readonly Dictionary<string, string> StepsOfRuns = new(StringComparer.Ordinal)
    {
        ["bloom"] = "BLOOM",
        ["mpt"] = "MOS",
        ["nvidia-mega"] = "MTNLG",
        ["tinyllama"] = "TINY",
    };

    /// <summary>Calibrated, fitted without the source that is predicted, and priors alone.</summary>
    public static IReadOnlyList<ParameterChoice> Default(Catalog catalog)
    {
        ParameterSets sets = ParameterSets.Of(catalog);
        ModelParameters priors = sets.WithoutData;
        ParameterChoice withoutData = new("carbonscaling-priors", "this program, priors alone", _ => priors, static _ => 0);
        if (sets.Fit is not { } fit)
        {
            return [withoutData with { Id = "carbonscaling", Name = "this program, default parameters" }, withoutData];
        }

        Dictionary<string, ModelParameters> leftOut = fit.WithoutSource.Keys.ToDictionary(
            static source => source, source => fit.ApplyWithout(source, priors), StringComparer.Ordinal);
        ModelParameters calibrated = sets.Default;
        int parameters = fit.Parameters.Count;
        return
        [
            new("carbonscaling", "this program, calibrated", _ => calibrated, Fitted, PracticeKnowledge.All),
            new("carbonscaling-loso", "this program, each source predicted by the others", Without, Fitted, PracticeKnowledge.OtherSources),
            withoutData,
        ];

        ModelParameters Without(string source) =>
            leftOut.TryGetValue(StepsOfRuns.GetValueOrDefault(source, source), out ModelParameters? set) ? set : calibrated;

        int Fitted(string target) => target switch
        {
            ValidationTargets.PeakBytes or ValidationTargets.Goodput => 0,
            ValidationTargets.Embodied => 1,
            ValidationTargets.DeviceHours or ValidationTargets.Energy or ValidationTargets.Operational => parameters + Methods.Practice.Constants,
            _ => parameters,
        };
    }
}

/// <summary>This program with one choice of parameters.</summary>
internal sealed class OurMethod(ParameterChoice choice, Practice practice, Func<ValidationCase, Prediction> embodied) : IPredictionMethod
{
    private static readonly string[] Whole =
        [ValidationTargets.DeviceHours, ValidationTargets.Energy, ValidationTargets.Operational];

    /// <inheritdoc/>
    public string Id => choice.Id;

    /// <inheritdoc/>
    public string Name => choice.Name;

    /// <inheritdoc/>
    public bool IsOurs => true;

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => choice.FittedConstants(table.Target);

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record)
    {
        if (record.Refused is { } refused)
        {
            return Prediction.LeftOut(refused);
        }

        if (table.Target == ValidationTargets.Embodied)
        {
            return embodied(record);
        }

        Evaluation found = record.With(choice.Of(record.Source));
        return found.Estimate is { } estimate ? InPractice(table, record, OurFigures.Of(table, record, estimate))
            : found.Refused is { } reason ? Prediction.LeftOut(reason)
            : Prediction.None;
    }

    private Prediction InPractice(ValidationTable table, ValidationCase record, Prediction prediction)
    {
        bool applies = choice.Practice != PracticeKnowledge.None
            && table.Regime == Regime.ExAnte
            && Whole.Contains(table.Target);
        return applies
            ? practice.Apply(record, prediction, choice.Practice == PracticeKnowledge.OtherSources ? record.Source : null)
            : prediction;
    }
}
