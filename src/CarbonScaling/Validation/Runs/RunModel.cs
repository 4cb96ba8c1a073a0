using CarbonScaling.Catalogs;
using CarbonScaling.Laws;
using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Runs;

/// <summary>
/// Fills the model of a run, by three rules in this order: the model of the catalog with that name and size, the layers and
/// the width that the row gives, the law of the shape for its parameters.
/// </summary>
internal static class RunModel
{
    /// <summary>Share by which a model of the catalog may differ from the published parameters.</summary>
    private const double SameSize = 0.05;

    private const int DefaultVocabulary = 50_257;
    private const int DefaultSequence = 2048;
    private const int HeadWidth = 128;

    private static readonly bool[] Both = [false, true];

    /// <summary>Adds the model.</summary>
    /// <returns>The draft with it, the sequence length that goes with it, or why there is none.</returns>
    public static (ScenarioDraft Draft, int Sequence, Exclusion? Refused) Add(ScenarioDraft draft, RunRecord record, Catalog catalog)
    {
        if (record.Parameters is not { } parameters)
        {
            return (draft, 0, new(ExclusionRule.IncompleteRow, "params_total not given"));
        }

        if (OfCatalog(record, catalog, parameters) is { } known)
        {
            draft.Fill("model", known.Id, "the model of the catalog with this name and size");
            return (draft, record.SequenceLength ?? (int)(known.SequenceLength?.Value ?? DefaultSequence), null);
        }

        int sequence = record.SequenceLength ?? DefaultSequence;
        bool mixture = IsMixture(record);
        if (record is { Layers: { } layers, Hidden: { } hidden })
        {
            return mixture && record.Experts is null
                ? (draft, sequence, new(ExclusionRule.IncompleteRow, "n_experts not given"))
                : (OfRow(draft, record, layers, hidden, sequence), sequence, null);
        }

        if (mixture)
        {
            return (draft, sequence, new(ExclusionRule.IncompleteRow, "n_layers, d_model not given, and the law of the shape is for dense models"));
        }

        OfLaw(draft, record, ShapeLaw.Read(catalog, ShapeLaw.Default).Model(parameters));
        return (draft, sequence, null);
    }

    /// <summary>Whether the row is a mixture of experts.</summary>
    public static bool IsMixture(RunRecord record) =>
        record.Architecture.Contains("moe", StringComparison.Ordinal) || record.ActiveParameters < 0.9 * record.Parameters;

    private static Transformer? OfCatalog(RunRecord record, Catalog catalog, double parameters)
    {
        string name = Letters(record.ModelName);
        string? id = catalog.Ids("models").FirstOrDefault(id => Letters(id) == name);
        Transformer? model = id is null ? null : TransformerReader.Read(catalog, id);
        return model is not null && Math.Abs((model.ParameterCount / parameters) - 1) <= SameSize ? model : null;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static ScenarioDraft OfRow(ScenarioDraft draft, RunRecord record, int layers, int hidden, int sequence)
    {
        int heads = record.Heads ?? Math.Max(record.KeyValueHeads ?? 1, hidden / HeadWidth);
        int[] intervals = record.Experts is null ? [0] : [0, 2];
        var candidates =
            from gated in Both
            from interval in intervals
            let candidate = Candidate(gated, interval)
            let count = Parameters(candidate)
            where count is not null
            orderby Math.Abs(Math.Log(count.Value / record.Parameters!.Value))
            select candidate;
        return candidates.FirstOrDefault() ?? Candidate(gated: false, interval: 0);

        ScenarioDraft Candidate(bool gated, int interval)
        {
            ScenarioDraft candidate = draft.Copy();
            if (record.Heads is null)
            {
                candidate.Note("model.heads", $"{heads}", $"heads of {HeadWidth} unless stated");
            }

            StepRecord step = new()
            {
                Id = record.Id,
                File = record.File,
                Line = record.Line,
                ModelName = record.ModelName,
                Parameters = record.Parameters,
                Layers = layers,
                Hidden = hidden,
                Heads = heads,
                KeyValueHeads = record.KeyValueHeads,
                FeedForward = record.FeedForward,
                FeedForwardType = gated ? "swiglu" : "gelu",
                Vocabulary = record.Vocabulary,
                SequenceLength = sequence,
                Experts = record.Experts,
                ExpertsPerToken = record.ExpertsPerToken,
                Notes = record.Notes,
            };
            RecordArchitecture.Add(candidate, step, DefaultVocabulary);
            if (interval > 0)
            {
                candidate.Fill("model.expertLayerInterval", interval, "params_total is nearer to experts in every other layer");
                candidate.Fill("model.expertLayerPhase", interval - 1, "the last of each group of layers has experts");
            }

            candidate.Note("model.activation", gated ? "swiglu" : "gelu", "gated where params_total is nearer to that count");
            RecordArchitecture.AddEmbeddings(candidate, step);
            return candidate;
        }
    }

    private static double? Parameters(ScenarioDraft draft) => Architecture(draft)?.ToTransformer(
        "inline", "", static (field, value) => new(field, value, "1", "record", FigureStatus.Given)).ParameterCount;

    // The reader wants the rest of a scenario too, and gives the model all the same.
    private static Architecture? Architecture(ScenarioDraft draft)
    {
        ScenarioDraft whole = draft.With("training.tokens", "1e9", "");
        whole.Fill("cluster.system", "dgx-a100-80gb", "");
        whole.Fill("cluster.devices", 8, "");
        whole.Fill("site.carbonIntensity", 400, "");
        return whole.Read().Scenario?.Model?.Architecture;
    }

    private static void OfLaw(ScenarioDraft draft, RunRecord record, Transformer shape)
    {
        const string Rule = "the law of the shape of deployed dense decoders";
        draft.Fill("model.layers", (int)shape.Layers.Value, Rule);
        draft.Fill("model.hidden", (int)shape.Hidden.Value, Rule);
        draft.Fill("model.heads", (int)shape.Heads.Value, Rule);
        draft.Fill("model.keyValueHeads", (int)shape.KeyValueHeads.Value, Rule);
        draft.Fill("model.headDimension", (int)shape.HeadDimension.Value, Rule);
        draft.Fill("model.feedForward", (int)shape.FeedForward.Value, Rule);
        draft.GiveOrFill("model.vocabulary", record.Vocabulary, (int)shape.Vocabulary.Value, Rule);
        draft.Fill("model.activation", "gelu", Rule);
        draft.Fill("model.normalisation", "layernorm", Rule);
        draft.Fill("model.biases", "all", Rule);
        draft.Fill("model.positions", "rotary", Rule);
        draft.Fill("model.tiedEmbeddings", "true", Rule);
    }
}
