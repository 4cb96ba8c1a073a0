namespace CarbonScaling.Validation.Runs;

/// <summary>A published training run: the row of a record file. What is null or empty was not published.</summary>
public sealed record RunRecord
{
    /// <summary>The id, unique in its file.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the file.</summary>
    public required string File { get; init; }

    /// <summary>The line on which the row starts.</summary>
    public required int Line { get; init; }

    /// <summary>Where the figures were published.</summary>
    public string SourceWhere { get; init; } = "";

    /// <summary>Runs of one group share method, cluster or authors; it is groups that are left out and drawn anew.</summary>
    public string SourceGroup { get; init; } = "";

    /// <summary>What people call the model.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>The kind of network as published, in lower case.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Parameters.</summary>
    public double? Parameters { get; init; }

    /// <summary>Parameters that a token uses.</summary>
    public double? ActiveParameters { get; init; }

    /// <summary>Tokens trained on.</summary>
    public double? Tokens { get; init; }

    /// <summary>Layers.</summary>
    public int? Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public int? Hidden { get; init; }

    /// <summary>Query heads.</summary>
    public int? Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Inner width of a feed-forward block, of an expert in a mixture.</summary>
    public int? FeedForward { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Tokens of a sequence.</summary>
    public int? SequenceLength { get; init; }

    /// <summary>Routed experts of a layer.</summary>
    public int? Experts { get; init; }

    /// <summary>Routed experts that a token visits.</summary>
    public int? ExpertsPerToken { get; init; }

    /// <summary>Tokens of a step.</summary>
    public double? GlobalBatchTokens { get; init; }

    /// <summary>The accelerator as published.</summary>
    public string Accelerator { get; init; } = "";

    /// <summary>Accelerators.</summary>
    public int? Devices { get; init; }

    /// <summary>Tensor-parallel degree.</summary>
    public int? Tensor { get; init; }

    /// <summary>Pipeline-parallel degree.</summary>
    public int? Pipeline { get; init; }

    /// <summary>Data-parallel degree.</summary>
    public int? Data { get; init; }

    /// <summary>Expert-parallel degree.</summary>
    public int? Expert { get; init; }

    /// <summary>Context-parallel degree.</summary>
    public int? Context { get; init; }

    /// <summary>Chunks of a stage.</summary>
    public int? VirtualStages { get; init; }

    /// <summary>Sequences of a micro-batch.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>The number format as published, in lower case.</summary>
    public string Precision { get; init; } = "";

    /// <summary>Accelerators times hours.</summary>
    public double? DeviceHours { get; init; }

    /// <summary>How the reported energy came about: measured, tdp-based or model.</summary>
    public string EnergyKind { get; init; } = "";

    /// <summary>Power usage effectiveness.</summary>
    public double? Pue { get; init; }

    /// <summary>Carbon intensity of the electricity, in g/kWh.</summary>
    public double? IntensityGramsPerKwh { get; init; }

    /// <summary>Operational emissions as reported, in tonnes.</summary>
    public double? OperationalTonnes { get; init; }

    /// <summary>What the measured energy contains.</summary>
    public string Boundary { get; init; } = "";

    /// <summary>The kind of run: pretrain, benchmark-finetune, small-run, …</summary>
    public string RunClass { get; init; } = "";

    /// <summary>What the row can test: T device-hours, E energy, P power, M embodied; null where the file does not say.</summary>
    public string? Tests { get; init; }

    /// <summary>Measured energy of the information technology inside <see cref="Boundary"/>, in kWh.</summary>
    public double? EnergyKwh { get; init; }

    /// <summary>Mean power of an accelerator inside <see cref="Boundary"/>, in W.</summary>
    public double? AverageWatts { get; init; }

    /// <summary>Measured tokens per second and device.</summary>
    public double? TokensPerSecondPerDevice { get; init; }

    /// <summary>Model FLOPs utilisation of a step, as a fraction.</summary>
    public double? Utilisation { get; init; }

    /// <summary>Model TFLOP/s of a device in a step.</summary>
    public double? TeraflopsPerDevice { get; init; }

    /// <summary>FLOPs of the training as reported.</summary>
    public double? TrainingFlops { get; init; }

    /// <summary>Why the row is no test of a model; empty where it is one.</summary>
    public string ExcludeReason { get; init; } = "";

    /// <summary>What else was published.</summary>
    public string Notes { get; init; } = "";

    /// <summary>The group, or the row itself where none is given.</summary>
    public string Source => SourceGroup.Length > 0 ? SourceGroup : Id;

    /// <summary>Whether it is a run of a benchmark: tuned, short and without the interruptions of production.</summary>
    public bool IsBenchmark => RunClass.StartsWith("benchmark", StringComparison.Ordinal);

    /// <summary>Whether the row may test what a letter stands for.</summary>
    internal bool MayTest(char letter) => Tests is null || Tests.Contains(letter, StringComparison.Ordinal);
}
