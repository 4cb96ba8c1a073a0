namespace CarbonScaling.Planning;

/// <summary>What a training job takes with one plan. Its fields are those of the JSON that the program prints.</summary>
public sealed record Estimate
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "carbonscaling/estimate/1";

    /// <summary>Version of the program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>The parameter set and its digest: results of equal model versions and inputs are equal.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Digest of everything that entered the result.</summary>
    public required string InputsDigest { get; init; }

    /// <summary>Name of the scenario, if it has one.</summary>
    public string? Name { get; init; }

    /// <summary>The model.</summary>
    public required EstimatedModel Model { get; init; }

    /// <summary>The cluster.</summary>
    public required EstimatedCluster Cluster { get; init; }

    /// <summary>The plan.</summary>
    public required EstimatedPlan Plan { get; init; }

    /// <summary>Memory of a device on the stage that needs most.</summary>
    public required EstimatedMemory Memory { get; init; }

    /// <summary>A training step.</summary>
    public required EstimatedStep Step { get; init; }

    /// <summary>The run.</summary>
    public required EstimatedRun Run { get; init; }

    /// <summary>Its energy.</summary>
    public required EstimatedEnergy Energy { get; init; }

    /// <summary>Its emissions.</summary>
    public required EstimatedCarbon Carbon { get; init; }

    /// <summary>The phases, where the scenario has some; else null. Step, plan and memory are those of the one that takes the most device time.</summary>
    public IReadOnlyList<EstimatedPhase>? Phases { get; init; }

    /// <summary>The pools that take part, where the scenario has several; else null.</summary>
    public IReadOnlyList<EstimatedPool>? Pools { get; init; }

    /// <summary>Its cost, where prices are given; always null in this version.</summary>
    public double? Cost { get; init; }

    /// <summary>Intervals of the main figures by their paths, and under <c>level</c> their probability.</summary>
    public required EstimatedIntervals Intervals { get; init; }

    /// <summary>How far outside the checked range this is.</summary>
    public required EstimatedExtrapolation Extrapolation { get; init; }

    /// <summary>Limits that are exceeded, each with by how much; empty for a feasible plan.</summary>
    public required IReadOnlyList<LimitViolation> Violations { get; init; }

    /// <summary>What a reader should know before relying on the figures.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>The model of an estimate.</summary>
/// <param name="Id">Catalog id, "inline" or "law".</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="ActiveParameters">Parameters that a token uses; all of them in a dense model.</param>
/// <param name="PredictedLoss">Loss by the scaling law, in nats per token, where one is named.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Hidden">Width of the residual stream.</param>
/// <param name="SequenceLength">Tokens of a sequence.</param>
/// <param name="Precision">Number format.</param>
public sealed record EstimatedModel(
    string Id,
    double Parameters,
    double ActiveParameters,
    double? PredictedLoss,
    int Layers,
    int Hidden,
    long SequenceLength,
    string Precision);

/// <summary>The cluster of an estimate.</summary>
/// <param name="System">Catalog id of the nodes.</param>
/// <param name="Accelerator">Catalog id of the accelerators.</param>
/// <param name="Devices">Accelerators.</param>
/// <param name="PeakTflopsPerDevice">Peak dense rate in the training format, in TFLOP/s.</param>
public sealed record EstimatedCluster(string System, string Accelerator, long Devices, double PeakTflopsPerDevice);

