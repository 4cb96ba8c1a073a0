using System.CommandLine;
using System.Text;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>calibrate</c>: fits the efficiency parameters to measured steps.</summary>
internal static class CalibrateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Option<string[]> records = new("--records")
        {
            Description = "Record file, CSV; may be repeated; - reads standard input. Without it, the records that the program carries, but those kept for testing.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> once = new("--once")
        {
            Description = "Fit to all sources only, not also without each of them; intervals then widen by what was known before.",
            Arity = ArgumentArity.Zero,
        };
        Command command = new(
            "calibrate",
            "Fits the efficiency parameters to measured steps; --out takes the calibration, --calibration an earlier one to go on from.")
        {
            records, once,
        };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            if (session.Settings.Set.Count > 0)
            {
                throw new UserException("--set has no effect on records; allowed: with commands that read a scenario");
            }

            IReadOnlyList<StepRecord> read = session.ReadRecords(parsed.GetValue(records) ?? [], PublishedRecords.Fitted).Steps;
            CalibrationOptions options = new(!parsed.GetValue(once), session.Settings.Threads, StartOf(session));
            CalibrationOutcome outcome;
            using (ProgressLine progress = session.Progress())
            {
                outcome = new Calibrator(session.Catalog).Run(IdOf(session.Settings.Out), read, options, progress, session.CancellationToken);
            }

            if (outcome.Observations == 0)
            {
                throw new UserException("no record has a step that can be predicted; `validate --records` says by which rule each is left out");
            }

            session.Write(CalibrationYaml.Write(outcome, session.Catalog), new CalibrationReport(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static CalibratedSet? StartOf(Session session) => session.Settings.Calibration switch
    {
        null or Session.NoCalibration => null,
        Session.DefaultCalibration => Estimator.CalibrationOf(session.Catalog),
        _ => session.ReadCalibration(),
    };

    // The name of the set is that of its file, in the letters of ids.
    private static string IdOf(string? path)
    {
        StringBuilder id = new();
        foreach (char letter in Path.GetFileNameWithoutExtension(path ?? "").ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                id.Append(letter);
            }
            else if (id.Length > 0 && id[^1] != '-')
            {
                id.Append('-');
            }
        }

        string name = id.ToString().TrimEnd('-');
        return name.Length == 0 ? "calibrated" : name;
    }
}
