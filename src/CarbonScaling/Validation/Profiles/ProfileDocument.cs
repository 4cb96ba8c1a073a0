using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Profiles;

/// <summary>Profiles as files, <c>carbonscaling/profile/1</c>, in YAML or JSON with the same fields.</summary>
public static class ProfileDocument
{
    private const string Value = "G9";

    private static readonly JsonSerializerOptions Flow = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a profile as JSON.</summary>
    public static void Write(Utf8JsonWriter writer, ClusterProfile profile)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(profile);
        Of(profile).WriteTo(writer);
    }

    /// <summary>A profile as YAML: what <c>--calibration</c> reads.</summary>
    public static string ToYaml(ClusterProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        StringBuilder text = new("# Made by `carbonscaling calibrate`; read with `--calibration`.\n");
        foreach ((string name, JsonNode? node) in Of(profile))
        {
            if (node is JsonArray { Count: > 0 } list && list[0] is JsonObject or JsonArray)
            {
                text.Append(name).Append(":\n");
                foreach (JsonNode? item in (JsonArray)node)
                {
                    text.Append("  - ").Append(item!.ToJsonString(Flow)).Append('\n');
                }
            }
            else
            {
                text.Append(name).Append(": ").Append(node!.ToJsonString(Flow)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static JsonObject Of(ClusterProfile profile)
    {
        CalibratedSet set = profile.Set;
        JsonObject classes = [];
        foreach (string each in ResidualSpreads.Classes.Where(set.Residuals.ByClass.ContainsKey))
        {
            classes.Add(each, Number(set.Residuals.ByClass[each]));
        }

        return new()
        {
            ["schema"] = CalibratedSetReader.ProfileSchema,
            ["id"] = set.Id,
            ["name"] = profile.Name,
            ["program"] = set.ProgramVersion,
            ["priors"] = new JsonObject { ["id"] = set.Base, ["digest"] = set.PriorsDigest },
            ["systems"] = Texts(profile.Systems),
            ["records"] = new JsonArray([.. profile.Records.Select(static record => new JsonObject
            {
                ["source"] = record.Source,
                ["figure"] = record.Figure,
                ["measured"] = Number(record.Measured),
                ["before"] = Number(record.Before),
                ["after"] = Number(record.After),
            })]),
            ["fitted"] = new JsonArray([.. set.Parameters.Select(static parameter => new JsonObject
            {
                ["id"] = parameter.Id,
                ["multiplier"] = Number(parameter.Multiplier),
                ["spread"] = Number(parameter.Spread),
                ["priorSpread"] = Number(parameter.PriorSpread),
                ["ratio"] = Number(parameter.SpreadRatio),
                ["figures"] = Texts(parameter.Figures),
            })]),
            ["covariance"] = new JsonArray([.. Enumerable.Range(0, set.Parameters.Count).Select(row =>
                new JsonArray([.. Enumerable.Range(0, row + 1).Select(column => Number(set.Covariance[row, column]))]))]),
            ["shares"] = Texts(set.Shares.Order(StringComparer.Ordinal)),
            ["range"] = new JsonObject
            {
                ["rates"] = Texts(set.Range.Rates),
                ["softwareClasses"] = Texts(set.Range.SoftwareClasses),
                ["mostDevices"] = Number(set.Range.MostDevices),
                ["leastParameters"] = Number(set.Range.LeastParameters),
                ["mostParameters"] = Number(set.Range.MostParameters),
            },
            ["residuals"] = new JsonObject
            {
                ["pooled"] = Number(set.Residuals.Pooled),
                ["byClass"] = classes,
                ["perDoubling"] = Number(set.Residuals.PerDoubling),
                ["unseen"] = Number(set.Residuals.Unseen),
            },
            ["figures"] = new JsonArray([.. profile.Figures.Select(static figure => new JsonObject
            {
                ["name"] = figure.Name,
                ["unit"] = figure.Unit,
                ["before"] = Number(figure.Before),
                ["after"] = Number(figure.After),
            })]),
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode)text)]);

    // As many digits as a measurement can have: the file is for people, too.
    private static JsonNode Number(double value) => double.Parse(value.ToString(Value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
