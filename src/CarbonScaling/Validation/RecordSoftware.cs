using System.Globalization;

namespace CarbonScaling.Validation;

/// <summary>What the training software of a record does where the row does not say, by the name of its framework.</summary>
internal static class RecordSoftware
{
    /// <summary>The stack, its attention kernel, and what it overlaps.</summary>
    public static void Add(ScenarioDraft draft, StepRecord record, FrameworkClass framework)
    {
        string stack = Scenarios.Reading.Vocabulary.Stacks.NameOf(framework.Stack());
        draft.Fill("software.stack", stack, $"class of '{record.Framework}'");
        bool keepsScores = framework.IsEarlyMegatron() || IsPaxml(record);
        bool fused = record.FusedAttention ?? !keepsScores;
        if (record.FusedAttention is null)
        {
            draft.Note(
                "attention kernel",
                fused ? "fused" : "unfused",
                "Megatron of 2020 to 2022 and Paxml form the scores with two matrix products; other codes fuse");
        }

        if (!fused)
        {
            draft.Give("software.attentionKernel", "unfused");
        }
        else if (CallsFirstFlash(record))
        {
            draft.Fill(
                "software.attentionKernel",
                "flash1",
                "benchmarks of llm-foundry take the Triton kernel by default, and the training code of flash-attn was published with version 1");
        }
        else if (framework == FrameworkClass.Fsdp && !UsesTransformerEngine(record) && !IsBlackwell(record))
        {
            draft.Fill("software.attentionKernel", "flash2", "PyTorch codes call FlashAttention-2");
        }
        else
        {
            draft.Note("software.attentionKernel", "auto", "Megatron-Core, Transformer Engine and XLA call the newest kernel of the device");
        }

        if (RecordNotes.HasNoOverlap(record))
        {
            draft.Give("software.overlap.tensor", "false");
            draft.Give("software.overlap.data", "false");
            draft.Give("software.overlap.pipeline", "false");
        }
    }

    /// <summary>In which formats gradients and weights are kept.</summary>
    public static void AddStorage(ScenarioDraft draft, StepRecord record, FrameworkClass framework)
    {
        bool eight = record.Precision.Contains("fp8", StringComparison.Ordinal);
        if (framework == FrameworkClass.MegatronCore && (eight || IsRecipe(record)))
        {
            draft.Fill(
                "training.storage.gradients",
                "bf16",
                "performance recipes of NeMo and Megatron-Bridge, and the 8-bit ones of Megatron-LM, switch the 32-bit reduction off");
            if (eight)
            {
                draft.Fill("training.storage.weights", "quantised", "8-bit recipes gather 8-bit parameters and keep no 16-bit ones");
            }
        }
        else if (RecordNotes.ReducesWide(record))
        {
            draft.Fill("training.storage.gradients", "fp32", "the default mixed precision of Composer reduces in 32 bits");
        }
    }

    /// <summary>How copies of tokens reach their experts.</summary>
    public static void AddDispatcher(ScenarioDraft draft, StepRecord record)
    {
        if (CallsDeepEp(record))
        {
            draft.Give("software.moeDispatcher", "deepep");
        }
        else if (RecordNotes.Release(record) is { } release)
        {
            draft.Give("software.release", release.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        }
        else
        {
            draft.Note("software.moeDispatcher", "alltoall", "the default of Megatron-Core");
        }
    }

    /// <summary>Whether it computes again whatever the memory: layers that Paxml repeats are always checkpointed.</summary>
    public static bool AlwaysRecomputes(StepRecord record) => IsPaxml(record);

    /// <summary>Whether tensor-parallel communication runs by tiles beside the products that it feeds.</summary>
    public static bool TilesTensorCommunication(StepRecord record, FrameworkClass framework) =>
        framework == FrameworkClass.Tpu || (framework == FrameworkClass.MegatronCore && IsRecipe(record));

    /// <summary>Whether it exchanges with experts by DeepEP.</summary>
    public static bool CallsDeepEp(StepRecord record) => record.Framework.Contains("DeepEP", StringComparison.OrdinalIgnoreCase);

    private static bool UsesTransformerEngine(StepRecord record) =>
        record.Framework.Contains("TE", StringComparison.Ordinal)
        || record.Framework.Contains("Transformer Engine", StringComparison.OrdinalIgnoreCase);

    private static bool CallsFirstFlash(StepRecord record) =>
        record.Framework.Contains("llm-foundry", StringComparison.OrdinalIgnoreCase)
        || record.Framework.Contains("flash-attn", StringComparison.OrdinalIgnoreCase);

    private static bool IsPaxml(StepRecord record) => record.Framework.Contains("Pax", StringComparison.OrdinalIgnoreCase);

    private static bool IsRecipe(StepRecord record) =>
        record.Framework.Contains("NeMo", StringComparison.OrdinalIgnoreCase)
        || record.Framework.Contains("Bridge", StringComparison.OrdinalIgnoreCase);

    // FlashAttention-2 was not made for it.
    private static bool IsBlackwell(StepRecord record) =>
        record.Accelerator.Contains("B200", StringComparison.OrdinalIgnoreCase)
        || record.Accelerator.Contains("B300", StringComparison.OrdinalIgnoreCase);
}
