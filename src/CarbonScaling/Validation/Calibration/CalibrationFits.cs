using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>The fit to all observations, and those without each source.</summary>
/// <param name="Observations">The observations.</param>
/// <param name="All">The fit to all.</param>
/// <param name="WithoutSource">The fit without a source, by the source.</param>
internal sealed record CalibrationFits(
    Observations Observations, PosteriorMode All, IReadOnlyDictionary<string, PosteriorMode> WithoutSource)
{
    /// <summary>The errors of all observations, each by the fit without its source.</summary>
    public LeftOutError[] LeftOutErrors()
    {
        LeftOutError[] errors = new LeftOutError[Observations.All.Count];
        foreach ((string source, PosteriorMode mode) in WithoutSource)
        {
            Prediction prediction = Observations.Predict(mode.Logs);
            for (int i = 0; i < errors.Length; i++)
            {
                if (Observations.All[i].Source == source)
                {
                    errors[i] = new(
                        source,
                        ResidualSpreads.ClassOf(Observations.All[i].Job.Training),
                        mode.Residuals[i],
                        Observations.OtherVariances[i] + mode.Variance(prediction.Gradients[i]));
                }
            }
        }

        return errors;
    }
}
