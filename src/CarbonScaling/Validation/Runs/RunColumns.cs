namespace CarbonScaling.Validation.Runs;

/// <summary>The columns of files of runs, where they are not those of files of steps, and of files of footprints.</summary>
internal static class RunColumns
{
    public const string SourceWhere = "source_where";
    public const string SourceGroup = "source_group";
    public const string Architecture = "arch";
    public const string ActiveParameters = "params_active";
    public const string Tokens = "tokens";
    public const string GlobalBatchTokens = "global_batch_tokens";
    public const string DeviceHours = "device_hours";
    public const string EnergyKind = "energy_kind";
    public const string Pue = "pue";
    public const string Intensity = "carbon_intensity_g_per_kwh";
    public const string OperationalTonnes = "tco2e_operational_reported";
    public const string Boundary = "boundary_class";
    public const string RunClass = "run_class";
    public const string Tests = "targets";
    public const string EnergyKwh = "energy_it_kwh_norm";
    public const string AverageWatts = "avg_w_per_device";
    public const string TokenRate = "tok_s_num";
    public const string Utilisation = "mfu_num";
    public const string Teraflops = "tflops_num";
    public const string TrainingFlops = "train_flops_reported";
    public const string ExcludeReason = "exclude_reason";

    public const string Device = "device_or_server";
    public const string Per = "per";
    public const string KilogramsPerDevice = "kg_per_accelerator";
    public const string UseAs = "use_as";

    /// <summary>Columns that tell a file of runs.</summary>
    public static readonly string[] Measured = [DeviceHours, EnergyKwh, AverageWatts];

    /// <summary>Columns that a file of runs must have.</summary>
    public static readonly string[] Required =
        [RecordColumns.Id, RecordColumns.Parameters, Tokens, RecordColumns.Accelerator, RecordColumns.Devices];

    /// <summary>Columns that a file of footprints must have; the last one tells it.</summary>
    public static readonly string[] RequiredOfFootprints = [RecordColumns.Id, Device, Per, UseAs, KilogramsPerDevice];
}
