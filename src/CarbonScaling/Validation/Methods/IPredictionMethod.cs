namespace CarbonScaling.Validation.Methods;

/// <summary>A method that predicts what was measured: ours with one set of parameters, or a baseline.</summary>
internal interface IPredictionMethod
{
    /// <summary>Its id in results, for example <c>carbonscaling</c> or <c>6nd-0.4</c>.</summary>
    string Id { get; }

    /// <summary>Its name in a few words.</summary>
    string Name { get; }

    /// <summary>Whether it is this program.</summary>
    bool IsOurs => false;

    /// <summary>Constants that were fitted to measurements of the target.</summary>
    int FittedConstants(ValidationTable table);

    /// <summary>Its prediction. Called once for every record of a table, from several threads.</summary>
    Prediction Predict(ValidationTable table, ValidationCase record);
}
