using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>The words of the scenario file and what they stand for.</summary>
internal static class Vocabulary
{
    public const string DefaultName = "default";

    public static readonly Choices<NumberFormat> Precisions = new(
        [
            ("bf16", NumberFormat.Bf16),
            ("fp16", NumberFormat.Fp16),
            ("fp8", NumberFormat.Fp8),
            ("fp8-block", NumberFormat.Fp8Block),
            ("mxfp8", NumberFormat.MxFp8),
            ("nvfp4", NumberFormat.NvFp4),
            ("fp32", NumberFormat.Fp32),
        ]);

    public static readonly Choices<WeightStorage> WeightStorages = new([("both", WeightStorage.Both), ("quantised", WeightStorage.Quantised)]);

    public static readonly Choices<MomentStorage> MomentStorages = new([("fp32", MomentStorage.Fp32), ("bf16", MomentStorage.Bf16)]);

    public static readonly Choices<GradientStorage> GradientStorages = new([("fp32", GradientStorage.Fp32), ("bf16", GradientStorage.Bf16)]);

    public static readonly Choices<NonlinearityStorage> NonlinearityStorages = new(
        [("bf16", NonlinearityStorage.Bf16), ("fp8", NonlinearityStorage.Fp8)]);

    public static readonly Choices<Activation> Activations = new(ArchitectureWords.Activations);

    public static readonly Choices<Normalisation> Normalisations = new(ArchitectureWords.Normalisations);

    public static readonly Choices<PositionEncoding> Positions = new(ArchitectureWords.Positions);

    public static readonly Choices<Biases> Biases = new(ArchitectureWords.Biases);

    public static readonly Choices<QueryKeyNorm> QueryKeyNorms = new(ArchitectureWords.QueryKeyNorms);

    public static readonly Choices<WindowKind> WindowKinds = new(ArchitectureWords.WindowKinds);

    public static readonly Choices<SoftwareStack> Stacks = new(
        [
            ("megatron-2022", SoftwareStack.Megatron2022),
            ("deepspeed", SoftwareStack.DeepSpeed),
            ("megatron-core", SoftwareStack.MegatronCore),
            ("fsdp", SoftwareStack.Fsdp),
            ("jax", SoftwareStack.Jax),
        ]);

    public static readonly Choices<MoeDispatcher> MoeDispatchers = new(
        [("alltoall", MoeDispatcher.AllToAll), ("deepep", MoeDispatcher.DeepEp), ("hybridep", MoeDispatcher.HybridEp), ("allgather", MoeDispatcher.AllGather)]);

    public static readonly Choices<AttentionChoice> AttentionKernels = new(
        [
            ("auto", new(null)),
            ("unfused", new(AttentionKernel.Unfused)),
            ("flash1", new(AttentionKernel.Flash1)),
            ("flash2", new(AttentionKernel.Flash2)),
            ("flash3", new(AttentionKernel.Flash3)),
        ]);

    public static readonly Choices<FailurePolicy> Failures = new([("default", FailurePolicy.Default), ("none", FailurePolicy.None)]);

    public static readonly Choices<Sharding> Shardings = new(
        [
            ("none", Sharding.None),
            ("zero1", Sharding.Zero1),
            ("zero2", Sharding.Zero2),
            ("zero3", Sharding.Zero3),
            ("hsdp", Sharding.Hsdp),
        ]);

    public static readonly Choices<RecomputePlan> Recomputations = new(
        [("none", RecomputePlan.None), ("selective", RecomputePlan.Selective), ("full", RecomputePlan.Full)]);

    public static readonly Choices<RecomputeModules> RecomputeModules = new(
        [
            ("attention", Training.RecomputeModules.Attention),
            ("norm", Training.RecomputeModules.Norm),
            ("mlp", Training.RecomputeModules.Mlp),
            ("latent", Training.RecomputeModules.Latent),
        ]);

    public static readonly Choices<PipelineScheduleKind> Schedules = new(
        [
            ("gpipe", PipelineScheduleKind.GPipe),
            ("1f1b", PipelineScheduleKind.OneForwardOneBackward),
            ("interleaved", PipelineScheduleKind.Interleaved),
            ("zb-h1", PipelineScheduleKind.ZeroBubbleH1),
            ("zb-h2", PipelineScheduleKind.ZeroBubbleH2),
            ("zbv", PipelineScheduleKind.ZeroBubbleV),
            ("dualpipe", PipelineScheduleKind.DualPipe),
        ]);

    public static readonly Choices<ContextMode> ContextModes = new(
        [("ring", ContextMode.Ring), ("ulysses", ContextMode.Ulysses), ("allgather", ContextMode.AllGather)]);

    public static readonly Choices<TensorOverlap> TensorOverlaps = new(
        [("none", TensorOverlap.None), ("ring", TensorOverlap.Ring), ("pipe", TensorOverlap.Pipe)]);

    public static readonly Choices<Offload> Offloads = new(
        [
            ("none", Offload.None),
            ("optimizer", Offload.Optimizer),
            ("activations", Offload.Activations),
            ("weights", Offload.Weights),
        ]);

    public static readonly Choices<PoolForm> PoolForms = new([("data", PoolForm.Data), ("pipeline", PoolForm.Pipeline)]);

    public static readonly Choices<IntensityKind> IntensityKinds = new(
        [("lifecycle", IntensityKind.Lifecycle), ("direct", IntensityKind.Direct)],
        "average",
        "marginal");

    public static readonly Choices<EmbodiedAllocation> Allocations = new([("time", EmbodiedAllocation.Time)]);

    public static readonly Choices<string> Assumptions = new([(DefaultName, DefaultName)], "erdil-2024", "calculon-compat");

    public static readonly Choices<string> Calibration = Words(DefaultName, "priors");

    public static readonly Choices<ObjectiveWeights> Objectives = new(
        [("time", new(1, 0, 0)), ("energy", new(0, 1, 0)), ("carbon", new(0, 0, 1))],
        "cost");

    private static Choices<string> Words(params string[] words) => new([.. words.Select(static word => (word, word))]);
}

/// <summary>An attention kernel, or none for the one that suits.</summary>
internal sealed record AttentionChoice(AttentionKernel? Kernel);
