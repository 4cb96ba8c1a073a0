namespace CarbonScaling.Validation.Runs;

/// <summary>Reads one row of a file of runs or of footprints.</summary>
internal static class RunReader
{
    /// <summary>A run.</summary>
    public static RunRecord Run(RecordFields fields, string file, int line) => new()
    {
        Id = fields.Id,
        File = file,
        Line = line,
        SourceWhere = fields.Text(RunColumns.SourceWhere),
        SourceGroup = fields.Text(RunColumns.SourceGroup),
        ModelName = fields.Text(RecordColumns.ModelName),
        Architecture = fields.Text(RunColumns.Architecture).ToLowerInvariant(),
        Parameters = fields.Positive(RecordColumns.Parameters),
        ActiveParameters = fields.Positive(RunColumns.ActiveParameters),
        Tokens = fields.Positive(RunColumns.Tokens),
        Layers = fields.Whole(RecordColumns.Layers),
        Hidden = fields.Whole(RecordColumns.Hidden),
        Heads = fields.Whole(RecordColumns.Heads),
        KeyValueHeads = fields.Whole(RecordColumns.KeyValueHeads),
        FeedForward = fields.Whole(RecordColumns.FeedForward),
        Vocabulary = fields.Whole(RecordColumns.Vocabulary),
        SequenceLength = fields.Whole(RecordColumns.SequenceLength),
        Experts = fields.Whole(RecordColumns.Experts),
        ExpertsPerToken = fields.Whole(RecordColumns.ExpertsPerToken),
        GlobalBatchTokens = fields.Positive(RunColumns.GlobalBatchTokens),
        Accelerator = fields.Text(RecordColumns.Accelerator),
        Devices = fields.Whole(RecordColumns.Devices),
        Tensor = fields.Whole(RecordColumns.Tensor),
        Pipeline = fields.Whole(RecordColumns.Pipeline),
        Data = fields.Whole(RecordColumns.Data),
        Expert = fields.Whole(RecordColumns.Expert),
        Context = fields.Whole(RecordColumns.Context),
        VirtualStages = fields.Whole(RecordColumns.VirtualStages),
        MicroBatch = fields.Whole(RecordColumns.MicroBatch),
        Precision = fields.Text(RecordColumns.Precision).ToLowerInvariant(),
        DeviceHours = fields.Positive(RunColumns.DeviceHours),
        EnergyKind = fields.Text(RunColumns.EnergyKind).ToLowerInvariant(),
        Pue = fields.Positive(RunColumns.Pue),
        IntensityGramsPerKwh = fields.Positive(RunColumns.Intensity),
        OperationalTonnes = fields.Positive(RunColumns.OperationalTonnes),
        Boundary = fields.Text(RunColumns.Boundary).ToLowerInvariant(),
        RunClass = fields.Text(RunColumns.RunClass).ToLowerInvariant(),
        Tests = fields.Has(RunColumns.Tests) ? fields.Text(RunColumns.Tests) : null,
        EnergyKwh = fields.Positive(RunColumns.EnergyKwh),
        AverageWatts = fields.Positive(RunColumns.AverageWatts),
        TokensPerSecondPerDevice = fields.Positive(RunColumns.TokenRate),
        Utilisation = fields.Positive(RunColumns.Utilisation),
        TeraflopsPerDevice = fields.Positive(RunColumns.Teraflops),
        TrainingFlops = fields.Positive(RunColumns.TrainingFlops),
        ExcludeReason = fields.Text(RunColumns.ExcludeReason),
        Notes = fields.Text(RecordColumns.Notes),
    };

    /// <summary>A footprint.</summary>
    public static FootprintRecord Footprint(RecordFields fields, string file, int line) => new()
    {
        Id = fields.Id,
        File = file,
        Line = line,
        Device = fields.Text(RunColumns.Device),
        Per = fields.Text(RunColumns.Per).ToLowerInvariant(),
        KilogramsPerDevice = fields.Positive(RunColumns.KilogramsPerDevice),
        UseAs = fields.Text(RunColumns.UseAs),
    };
}
