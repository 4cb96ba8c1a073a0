using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>The targets, and the tables in which each is scored.</summary>
internal static class ValidationTargets
{
    public const string StepSeconds = "step.seconds";
    public const string TokenRate = "step.tokensPerSecondPerDevice";
    public const string PeakBytes = "memory.peakBytes";
    public const string DeviceHours = "run.deviceHours";
    public const string Goodput = "run.goodput";
    public const string Energy = "energy.itKwh";
    public const string Watts = "energy.averageDeviceWatts";
    public const string Operational = "carbon.operationalKg";
    public const string Embodied = "carbon.embodiedKg";

    private const double KilogramsPerTonne = 1000;
    private const double SecondsPerHour = 3600;
    private const double Tera = 1e12;

    /// <summary>All tables, in the causal order of the targets.</summary>
    public static IReadOnlyList<ValidationTable> All { get; } =
    [
        new(StepSeconds, "", "s", Regime.ExAnte, "duration of a step, layout as published", static each => each.Step?.StepSeconds),
        new(TokenRate, "", "1/s", Regime.ExAnte, "tokens per second and device, layout as published", static each => each.Step?.TokensPerSecondPerDevice),
        OfRuns(TokenRate, "1/s", Regime.ExAnte, "tokens per second and device of whole runs", static run => run.TokensPerSecondPerDevice, variant: "runs"),
        new(PeakBytes, "", "B", Regime.ExAnte, "greatest memory that tensors took", static each => each.Step?.PeakBytes),
        OfRuns(DeviceHours, "h", Regime.ExAnte, "device-hours of whole runs, blind where no plan is published", Hours),
        OfRuns(DeviceHours, "h", Regime.ExAnte, "device-hours of benchmark runs", Hours, benchmark: true),
        new(Goodput, "", "1", Regime.ExAnte, "share of a run's hours that its own published rate of steps explains", UsefulShare),
        OfRuns(Watts, "W", Regime.ExAnte, "mean power of a device with what the meter's boundary holds", Power),
        OfRuns(Watts, "W", Regime.ExAnte, "mean power of a device in benchmark runs", Power, benchmark: true),
        OfRuns(Energy, "kWh", Regime.ExAnte, "measured energy, neither hours nor watts given", EnergyOf),
        OfRuns(Energy, "kWh", Regime.ExAnte, "measured energy of benchmark runs", EnergyOf, benchmark: true),
        OfRuns(Energy, "kWh", Regime.HoursGiven, "measured energy, the device-hours given", EnergyOf, variant: "hours"),
        OfRuns(Energy, "kWh", Regime.HoursGiven, "measured energy of benchmark runs, the hours given", EnergyOf, variant: "hours", benchmark: true),
        OfRuns(Operational, "kg", Regime.ExAnte, "emissions from measured energy, PUE and intensity given", Emissions),
        OfRuns(Operational, "kg", Regime.HoursGiven, "emissions from measured energy, hours, PUE and intensity given", Emissions, variant: "hours"),
        new(Embodied, "", "kg", Regime.ExAnte, "footprint of making a device, cradle to gate", static each => each.Footprint?.KilogramsPerDevice),
    ];

    /// <summary>Whether a rule that leaves a record out does so for a table.</summary>
    public static bool Applies(Exclusion exclusion, ValidationTable table) => table.Target != Watts || !exclusion.KeepsPower();

    private static ValidationTable OfRuns(
        string target, string unit, Regime regime, string about, Func<RunRecord, double?> measured, string variant = "", bool benchmark = false) =>
        new(target, benchmark ? string.Join('-', new[] { variant, "benchmark" }.Where(static word => word.Length > 0)) : variant, unit, regime, about, each =>
            each.Run is { } run && run.IsBenchmark == benchmark ? measured(run) : null);

    // A row says what it can test; a row that is left out tested nothing, and is shown where it has a figure.
    private static double? Hours(RunRecord run) => Tests(run, 'T') ? run.DeviceHours : null;

    // Tokens over the published rate, or the rate that a published utilisation or FLOP/s stands for, over the hours.
    private static double? UsefulShare(ValidationCase record)
    {
        if (record.Run is not { IsBenchmark: false, ExcludeReason: "" } run || !run.MayTest('T'))
        {
            return null;
        }

        double? flopsPerToken = record.Facts.Flops / record.Facts.Tokens;
        double? rate = run.TokensPerSecondPerDevice
            ?? (run.TeraflopsPerDevice * Tera / flopsPerToken)
            ?? (run.Utilisation * record.Facts.Peak / flopsPerToken);
        return run.Tokens / rate / SecondsPerHour / run.DeviceHours;
    }

    private static double? EnergyOf(RunRecord run) => IsMetered(run) && Tests(run, 'E') ? run.EnergyKwh : null;

    private static double? Power(RunRecord run) => IsMetered(run) && Tests(run, 'P') ? run.AverageWatts : null;

    private static double? Emissions(RunRecord run) =>
        IsMetered(run) && Tests(run, 'E') && run is { IntensityGramsPerKwh: not null, Pue: not null } ? run.OperationalTonnes * KilogramsPerTonne : null;

    private static bool Tests(RunRecord run, char letter) => run.MayTest(letter) || run.ExcludeReason.Length > 0;

    // Hours times design power tests arithmetic.
    private static bool IsMetered(RunRecord run) => run.EnergyKind is "measured" or "";
}