/// <summary>The plan of an estimate.</summary>
/// <param name="Tensor">Tensor-parallel degree.</param>
/// <param name="Pipeline">Pipeline-parallel degree.</param>
/// <param name="VirtualStages">Chunks per stage.</param>
/// <param name="Context">Context-parallel degree.</param>
/// <param name="Expert">Expert-parallel degree.</param>
/// <param name="Data">Data-parallel degree.</param>
/// <param name="MicroBatch">Sequences of a micro-batch.</param>
/// <param name="MicroBatches">Micro-batches per data-parallel rank and step.</param>
/// <param name="GlobalBatchSequences">Sequences of a step.</param>
/// <param name="SequenceParallel">Whether the residual stream is split over the tensor-parallel ranks.</param>
/// <param name="Sharding">What data-parallel ranks split.</param>
/// <param name="Recompute">What is computed again.</param>
/// <param name="Schedule">The pipeline schedule.</param>
/// <param name="ContextMode">How the parts of a sequence meet; without effect for one part.</param>
/// <param name="ExpertTensor">Tensor-parallel degree inside an expert.</param>
/// <param name="ShardGroup">Ranks that split one copy of the weights, with hybrid sharding; else 0.</param>
/// <param name="TensorOverlap">How tensor-parallel communication is hidden.</param>
/// <param name="Offload">What the host keeps.</param>
public sealed record EstimatedPlan(
    int Tensor,
    int Pipeline,
    int VirtualStages,
    int Context,
    int Expert,
    int Data,
    int MicroBatch,
    int MicroBatches,
    long GlobalBatchSequences,
    bool SequenceParallel,
    string Sharding,
    string Recompute,
    string Schedule,
    string ContextMode,
    int ExpertTensor,
    int ShardGroup,
    string TensorOverlap,
    string Offload)
{
    /// <summary>What several pools share out: <c>data</c>, the batch, or <c>pipeline</c>, its stages; null on one pool.</summary>
    public string? Pools { get; init; }
}

/// <summary>Memory of a device.</summary>
/// <param name="WeightsBytes">Weights.</param>
/// <param name="GradientsBytes">Gradients.</param>
/// <param name="OptimizerBytes">Optimizer state.</param>
/// <param name="ActivationsBytes">Activations.</param>
/// <param name="OverheadBytes">Runtime and fragmentation.</param>
/// <param name="TotalBytes">All of it.</param>
/// <param name="CapacityBytes">What the device has.</param>
/// <param name="Fits">Whether it fits, with the headroom that the scenario asks for; of all phases, whether each does.</param>
/// <param name="Stages">The same for every stage.</param>
public sealed record EstimatedMemory(
    double WeightsBytes,
    double GradientsBytes,
    double OptimizerBytes,
    double ActivationsBytes,
    double OverheadBytes,
    double TotalBytes,
    double CapacityBytes,
    bool Fits,
    IReadOnlyList<EstimatedStageMemory> Stages)
{
    /// <summary>The phase whose memory is the fullest, which decides whether all fit; null without phases.</summary>
    public string? FullestPhase { get; init; }
}

/// <summary>Memory of a device on one stage.</summary>
/// <param name="Stage">The stage, counted from 0.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="InFlightMicroBatches">Micro-batches whose activations it holds at its fullest.</param>
/// <param name="WeightsBytes">Weights.</param>
/// <param name="GradientsBytes">Gradients.</param>
/// <param name="OptimizerBytes">Optimizer state.</param>
/// <param name="ActivationsBytes">Activations.</param>
/// <param name="OverheadBytes">Runtime and fragmentation.</param>
/// <param name="TotalBytes">All of it.</param>
public sealed record EstimatedStageMemory(
    int Stage,
    int Layers,
    double InFlightMicroBatches,
    double WeightsBytes,
    double GradientsBytes,
    double OptimizerBytes,
    double ActivationsBytes,
    double OverheadBytes,
    double TotalBytes);

/// <summary>A training step: exposed times on the busiest stage, which sum to its duration, and rates.</summary>
/// <param name="Seconds">Duration.</param>
/// <param name="ComputeSeconds">Computing.</param>
/// <param name="TensorCommSeconds">Exposed tensor-parallel communication.</param>
/// <param name="PipelineBubbleSeconds">Waiting for other stages.</param>
/// <param name="PipelineCommSeconds">Exposed transfers between stages.</param>
/// <param name="DataCommSeconds">Exposed data-parallel communication.</param>
/// <param name="ExpertCommSeconds">Exposed expert-parallel communication.</param>
/// <param name="ContextCommSeconds">Exposed context-parallel communication.</param>
/// <param name="OptimizerSeconds">The optimizer.</param>
/// <param name="OtherSeconds">Waiting for the host, and what every step takes.</param>
/// <param name="TokensPerSecond">Tokens per second.</param>
/// <param name="TokensPerSecondPerDevice">Tokens per second and device.</param>
/// <param name="FlopsConvention">How model FLOPs are counted.</param>
/// <param name="ModelTflopsPerDevice">Model TFLOP/s of a device.</param>
/// <param name="HardwareTflopsPerDevice">Executed TFLOP/s of a device, attention in full.</param>
/// <param name="Mfu">Model FLOPs utilisation.</param>
/// <param name="Hfu">Hardware FLOPs utilisation.</param>
public sealed record EstimatedStep(
    double Seconds,
    double ComputeSeconds,
    double TensorCommSeconds,
    double PipelineBubbleSeconds,
    double PipelineCommSeconds,
    double DataCommSeconds,
    double ExpertCommSeconds,
    double ContextCommSeconds,
    double OptimizerSeconds,
    double OtherSeconds,
    double TokensPerSecond,
    double TokensPerSecondPerDevice,
    string FlopsConvention,
    double ModelTflopsPerDevice,
    double HardwareTflopsPerDevice,
    double Mfu,
    double Hfu);

