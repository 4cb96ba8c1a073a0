using CarbonScaling.Hardware;

namespace CarbonScaling.Validation;

/// <summary>What baselines may know of a record; all that is null was not published.</summary>
internal sealed record CaseFacts
{
    /// <summary>The system of the accelerator in the catalog.</summary>
    public NodeSystem? System { get; init; }

    /// <summary>Published parameters that a token uses.</summary>
    public double? ActiveParameters { get; init; }

    /// <summary>FLOPs of the step or the run: as reported for encoders with decoders, else 6·N·D.</summary>
    public double? Flops { get; init; }

    /// <summary>Devices.</summary>
    public double? Devices { get; init; }

    /// <summary>Tokens of the step or the run.</summary>
    public double? Tokens { get; init; }

    /// <summary>Peak rate at which the work is counted, in FLOP/s.</summary>
    public double? Peak { get; init; }

    /// <summary>The number format.</summary>
    public string Precision { get; init; } = "";

    /// <summary>Thermal design power in W.</summary>
    public double? DesignWatts => System?.Accelerator.ThermalDesignPower.Value;

    /// <summary>Memory as vendors count it, in GB.</summary>
    public double? MemoryGigabytes => System is null ? null : System.Accelerator.MemoryCapacity.Value / (1L << 30);
}
