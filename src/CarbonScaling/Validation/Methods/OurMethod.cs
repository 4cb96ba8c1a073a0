using CarbonScaling.Catalogs;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Methods;

/// <summary>A set of parameters of the training model for each source, under the id of a method.</summary>
/// <param name="Id">The id of the method, such as <c>carbonscaling-loso</c>.</param>
/// <param name="Name">What it is.</param>
/// <param name="Of">The parameters with which a source's records are predicted.</param>
/// <param name="FittedConstants">Constants that were fitted to records of a target.</param>
internal sealed record ParameterChoice(
    string Id, string Name, Func<string, ModelParameters> Of, Func<string, int> FittedConstants)
{
    /// <summary>The sets that a program without calibration has: priors, which are its default too.</summary>
    public static IReadOnlyList<ParameterChoice> Default(Catalog catalog)
    {
        ModelParameters priors = ParametersReader.Read(catalog, "priors");
        return
        [
            new("carbonscaling", "this program, default parameters", _ => priors, static _ => 0),
            new("carbonscaling-priors", "this program, priors alone", _ => priors, static _ => 0),
        ];
    }
}

/// <summary>This program with one choice of parameters.</summary>
internal sealed class OurMethod(ParameterChoice choice, Func<ValidationCase, Prediction> embodied) : IPredictionMethod
{
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
        return found.Estimate is { } estimate ? OurFigures.Of(table, record, estimate)
            : found.Refused is { } reason ? Prediction.LeftOut(reason)
            : Prediction.None;
    }
}
