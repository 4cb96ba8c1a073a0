using CarbonScaling.Models.Megatron;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>Reads and writes the arguments with which Megatron-LM is launched.</summary>
/// <remarks>
/// A text may be a shell script, its arguments alone, or YAML with the same names; names may be written with hyphens or
/// underscores. A script is not run: only variables that it sets itself are replaced. What is not given takes the default
/// of Megatron-LM; arguments that concern neither model nor plan are passed over.
/// </remarks>
public static class MegatronArguments
{
    private const int LongestText = 1 << 20;

    /// <summary>Reads a model and the settings of its training.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="fileName">What the file is called; the source of the model's figures.</param>
    /// <exception cref="ModelFileException">The text gives no model; the exception tells everything that is wrong with it.</exception>
    public static MegatronJob Read(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ModelFileProblems problems = new();
        if (text.Length > LongestText)
        {
            problems.Add(1, "", "", "the file is too large; allowed: at most 1 MiB");
            throw problems.Exception();
        }

        ScriptArguments arguments = new(text, problems);
        MegatronSettings settings = ScriptSettings.Read(arguments);
        Architecture model = ScriptModel.Read(arguments, settings.Tensor);
        problems.ThrowIfAny();
        foreach ((string field, string message) in model.Contradictions(arguments.NameOf))
        {
            arguments.ReportField(field, message);
        }

        problems.ThrowIfAny();
        return new(model.ToTransformer(fileName, "Megatron-LM model", Figure), settings);

        Figure Figure(string field, double value) => new(
            $"{fileName}.{arguments.NameOf(field)}",
            value,
            "1",
            fileName,
            arguments.IsDefault(field) ? FigureStatus.Default : FigureStatus.Given);
    }

    /// <summary>Writes the arguments of a model and the settings of its training.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">The settings.</param>
    public static MegatronText Write(Architecture model, MegatronSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        return ScriptWriter.Write(model, settings);
    }
}

/// <summary>What a launch script trains, and how.</summary>
/// <param name="Model">The model.</param>
/// <param name="Settings">The batch and the parallel plan.</param>
public sealed record MegatronJob(Transformer Model, MegatronSettings Settings);

/// <summary>Arguments of Megatron-LM.</summary>
/// <param name="Arguments">Each with its value, in order.</param>
/// <param name="Missing">What of the model and its training Megatron-LM has no argument for.</param>
public sealed record MegatronText(IReadOnlyList<string> Arguments, IReadOnlyList<string> Missing)
{
    /// <summary>The arguments as lines of a shell command, each but the last continued.</summary>
    public override string ToString() => string.Join(" \\\n", Arguments);
}
