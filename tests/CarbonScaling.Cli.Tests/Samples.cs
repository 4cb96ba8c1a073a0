using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Cli.Tests;

/// <summary>Results made up by hand, so that what is printed does not change with the model.</summary>
internal static class Samples
{
    private const double Gibibyte = 1L << 30;

    public static Estimate Estimate { get; } = new()
    {
        ProgramVersion = "0.1.0",
        ModelVersion = "priors",
        InputsDigest = "0123456789abcdef",
        Name = "A sample run",
        Model = new("sample-405b", 405.9e9, 405.9e9, null, 126, 16_384, 8192, "bf16"),
        Cluster = new("dgx-h100", "h100-sxm", 16_384, 989),
        Plan = new(8, 16, 8, 1, 1, 128, 1, 16, 2048, true, "zero1", "none", "interleaved", "ring", 1, 0, "none", "none"),
        Memory = Memory(capacity: 80),
        Step = new(
            Seconds: 6,
            ComputeSeconds: 4.2,
            TensorCommSeconds: 0.9,
            PipelineBubbleSeconds: 0.6,
            PipelineCommSeconds: 0.15,
            DataCommSeconds: 0.12,
            ExpertCommSeconds: 0,
            ContextCommSeconds: 0,
            OptimizerSeconds: 0.02,
            OtherSeconds: 0.01,
            TokensPerSecond: 2.796e6,
            TokensPerSecondPerDevice: 170.7,
            FlopsConvention: "model-full",
            ModelTflopsPerDevice: 448,
            HardwareTflopsPerDevice: 449.5,
            Mfu: 0.453,
            Hfu: 0.4545),
        Run = new(15.6e12, 929_833, 68.4, 26.9e6, 0.944, 0.055, 0.001),
        Energy = new(14e6, 8e6, 3e6, 25e6, 27.5e6, 520, 16.75),
        Carbon = new(11e6, 0.6e6, 11.6e6, 0.0517, 0.1e6, 0.39e6, 0.11e6, 400, "us-va", 1.1),
        Intervals = new(
            0.9,
            new SortedDictionary<string, (double Low, double High)>(StringComparer.Ordinal)
            {
                ["carbon.totalKg"] = (9.1e6, 14.8e6),
                ["run.deviceHours"] = (21e6, 34e6),
                ["step.seconds"] = (4.7, 7.7),
            }),
        Extrapolation = new(1, 1, "prior"),
        Violations = [],
        Warnings = ["a.figure = 25 W is recalled, not read in a source; 1 % of it moves the emissions by 0.02 %"],
    };

    /// <summary>The same where neither memory nor time suffice.</summary>
    public static Estimate Infeasible { get; } = Estimate with
    {
        Name = null,
        Memory = Memory(capacity: 40),
        Violations = [new("memory", 60 * Gibibyte, 40 * Gibibyte, "B"), new("limits.days", 68.4, 60, "days")],
        Extrapolation = new(4, 1, "prior"),
        Warnings = [],
    };

    public static PlanResult Plan { get; } = new()
    {
        Objective = "carbon",
        Plans =
        [
            Estimate,
            Estimate with
            {
                Plan = Estimate.Plan with { Pipeline = 8, VirtualStages = 1, Data = 256, Schedule = "1f1b", Recompute = "selective" },
                Step = Estimate.Step with { Seconds = 123.4 },
            },
        ],
        Pareto = [new(50, 12e6, 32_768, Estimate.Plan with { Data = 256 }), new(68.4, 11.6e6, 16_384, Estimate.Plan)],
        Infeasible = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["limits.days"] = 250, ["memory"] = 1_234_567 },
        Search = new(1_300_000, 1_200_000, 0, 65_183, 1.5, true),
        Binding = new("limits.days", 95, 90, "days"),
    };

    /// <summary>The same where nothing was found.</summary>
    public static PlanResult NoPlan { get; } = Plan with
    {
        Plans = [],
        Pareto = [],
        Search = Plan.Search with { Feasible = 0 },
        Binding = new("memory", 100 * Gibibyte, 80 * Gibibyte, "B"),
    };

    /// <summary>A derivation in which one step is used twice.</summary>
    public static Derivation Derivation { get; } = MakeDerivation();

    private static EstimatedMemory Memory(double capacity) => new(
        WeightsBytes: 6 * Gibibyte,
        GradientsBytes: 12 * Gibibyte,
        OptimizerBytes: 2 * Gibibyte,
        ActivationsBytes: 34.56 * Gibibyte,
        OverheadBytes: 5.44 * Gibibyte,
        TotalBytes: 60 * Gibibyte,
        CapacityBytes: capacity * Gibibyte,
        Fits: capacity >= 60,
        Stages: [.. Enumerable.Range(0, 16).Select(Stage)]);

    private static EstimatedStageMemory Stage(int stage)
    {
        double activations = stage < 3 ? 34.56 : 34.56 - stage;
        return new(
            stage,
            stage is 0 or 15 ? 7 : 8,
            16 - stage,
            6 * Gibibyte,
            12 * Gibibyte,
            2 * Gibibyte,
            activations * Gibibyte,
            5.44 * Gibibyte,
            (25.44 + activations) * Gibibyte);
    }

    private static Derivation MakeDerivation()
    {
        Traced devices = Traced.Input(new("cluster.devices", 8, "devices", "scenario", FigureStatus.Given));
        Traced power = Traced.Input(new("h100-sxm.thermalDesignPower", 700, "W", "stas00-accel", FigureStatus.Seen, 0.05));
        Traced time = Traced.Input(new("run.time", 7200, "s", "assumption", FigureStatus.Assumed, 0.2));
        Traced deviceTime = Traced.Name(devices * time, Equations.DeviceTime);
        Traced accelerators = Traced.Name(power * deviceTime, Equations.AcceleratorEnergy);
        Traced hosts = Traced.Name(
            Traced.Input(new("dgx-h100.hostPower", 350, "W", "latif2024", FigureStatus.Computed)) * deviceTime, Equations.HostEnergy);
        Traced energy = Traced.Name(accelerators + hosts, Equations.InformationTechnologyEnergy);
        return Explanation.Derivation.Of("energy.itKwh", "kWh", (energy / Traced.Literal(3.6e6)).Node);
    }
}
