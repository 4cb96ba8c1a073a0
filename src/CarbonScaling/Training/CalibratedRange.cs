using CarbonScaling.Hardware;

namespace CarbonScaling.Training;

/// <summary>What the measurements of a fit reach.</summary>
/// <param name="Rates">Generation and number format of devices, such as <c>hopper.fp8</c>.</param>
/// <param name="SoftwareClasses">Classes of software.</param>
/// <param name="MostDevices">The most devices.</param>
/// <param name="LeastParameters">The smallest model.</param>
/// <param name="MostParameters">The largest model.</param>
internal sealed record CalibratedRange(
    IReadOnlyList<string> Rates,
    IReadOnlyList<string> SoftwareClasses,
    double MostDevices,
    double LeastParameters,
    double MostParameters)
{
    /// <summary>Published steps against which equations of this kind were checked without any fit.</summary>
    public static CalibratedRange Unfitted { get; } = new([], [], 16_384, 1.25e8, 1.01e12);

    /// <summary>The name of a device's rate in a number format.</summary>
    public static string RateOf(TrainingJob job) =>
        $"{job.Cluster.System.Accelerator.Generation}.{job.Format.ParameterName()}";

    /// <summary>Whether products like those of a job were measured.</summary>
    public bool HasRate(TrainingJob job) => Rates.Contains(RateOf(job), StringComparer.Ordinal);

    /// <summary>How many of a job's generation, number format and class of software were not measured at all.</summary>
    public int Unseen(TrainingJob job)
    {
        string generation = job.Cluster.System.Accelerator.Generation + '.';
        string format = '.' + job.Format.ParameterName();
        bool sawGeneration = Rates.Any(rate => rate.StartsWith(generation, StringComparison.Ordinal));
        bool sawFormat = Rates.Any(rate => rate.EndsWith(format, StringComparison.Ordinal));
        bool sawClass = SoftwareClasses.Contains(MachineLift.NameOf(job.Software.Stack), StringComparer.Ordinal);
        return (sawGeneration ? 0 : 1) + (sawFormat ? 0 : 1) + (sawClass ? 0 : 1);
    }

    /// <summary>Factor by which a job has more devices; 1 inside.</summary>
    public double DevicesBeyond(double devices) => Math.Max(1, devices / MostDevices);

    /// <summary>Factor by which a model is larger or smaller; 1 inside.</summary>
    public double ParametersBeyond(double parameters) =>
        Math.Max(1, Math.Max(parameters / MostParameters, LeastParameters / parameters));
}
