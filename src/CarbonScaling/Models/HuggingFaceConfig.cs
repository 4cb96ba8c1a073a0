using System.Collections.Frozen;
using CarbonScaling.Catalogs;
using CarbonScaling.Models.HuggingFace;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>Reads the <c>config.json</c> of a model on the Hugging Face hub.</summary>
/// <remarks>
/// What a file leaves out takes the default of its configuration class in the transformers library. Unknown fields are
/// passed over: these files carry much that does not concern the architecture.
/// </remarks>
public static class HuggingFaceConfig
{
    private static readonly FrozenDictionary<string, Func<ConfigFields, Architecture>> Families =
        new Dictionary<string, Func<ConfigFields, Architecture>>(StringComparer.Ordinal)
        {
            ["bloom"] = PlainFamilies.Bloom,
            ["dbrx"] = MixtureFamilies.Dbrx,
            ["deepseek"] = MixtureFamilies.DeepSeek,
            ["deepseek_v2"] = MixtureFamilies.DeepSeek2,
            ["deepseek_v3"] = MixtureFamilies.DeepSeek3,
            ["falcon"] = PlainFamilies.Falcon,
            ["gemma"] = DenseFamilies.Gemma,
            ["gemma2"] = DenseFamilies.Gemma2,
            ["gemma3"] = DenseFamilies.Gemma3WithVision,
            ["gemma3_text"] = DenseFamilies.Gemma3,
            ["glm4_moe"] = MixtureFamilies.Glm4,
            ["gpt2"] = PlainFamilies.Gpt2,
            ["gpt_bigcode"] = PlainFamilies.GptBigCode,
            ["gpt_neox"] = PlainFamilies.GptNeoX,
            ["gpt_oss"] = MixtureFamilies.GptOss,
            ["granite"] = DenseFamilies.Granite,
            ["granitemoe"] = MixtureFamilies.GraniteMoe,
            ["kimi_k2"] = MixtureFamilies.DeepSeek3,
            ["llama"] = DenseFamilies.Llama,
            ["llama4"] = MixtureFamilies.Llama4WithVision,
            ["llama4_text"] = MixtureFamilies.Llama4,
            ["mistral"] = DenseFamilies.Mistral,
            ["mixtral"] = MixtureFamilies.Mixtral,
            ["mpt"] = PlainFamilies.Mpt,
            ["nemotron"] = PlainFamilies.Nemotron,
            ["olmo"] = DenseFamilies.Olmo,
            ["olmo2"] = DenseFamilies.Olmo2,
            ["olmo3"] = DenseFamilies.Olmo3,
            ["olmoe"] = MixtureFamilies.OlmoE,
            ["opt"] = PlainFamilies.Opt,
            ["phi"] = PlainFamilies.Phi,
            ["phi3"] = DenseFamilies.Phi3,
            ["qwen2"] = DenseFamilies.Qwen2,
            ["qwen2_moe"] = MixtureFamilies.Qwen2,
            ["qwen3"] = DenseFamilies.Qwen3,
            ["qwen3_moe"] = MixtureFamilies.Qwen3,
            ["smollm3"] = DenseFamilies.SmolLm3,
            ["stablelm"] = DenseFamilies.StableLm,
            ["starcoder2"] = PlainFamilies.StarCoder2,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The values of <c>model_type</c> that can be read, in alphabetical order.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = [.. Families.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads a model.</summary>
    /// <param name="json">The content of the file.</param>
    /// <param name="fileName">What the file is called; the source of the model's figures.</param>
    /// <exception cref="ModelFileException">The text gives no model; the exception tells everything that is wrong with it.</exception>
    public static Transformer Read(string json, string fileName)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(fileName);
        ModelFileProblems problems = new();
        JsonMap? map = JsonFile.ReadMap(json, problems);
        ConfigFields? config = map is null ? null : new(map, problems);
        Architecture? model = config is null ? null : Read(config);
        problems.ThrowIfAny();
        foreach ((string field, string message) in model!.Contradictions(config!.KeyOf))
        {
            config.ReportField(field, message);
        }

        string name = config.Text("_name_or_path", "") is { Length: > 0 } given ? given : config.Text("model_type", "");
        problems.ThrowIfAny();
        return model.ToTransformer(fileName, name, Figure);

        Figure Figure(string field, double value) => new(
            $"{fileName}.{config.KeyOf(field)}",
            value,
            "1",
            fileName,
            config.IsDefault(field) ? FigureStatus.Default : FigureStatus.Given);
    }

    private static Architecture? Read(ConfigFields config)
    {
        if (!config.Has("model_type"))
        {
            config.Report("model_type", $"is missing; allowed: {string.Join(", ", ModelTypes)}");
            return null;
        }

        string type = config.Text("model_type", "");
        if (!Families.TryGetValue(type, out Func<ConfigFields, Architecture>? family))
        {
            string hint = NearestName.Find(type[..Math.Min(type.Length, 64)], ModelTypes) is { } nearest ? $" (the nearest is {nearest})" : "";
            config.Report("model_type", $"is not supported{hint}; allowed: {string.Join(", ", ModelTypes)}");
            return null;
        }

        return family(config);
    }
}
