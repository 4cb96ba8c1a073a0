namespace CarbonScaling.Planning;

/// <summary>The part of a training that a pool takes.</summary>
/// <param name="System">Catalog id of the nodes.</param>
/// <param name="Accelerator">Catalog id of the accelerators.</param>
/// <param name="Devices">Accelerators.</param>
/// <param name="Data">Data-parallel replicas, of which the pool holds all or some stages.</param>
/// <param name="MicroBatches">Micro-batches of each of them and step.</param>
/// <param name="BatchShare">Share of the sequences of a step that pass the pool; 1 in a pipeline across pools.</param>
/// <param name="FirstStage">The first of the pipeline's stages in the pool, counted from 0.</param>
/// <param name="Stages">Stages in the pool.</param>
/// <param name="Layers">Layers in the pool.</param>
/// <param name="Memory">Memory of a device on the stage of the pool that needs most.</param>
/// <param name="Step">A training step.</param>
/// <param name="Energy">Energy of the run.</param>
/// <param name="Carbon">Its emissions.</param>
public sealed record EstimatedPool(
    string System,
    string Accelerator,
    long Devices,
    int Data,
    int MicroBatches,
    double BatchShare,
    int FirstStage,
    int Stages,
    int Layers,
    EstimatedMemory Memory,
    EstimatedPoolStep Step,
    EstimatedEnergy Energy,
    EstimatedCarbon Carbon);

/// <summary>A training step in a pool: exposed times on its busiest stage, which sum to the step with the wait for other pools.</summary>
/// <param name="Seconds">Duration of the step, the same in all pools.</param>
/// <param name="WaitSeconds">Waiting for the replicas of a slower pool.</param>
/// <param name="ComputeSeconds">Computing.</param>
/// <param name="TensorCommSeconds">Exposed tensor-parallel communication.</param>
/// <param name="PipelineBubbleSeconds">Waiting for other stages, and at the end of a pipeline across pools for other pools.</param>
/// <param name="PipelineCommSeconds">Exposed transfers between stages.</param>
/// <param name="DataCommSeconds">Exposed data-parallel communication.</param>
/// <param name="ExpertCommSeconds">Exposed expert-parallel communication.</param>
/// <param name="ContextCommSeconds">Exposed context-parallel communication.</param>
/// <param name="OptimizerSeconds">The optimizer.</param>
/// <param name="OtherSeconds">Waiting for the host, for the slowest node, and what every step takes.</param>
public sealed record EstimatedPoolStep(
    double Seconds,
    double WaitSeconds,
    double ComputeSeconds,
    double TensorCommSeconds,
    double PipelineBubbleSeconds,
    double PipelineCommSeconds,
    double DataCommSeconds,
    double ExpertCommSeconds,
    double ContextCommSeconds,
    double OptimizerSeconds,
    double OtherSeconds);
