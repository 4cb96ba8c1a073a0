using System.CommandLine;
using CarbonScaling.Models;

namespace CarbonScaling.Cli.Commands;

/// <summary>The forms of a result.</summary>
internal enum ResultFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For tables.</summary>
    Csv,
}

/// <summary>What the options common to all commands say.</summary>
/// <param name="Format">The form of the result.</param>
/// <param name="Out">The file to write it to; null for standard output.</param>
/// <param name="Set">Fields of the scenario to set, each as <c>path=value</c>.</param>
/// <param name="Flops">How FLOPs are counted.</param>
/// <param name="Calibration">The calibration of the model: a word or a path; null where it is not given.</param>
/// <param name="Quiet">Whether only problems are told.</param>
/// <param name="NoColor">Whether colour is unwanted.</param>
/// <param name="Seed">The seed of what is sampled.</param>
/// <param name="Threads">Threads to use; null for all.</param>
internal sealed record CommonSettings(
    ResultFormat Format,
    string? Out,
    IReadOnlyList<string> Set,
    FlopsConvention Flops,
    string? Calibration,
    bool Quiet,
    bool NoColor,
    int Seed,
    int? Threads);

/// <summary>The options common to all commands.</summary>
internal sealed class CommonOptions
{
    private static readonly string[] CalibrationEndings = [".yaml", ".yml", ".json"];

    private readonly Option<ResultFormat> _format = OptionOf.Choice(
        "--format",
        "FORMAT",
        "Form of the result",
        ("text", ResultFormat.Text),
        ("json", ResultFormat.Json),
        ("csv", ResultFormat.Csv));

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write the result to a file instead of standard output.",
        HelpName = "FILE",
        Arity = ArgumentArity.ExactlyOne,
        Recursive = true,
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set a field of the scenario; may be repeated.",
        HelpName = "PATH=VALUE",
        Arity = ArgumentArity.OneOrMore,
        Recursive = true,
    };

    private readonly Option<FlopsConvention> _flops = OptionOf.Choice(
        "--flops",
        "CONVENTION",
        "How FLOP/s and MFU count operations",
        ("model-full", FlopsConvention.ModelFull),
        ("hardware", FlopsConvention.Hardware),
        ("model-causal", FlopsConvention.ModelCausal),
        ("parameters", FlopsConvention.Parameters));

    private readonly Option<string> _calibration = new("--calibration")
    {
        Description = "Calibration of the model: default, priors (no data of training steps), or a file of calibrate.",
        HelpName = "FILE",
        Arity = ArgumentArity.ExactlyOne,
        Recursive = true,
    };

    private readonly Option<bool> _quiet = Flag("--quiet", "No progress and no notes on standard error.");
    private readonly Option<bool> _noColor = Flag("--no-color", "No colour; NO_COLOR in the environment does the same.");
    private readonly Option<int?> _seed = OptionOf.Whole("--seed", "Seed of whatever is sampled (default 0).", 0, int.MaxValue);
    private readonly Option<int?> _threads = OptionOf.Whole("--threads", "Threads to use; the result does not depend on it.", 1, 1024);

    /// <summary>Adds the options to a command and all below it.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [_format, _out, _set, _flops, _calibration, _quiet, _noColor, _seed, _threads];
        foreach (Option option in all)
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    /// <summary>What the arguments say.</summary>
    public CommonSettings Read(ParseResult parsed)
    {
        string? calibration = parsed.GetValue(_calibration);
        if (calibration is not (null or Session.DefaultCalibration or Session.NoCalibration)
            && !CalibrationEndings.Any(ending => calibration.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UserException(
                $"--calibration: '{calibration}' is not known; allowed: {Session.DefaultCalibration}, {Session.NoCalibration}, or the path of a file of calibrate (.yaml)");
        }

        return new(
            parsed.GetValue(_format),
            parsed.GetValue(_out),
            parsed.GetValue(_set) ?? [],
            parsed.GetValue(_flops),
            calibration,
            parsed.GetValue(_quiet),
            parsed.GetValue(_noColor),
            parsed.GetValue(_seed) ?? 0,
            parsed.GetValue(_threads));
    }

    private static Option<bool> Flag(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.Zero,
    };
}
