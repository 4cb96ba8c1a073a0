using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Files;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Telemetry;
using CarbonScaling.Training;
using CarbonScaling.Validation;

namespace CarbonScaling.Cli.Commands;

/// <summary>One run of a command: what it reads from and writes to.</summary>
internal sealed class Session(Surroundings surroundings, CommonSettings settings, CancellationToken cancellationToken)
{
    /// <summary>The calibration that published steps gave.</summary>
    public const string DefaultCalibration = "default";

    /// <summary>The model without any data of training steps.</summary>
    public const string NoCalibration = "priors";

    private readonly List<string> _inputs = [];

    private bool IsToFile => settings.Out is not (null or "-");

    /// <summary>What the common options say.</summary>
    public CommonSettings Settings => settings;

    /// <summary>Ends long work when the user interrupts it.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>The catalog.</summary>
    public Catalog Catalog { get; } = Catalog.OpenEmbedded();

    /// <summary>The model.</summary>
    public Estimator Estimator => field ??= new(Catalog);

    /// <summary>Reads a scenario.</summary>
    /// <exception cref="UserException">It cannot be read, or something in it is wrong.</exception>
    public Scenario ReadScenario(string path)
    {
        InputText text = InputText.Read(path, InputKind.Scenario, surroundings.Input);
        cancellationToken.ThrowIfCancellationRequested();
        string[] overrides = settings.Calibration is { } calibration ? [.. settings.Set, $"calibration={calibration}"] : [.. settings.Set];
        ScenarioReading reading = ScenarioReader.Read(text.Content, text.Name, overrides, named => ReadNamed(named, path));
        _inputs.Add(path);
        return reading.Scenario ?? throw new ScenarioException(reading.Problems);
    }

    /// <summary>Reads the calibration that the options name; null for one that the program carries.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    /// <exception cref="ScenarioException">Something in it is wrong.</exception>
    public CalibratedSet? ReadCalibration()
    {
        if (settings.Calibration is not { } path || path is DefaultCalibration or NoCalibration)
        {
            return null;
        }

        _inputs.Add(path);
        CalibratedSetReading reading = CalibratedSetReader.Read(InputText.Read(path, InputKind.Calibration, Stream.Null).Content, path);
        return reading.Set ?? throw new ScenarioException(reading.Problems);
    }

    // A scenario names other files relative to itself, options and standard input in the working folder.
    private string ReadNamed(string named, string scenario)
    {
        if (named == settings.Calibration)
        {
            _inputs.Add(named);
            return InputText.Read(named, InputKind.Calibration, Stream.Null).Content;
        }

        string folder = scenario == InputText.StandardInput ? "" : Path.GetDirectoryName(scenario) ?? "";
        string path = Path.Combine(folder, named);
        _inputs.Add(path);
        try
        {
            return InputText.Read(path, InputKind.Model, Stream.Null).Content;
        }
        catch (UserException problem)
        {
            throw new IOException(problem.Message, problem);
        }
    }

    /// <summary>Reads record files; without any, records that the program carries.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="carried">Which of those that the program carries; null for all.</param>
    /// <exception cref="UserException">One cannot be read.</exception>
    /// <exception cref="ScenarioException">Something in one is wrong.</exception>
    public RecordSet ReadRecords(IReadOnlyList<string> paths, IReadOnlyList<string>? carried = null)
    {
        if (paths.Count == 0)
        {
            return carried is null ? PublishedRecords.ReadSet() : RecordSet.Of(carried.Select(PublishedRecords.ReadSet));
        }

        List<RecordSet> sets = [];
        List<ScenarioProblem> problems = [];
        foreach (string path in paths)
        {
            InputText text = InputText.Read(path, InputKind.Records, surroundings.Input);
            cancellationToken.ThrowIfCancellationRequested();
            RecordReading reading = RecordReader.Read(text.Content, text.Name);
            _inputs.Add(path);
            sets.Add(reading.Set);
            problems.AddRange(reading.Problems);
        }

        return problems.Count == 0 ? RecordSet.Of(sets) : throw new ScenarioException(problems);
    }