/// <summary>A training run.</summary>
/// <param name="Tokens">Tokens.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Days">Wall time in days.</param>
/// <param name="DeviceHours">Wall time summed over the devices, in hours.</param>
/// <param name="Goodput">Share of the wall time that trains.</param>
/// <param name="LostToFailures">Share lost to restarts and rework.</param>
/// <param name="LostToCheckpoints">Share lost to standing still for checkpoints.</param>
public sealed record EstimatedRun(
    double Tokens,
    double Steps,
    double Days,
    double DeviceHours,
    double Goodput,
    double LostToFailures,
    double LostToCheckpoints);

/// <summary>Energy of a run.</summary>
/// <param name="AcceleratorKwh">The accelerators.</param>
/// <param name="HostKwh">The rest of the nodes.</param>
/// <param name="NetworkKwh">The network.</param>
/// <param name="ItKwh">All information technology.</param>
/// <param name="FacilityKwh">The facility.</param>
/// <param name="AverageDeviceWatts">Mean power of an accelerator.</param>
/// <param name="AverageFacilityMegawatts">Mean power of the facility.</param>
public sealed record EstimatedEnergy(
    double AcceleratorKwh,
    double HostKwh,
    double NetworkKwh,
    double ItKwh,
    double FacilityKwh,
    double AverageDeviceWatts,
    double AverageFacilityMegawatts);

/// <summary>Emissions of a run in kgCO2e.</summary>
/// <param name="OperationalKg">Operational, location-based.</param>
/// <param name="EmbodiedKg">The run's share of making the hardware.</param>
/// <param name="TotalKg">Both.</param>
/// <param name="EmbodiedShare">Share of the embodied emissions.</param>
/// <param name="EmbodiedAcceleratorKg">Of the embodied: accelerators.</param>
/// <param name="EmbodiedHostKg">Of the embodied: hosts.</param>
/// <param name="EmbodiedNetworkKg">Of the embodied: network.</param>
/// <param name="IntensityGramsPerKwh">Carbon intensity of the electricity, in gCO2e/kWh.</param>
/// <param name="Grid">The grid's id, or "given".</param>
/// <param name="Pue">Power usage effectiveness.</param>
public sealed record EstimatedCarbon(
    double OperationalKg,
    double EmbodiedKg,
    double TotalKg,
    double EmbodiedShare,
    double EmbodiedAcceleratorKg,
    double EmbodiedHostKg,
    double EmbodiedNetworkKg,
    double IntensityGramsPerKwh,
    string Grid,
    double Pue);

/// <summary>Intervals of the main figures.</summary>
/// <param name="Level">Probability of an interval.</param>
/// <param name="Ranges">Low and high by the path of the figure.</param>
public sealed record EstimatedIntervals(double Level, IReadOnlyDictionary<string, (double Low, double High)> Ranges);

/// <summary>How far outside the checked range a job is.</summary>
/// <param name="Devices">Factor beyond the range of devices; 1 inside.</param>
/// <param name="Parameters">Factor beyond the range of parameters; 1 inside.</param>
/// <param name="Accelerator">"calibrated" where steps of its generation in this number format were fitted, else "prior".</param>
public sealed record EstimatedExtrapolation(double Devices, double Parameters, string Accelerator);

/// <summary>A limit that a plan exceeds.</summary>
/// <param name="Limit">The limit, for example <c>memory</c> or <c>limits.days</c>.</param>
/// <param name="Value">What the plan takes.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Unit">The unit of both.</param>
public sealed record LimitViolation(string Limit, double Value, double Allowed, string Unit);
