namespace CarbonScaling.Validation.Methods;

/// <summary>
/// LLMCarbon (Faiz et al., ICLR 2024; SotaroKaneda/MLCarbon@dbd96b7): throughput and devices as quadratics of the number of
/// parameters through the ten rows of Megatron-LM's scaling table.
/// </summary>
/// <remarks>
/// As published, the memory of the device chooses the curve: 80 GB means A100, any other V100. Peak-scaled, the curve of A100
/// is scaled by the peak of the device. A mixture counts with the parameters that a token uses.
/// </remarks>
internal sealed class LlmCarbon(bool peakScaled) : IPredictionMethod
{
    private const double A100Gigabytes = 80;
    private const double A100Peak = 312;
    private const double V100Peak = 125;
    private const double Tera = 1e12;
    private const double Giga = 1e9;
    private const double NodeDevices = 8;
    private const double GigaParametersPerGigabyte = 0.03;

    /// <summary>Both variants.</summary>
    public static IReadOnlyList<LlmCarbon> All { get; } = [new(peakScaled: false), new(peakScaled: true)];

    /// <inheritdoc/>
    public string Id => peakScaled ? "llmcarbon-peak-scaled" : "llmcarbon";

    /// <inheritdoc/>
    public string Name => peakScaled ? "LLMCarbon, scaled by the peak of the device" : "LLMCarbon as published";

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => 12;

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record) =>
        table.Regime == Regime.ExAnte ? RateMethod.Of(table, record, RateOf(record.Facts)) : Prediction.None;

    /// <summary>Achieved TFLOP/s of a device; may be negative, far beyond the table.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gigabytes">Memory of a device in GB.</param>
    public static double Teraflops(double parameters, double gigabytes)
    {
        double achieved = Split(parameters, gigabytes).Pipeline == 1
            ? Quadratic(parameters, -8.82079068e-20, 1.68591116e-09, 133.954735)
            : Quadratic(parameters, -5.60233749e-23, 8.45435587e-11, 134.546129);
        return gigabytes == A100Gigabytes ? achieved : achieved * (1 - (7.76 / 33.46)) / A100Peak * V100Peak;
    }

    /// <summary>Devices; may be negative, far beyond the table.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gigabytes">Memory of a device in GB.</param>
    public static double Devices(double parameters, double gigabytes)
    {
        (double tensor, double pipeline) = Split(parameters, gigabytes);
        double replica = tensor * pipeline;
        double devices = Math.Round(Quadratic(parameters, -2.12910565e-21, 4.39684339e-09, 799.173057) / replica) * replica;
        devices = gigabytes == A100Gigabytes ? devices : Math.Round(2.5 * devices);
        return gigabytes == 40 ? devices * 2 : devices;
    }

    private double? RateOf(CaseFacts facts)
    {
        if (facts.ActiveParameters is not { } parameters)
        {
            return null;
        }

        double? rate = peakScaled
            ? Teraflops(parameters, A100Gigabytes) / A100Peak * facts.Peak
            : facts.MemoryGigabytes is { } gigabytes ? Teraflops(parameters, gigabytes) * Tera : null;
        return rate > 0 ? rate : null;
    }

    private static (double Tensor, double Pipeline) Split(double parameters, double gigabytes)
    {
        double capacity = GigaParametersPerGigabyte * gigabytes;
        double size = parameters / Giga;
        return size < NodeDevices * capacity
            ? (Math.Ceiling(size / capacity), 1)
            : (NodeDevices, Math.Ceiling(size / (NodeDevices * capacity)));
    }

    private static double Quadratic(double x, double square, double linear, double constant) => (square * x * x) + (linear * x) + constant;
}
