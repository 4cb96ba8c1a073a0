namespace CarbonScaling.Training;

/// <summary>
/// What predictions of sources that were not fitted miss beyond the uncertainty of the parameters: standard deviations of
/// ln(predicted / measured) step time, such that their 90 % intervals hold 90 % of the measurements.
/// </summary>
/// <param name="Pooled">Over all measurements.</param>
/// <param name="ByClass">By class of jobs: <c>mixture</c>, or the class of software of a dense model.</param>
/// <param name="PerDoubling">Added for every doubling beyond the fitted range of devices or of parameters.</param>
/// <param name="Unseen">Added for a generation, a number format or a class of software of which nothing was fitted.</param>
internal sealed record ResidualSpreads(
    double Pooled, IReadOnlyDictionary<string, double> ByClass, double PerDoubling, double Unseen)
{
    private const string Mixture = "mixture";

    /// <summary>The class of a job.</summary>
    public static string ClassOf(TrainingJob job) =>
        job.Model.Experts is not null ? Mixture : MachineLift.NameOf(job.Software.Stack);

    /// <summary>The classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = [Mixture, .. Enum.GetValues<SoftwareStack>().Select(MachineLift.NameOf)];

    /// <summary>The spread of a job inside the fitted range.</summary>
    public double Of(TrainingJob job) => ByClass.GetValueOrDefault(ClassOf(job), Pooled);
}
