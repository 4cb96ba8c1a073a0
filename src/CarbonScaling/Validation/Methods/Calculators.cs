using CarbonScaling.Hardware;

namespace CarbonScaling.Validation.Methods;

/// <summary>The calculators that are told the hours of a run, with the watts that each counts.</summary>
internal static class Calculators
{
    private const double HostGigabytesPerDevice = 128;

    /// <summary>Watts per gigabyte of memory in Green Algorithms (GreenAlgorithms/green-algorithms-tool@30df2fe).</summary>
    private const double MemoryWattsPerGigabyte = 0.3725;

    /// <summary>Share of the design power of a processor that CodeCarbon assumes without a meter.</summary>
    private const double ProcessorShare = 0.5;

    private const double Sockets = 2;

    /// <summary>Memory modules of a node with two sockets, and watts of each in CodeCarbon 3.</summary>
    private const double Modules = 32;

    private const double WattsPerModule = 5;

    /// <summary>Watts that the ML CO2 Impact calculator lists (mlco2/impact@d0d3ee5); those of the TPUs are measurements of Patterson et al. 2021.</summary>
    private static readonly Dictionary<string, double> ImpactWatts = new(StringComparer.Ordinal)
    {
        ["h100-sxm"] = 700,
        ["a100-80gb-sxm"] = 400,
        ["a100-40gb-sxm"] = 400,
        ["a100-80gb-pcie"] = 250,
        ["a100-40gb-pcie"] = 250,
        ["v100-32gb-sxm2"] = 300,
        ["v100-16gb-sxm2"] = 250,
        ["p100-16gb-sxm2"] = 250,
        ["tpu-v2"] = 221,
        ["tpu-v3"] = 283,
    };

    /// <summary>Watts that Green Algorithms lists; of others it asks for the design power.</summary>
    private static readonly Dictionary<string, double> GreenWatts = new(StringComparer.Ordinal)
    {
        ["a100-80gb-pcie"] = 250,
        ["a100-40gb-pcie"] = 250,
        ["tpu-v2"] = 280,
        ["tpu-v3"] = 220,
        ["tpu-v4"] = 170,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HoursGivenMethod> All { get; } =
    [
        new("hours-tdp", "device-hours × design power × PUE × intensity", static facts => facts.DesignWatts, Pue: true, static own => own),
        new("mlco2", "ML CO2 Impact", static facts => Of(ImpactWatts, facts), Pue: false, static own => Math.Round(own / 1000, 2) * 1000),
        new("green-algorithms", "Green Algorithms", Green, Pue: true, static own => own),
        new("codecarbon", "CodeCarbon without a meter", CodeCarbon, Pue: false, static own => own),
    ];

    private static double? Of(Dictionary<string, double> watts, CaseFacts facts) =>
        facts.System is { } system && watts.TryGetValue(system.Accelerator.Id, out double listed) ? listed : null;

    private static double? Green(CaseFacts facts) =>
        (Of(GreenWatts, facts) ?? facts.DesignWatts) + (HostGigabytesPerDevice * MemoryWattsPerGigabyte);

    // Measured shares of the design power: 0.87 on H100, 0.70 on A100 (StarCoder), taken for newer and older devices too.
    private static double? CodeCarbon(CaseFacts facts)
    {
        if (facts.System is not { } system)
        {
            return null;
        }

        bool recent = system.Accelerator.Generation is "hopper" or "blackwell";
        (double share, double processor) = recent ? (0.87, 350) : (0.70, 225);
        double host = (ProcessorShare * processor * Sockets) + (Modules * WattsPerModule);
        return (share * facts.DesignWatts) + (host / Share(system));
    }

    private static double Share(NodeSystem system) => system.DevicesPerNode.Value;
}