    /// <summary>Reads telemetry files; each is told by its content.</summary>
    /// <exception cref="UserException">One cannot be read.</exception>
    /// <exception cref="ScenarioException">Something in one is wrong.</exception>
    public IReadOnlyList<TelemetryFile> ReadTelemetry(IReadOnlyList<string> paths)
    {
        if (paths.Count(static path => path == InputText.StandardInput) > 1)
        {
            throw new UserException("--telemetry: - is given twice; allowed: standard input once");
        }

        List<TelemetryFile> files = [];
        foreach (string path in paths)
        {
            (string name, Stream stream) = InputStream.Open(path, "a telemetry file", surroundings.Input);
            using (stream)
            {
                files.Add(InputStream.Read(name, () => TelemetryReader.Read(stream, name, cancellationToken)));
            }

            _inputs.Add(path);
        }

        return files;
    }

    /// <summary>Shows how far long work is, where someone watches.</summary>
    public ProgressLine Progress() =>
        new(surroundings.ErrorIsTerminal && !settings.Quiet ? surroundings.Error : TextWriter.Null, TimeProvider.System);

    /// <summary>Writes a result.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    /// <exception cref="IOException">Standard output cannot be written.</exception>
    public void Write(IReport report) => Write(TextOf(report, IsToFile));

    /// <summary>Writes a text that is ready.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    /// <exception cref="IOException">Standard output cannot be written.</exception>
    public void Write(string text)
    {
        if (IsToFile)
        {
            Save(text);
        }
        else
        {
            Show(text);
        }
    }

    /// <summary>Writes a file that is not the result itself, where the options name one, and the result to standard output.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    /// <exception cref="IOException">Standard output cannot be written.</exception>
    public void Write(string file, IReport report)
    {
        if (IsToFile)
        {
            Save(file);
        }

        Show(TextOf(report, isToFile: false));
    }

    private string TextOf(IReport report, bool isToFile)
    {
        bool color = !isToFile && surroundings.OutputIsTerminal && !surroundings.NoColor && !settings.NoColor;
        return ReportText.Of(report, settings.Format, surroundings.Width, color ? surroundings.Colors : null);
    }

    private void Save(string text)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ResultFile.Write(settings.Out!, text, _inputs);
    }

    private void Show(string text)
    {
        cancellationToken.ThrowIfCancellationRequested();
        surroundings.Output.Write(text);
        surroundings.Output.Flush();
    }

    /// <summary>Tells notes, one line each, unless they are unwanted.</summary>
    public void Note(IEnumerable<string> lines)
    {
        if (!settings.Quiet)
        {
            Messages.Write(surroundings.Error, lines);
        }
    }

    /// <summary>Ends a validation that may have failed.</summary>
    /// <param name="result">The errors.</param>
    /// <param name="most">The median error that a target may have; null for any.</param>
    /// <returns>The exit code.</returns>
    public int ConcludeValidation(ValidationOutcome result, double? most)
    {
        string[] above =
        [
            .. from target in result.Targets
               from method in target.Methods
               where method.IsOurs && method.Errors.MedianApe > most
               select $"above: {target.Id} has a median error of {Human.Percent(method.Errors.MedianApe!.Value)} by {method.Method}, allowed {Human.Percent(most!.Value)}",
        ];
        if (above.Length == 0)
        {
            return ExitCode.Done;
        }

        Messages.Write(surroundings.Error, above);
        return ExitCode.ErrorsTooLarge;
    }

    /// <summary>Ends a command whose result may be infeasible.</summary>
    /// <param name="infeasible">Which limit binds and by how much; null for a feasible result.</param>
    /// <returns>The exit code.</returns>
    public int Conclude(string? infeasible)
    {
        if (infeasible is null)
        {
            return ExitCode.Done;
        }

        Messages.Write(surroundings.Error, [infeasible]);
        return ExitCode.Infeasible;
    }
}
