namespace CarbonScaling.Telemetry;

/// <summary>What a telemetry file is; told from its content.</summary>
public enum TelemetryKind
{
    /// <summary>A table of steps, CSV with the columns <c>step</c> and <c>seconds</c>.</summary>
    StepTable,

    /// <summary>The log of Megatron-LM, Megatron-DeepSpeed, NeMo or Megatron Bridge.</summary>
    MegatronLog,

    /// <summary>The log of torchtitan.</summary>
    TorchtitanLog,

    /// <summary>Scrapes of the DCGM exporter, in the text format of Prometheus.</summary>
    DcgmText,

    /// <summary>The answer of Prometheus to a range query, JSON.</summary>
    PrometheusRange,

    /// <summary>The table of <c>nvidia-smi --query-gpu</c>.</summary>
    NvidiaSmi,

    /// <summary>The accounting of Slurm, <c>sacct -P</c>.</summary>
    SlurmAccounting,

    /// <summary>The <c>emissions.csv</c> of CodeCarbon.</summary>
    CodeCarbon,
}

/// <summary>The names of the kinds.</summary>
public static class TelemetryKinds
{
    /// <summary>What can be read, for messages.</summary>
    public const string Expected =
        "CSV with the columns step and seconds, a Megatron-LM or torchtitan log, DCGM exporter text, the JSON of a Prometheus range query, "
        + "nvidia-smi --query-gpu CSV, sacct -P, or CodeCarbon's emissions.csv";

    /// <summary>The name of a kind, as results write it.</summary>
    public static string NameOf(TelemetryKind kind) => kind switch
    {
        TelemetryKind.StepTable => "steps",
        TelemetryKind.MegatronLog => "megatron",
        TelemetryKind.TorchtitanLog => "torchtitan",
        TelemetryKind.DcgmText => "dcgm",
        TelemetryKind.PrometheusRange => "prometheus",
        TelemetryKind.NvidiaSmi => "nvidia-smi",
        TelemetryKind.SlurmAccounting => "sacct",
        _ => "codecarbon",
    };
}
