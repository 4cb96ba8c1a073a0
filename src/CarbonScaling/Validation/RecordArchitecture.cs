using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Validation;

/// <summary>Makes the model of a scenario of a record.</summary>
internal static class RecordArchitecture
{
    // Widths of DeepSeek's latent attention: V2, V3 and the models after their pattern.
    private const int LatentQueryRank = 1536;
    private const int LatentKeyValueRank = 512;
    private const int LatentRopeWidth = 64;
    private const int LatentHeadWidth = 128;

    private const string GptFamily = "two projections: as in GPT-2, with biases, LayerNorm and learned positions";
    private const string LlamaFamily = "gated: as in Llama, without biases, RMSNorm and rotary positions";
    private const string LatentWidths = "the widths of DeepSeek-V2 and -V3";

    /// <summary>Adds the model.</summary>
    public static void Add(ScenarioDraft draft, StepRecord record, int defaultVocabulary)
    {
        draft.Give("model.layers", record.Layers);
        draft.Give("model.hidden", record.Hidden);
        draft.Give("model.heads", record.Heads);
        draft.GiveOrFill("model.keyValueHeads", record.KeyValueHeads, record.Heads, "multi-head attention unless stated");
        draft.GiveOrFill("model.vocabulary", record.Vocabulary, defaultVocabulary, "that of GPT-2");
        AddHeads(draft, record);
        AddFamily(draft, record);
        if (record.FeedForward is { } feedForward)
        {
            draft.Give("model.feedForward", feedForward);
        }
        else if (record.Experts is null)
        {
            draft.Fill("model.feedForward", 4 * record.Hidden, "four times the width of the stream");
        }

        if (record.Experts is { } experts)
        {
            AddExperts(draft, record, experts);
        }

        if (RecordNotes.AlternatingWindow(record) is { } window)
        {
            draft.Give("model.window", window);
            draft.Fill("model.windowFullInterval", 2, "every other layer");
            draft.Fill("model.windowFullPhase", 1, "the first layer has a window");
        }
    }

    private static void AddHeads(ScenarioDraft draft, StepRecord record)
    {
        if (record.Attention == RecordAttention.Latent)
        {
            // Some count the rotary part in.
            draft.Fill("model.headDimension", LatentHeadWidth, LatentWidths);
            draft.Fill("model.queryRank", LatentQueryRank, LatentWidths);
            draft.Fill("model.keyValueRank", LatentKeyValueRank, LatentWidths);
            draft.Fill("model.ropeHeadDimension", LatentRopeWidth, LatentWidths);
            draft.Fill("model.valueHeadDimension", LatentHeadWidth, LatentWidths);
        }
        else if (record.HeadDimension is { } stated)
        {
            draft.Give("model.headDimension", stated);
        }
        else
        {
            draft.Fill("model.headDimension", Math.Max(1, record.Hidden / record.Heads), "the stream shared among the heads");
        }
    }

    private static void AddFamily(ScenarioDraft draft, StepRecord record)
    {
        bool gated = record.FeedForwardType.Contains("glu", StringComparison.Ordinal);
        string family = gated ? LlamaFamily : GptFamily;
        draft.Fill("model.activation", gated ? "swiglu" : "gelu", "gated or not as published");
        draft.Fill("model.normalisation", gated ? "rmsnorm" : "layernorm", family);
        draft.Fill("model.biases", gated ? "none" : "all", family);
        draft.Fill("model.positions", gated ? "rotary" : "learned", family);
        if (!gated)
        {
            draft.Fill("model.positionsLength", record.SequenceLength, family);
        }
    }

    /// <summary>Adds whether the head shares the embedding's weights; the rest of the draft stands.</summary>
    public static void AddEmbeddings(ScenarioDraft draft, StepRecord record)
    {
        const string Field = "model.tiedEmbeddings";
        bool gated = record.FeedForwardType.Contains("glu", StringComparison.Ordinal);
        if (record.Parameters is not { } published || draft.Read().Scenario?.Model?.Architecture is not { } architecture)
        {
            draft.Fill(Field, gated ? "false" : "true", gated ? LlamaFamily : GptFamily);
            return;
        }

        Transformer untied = architecture.ToTransformer(
            record.Id, record.ModelName, static (field, value) => new(field, value, "1", "record", FigureStatus.Given));
        double table = (double)architecture.Vocabulary * architecture.Hidden;
        double apart = untied.ParameterCount;
        bool tied = Math.Abs(apart - table - published) < Math.Abs(apart - published);
        draft.Fill(Field, tied ? "true" : "false", "params_total is nearer to a count with as many tables");
    }

    private static void AddExperts(ScenarioDraft draft, StepRecord record, int experts)
    {
        draft.Give("model.experts", experts);
        draft.GiveOrFill("model.expertsPerToken", record.ExpertsPerToken, 1, "one unless stated");
        int width = record.ExpertFeedForward ?? record.FeedForward ?? 4 * record.Hidden;
        draft.GiveOrFill("model.expertFeedForward", record.ExpertFeedForward, width, "that of a dense block");
        if (record.SharedExperts is > 0 and var shared)
        {
            draft.Fill("model.sharedFeedForward", shared * width, "shared experts are as wide as the others");
        }

        if (RecordNotes.ExpertLayerInterval(record) is > 1 and var interval)
        {
            draft.Give("model.expertLayerInterval", interval);
            draft.Fill("model.expertLayerPhase", interval - 1, "the last of each group of layers has experts");
        }
        else if (LeadingDense(record) is { } leading)
        {
            draft.Fill("model.leadingDenseLayers", leading.Layers, leading.Rule);
        }
    }

    private static (int Layers, string Rule)? LeadingDense(StepRecord record)
    {
        string name = record.ModelName.ToLowerInvariant();
        if (RecordNotes.LeadingDenseLayers(record) is { } stated)
        {
            return (stated, "as the notes say");
        }

        return name.Contains("deepseek-v3", StringComparison.Ordinal) || name.Contains("deepseekv3", StringComparison.Ordinal)
            ? (3, "DeepSeek-V3 has three dense layers first")
            : record.Attention == RecordAttention.Latent ? (1, "the models with latent attention have a dense layer first") : null;
    }
}
