using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>The words of the scenario file and what they stand for.</summary>
internal static class Vocabulary
{
    public const string DefaultName = "default";

    public static readonly Choices<NumberFormat> Precisions = new(
        [("bf16", NumberFormat.Bf16), ("fp16", NumberFormat.Fp16), ("fp8", NumberFormat.Fp8), ("fp32", NumberFormat.Fp32)]);

    public static readonly Choices<Activation> Activations = new(ArchitectureWords.Activations);

    public static readonly Choices<Normalisation> Normalisations = new(ArchitectureWords.Normalisations);

    public static readonly Choices<PositionEncoding> Positions = new(ArchitectureWords.Positions);

    public static readonly Choices<Biases> Biases = new(ArchitectureWords.Biases);

    public static readonly Choices<QueryKeyNorm> QueryKeyNorms = new(ArchitectureWords.QueryKeyNorms);

    public static readonly Choices<WindowKind> WindowKinds = new(ArchitectureWords.WindowKinds);

    public static readonly Choices<SoftwareStack> Stacks = new(
        [("megatron-2022", SoftwareStack.Megatron2022), ("megatron-core", SoftwareStack.MegatronCore), ("fsdp", SoftwareStack.Fsdp)]);

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
        [("none", Sharding.None), ("zero1", Sharding.Zero1), ("zero2", Sharding.Zero2), ("zero3", Sharding.Zero3)],
        "hsdp");

    public static readonly Choices<Recomputation> Recomputations = new(
        [("none", Recomputation.None), ("selective", Recomputation.Selective), ("full", Recomputation.Full)]);

    public static readonly Choices<PipelineScheduleKind> Schedules = new(
        [
            ("gpipe", PipelineScheduleKind.GPipe),
            ("1f1b", PipelineScheduleKind.OneForwardOneBackward),
            ("interleaved", PipelineScheduleKind.Interleaved),
        ],
        "zb-h1",
        "zb-h2",
        "zbv",
        "dualpipe");

    // Without context parallelism its mode has no effect, so that all three are accepted.
    public static readonly Choices<string> ContextModes = Words("ring", "ulysses", "allgather");

    public static readonly Choices<string> TensorOverlaps = new([("none", "none")], "ring", "pipe");

    public static readonly Choices<string> Offloads = new([("none", "none")], "optimizer", "activations", "weights");

    public static readonly Choices<IntensityKind> IntensityKinds = new(
        [("lifecycle", IntensityKind.Lifecycle), ("direct", IntensityKind.Direct)],
        "average",
        "marginal");

    public static readonly Choices<EmbodiedAllocation> Allocations = new([("time", EmbodiedAllocation.Time)]);

    public static readonly Choices<string> Assumptions = new([(DefaultName, DefaultName)], "erdil-2024", "calculon-compat");

    public static readonly Choices<string> Calibration = Words(DefaultName);

    public static readonly Choices<ObjectiveWeights> Objectives = new(
        [("time", new(1, 0, 0)), ("energy", new(0, 1, 0)), ("carbon", new(0, 0, 1))],
        "cost");

    private static Choices<string> Words(params string[] words) => new([.. words.Select(static word => (word, word))]);
}

/// <summary>An attention kernel, or none for the one that suits.</summary>
internal sealed record AttentionChoice(AttentionKernel? Kernel);
