using System.CommandLine;
using System.Text;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Calibration;
using CarbonScaling.Validation.Profiles;

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
        Option<bool> own = new("--own")
        {
            Description = "The records are of one cluster: adapt a few overall parameters of the calibration to it.",
            Arity = ArgumentArity.Zero,
        };
        Option<string[]> scenarios = Files("--scenario", "A job that ran on one's own cluster; may be repeated, each with its --steps and --power in the same order.");
        Option<string[]> steps = Files("--steps", "Its measured steps: CSV, or a log of Megatron-LM or torchtitan.");
        Option<string[]> power = Files("--power", "Its measured power: DCGM exporter, Prometheus range, nvidia-smi or CodeCarbon.");
        Command command = new(
            "calibrate",
            "Fits the efficiency parameters to measured steps, or adapts them to one's own cluster; --out takes the file, --calibration what to go on from.")
        {
            records, once, own, scenarios, steps, power,
        };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            if (parsed.GetValue(scenarios) is { Length: > 0 } jobs)
            {
                Refuse(parsed.GetValue(records) is { Length: > 0 } || parsed.GetValue(own), "--records and --own have no effect with --scenario; allowed: --steps and --power");
                return Adapt(session, profiler => ProfileOfJobs(session, profiler, jobs, parsed.GetValue(steps) ?? [], parsed.GetValue(power) ?? []));
            }

            Refuse(parsed.GetValue(steps) is { Length: > 0 } || parsed.GetValue(power) is { Length: > 0 }, "--steps and --power need the job that they are of; allowed: with --scenario");
            if (session.Settings.Set.Count > 0)
            {
                throw new UserException("--set has no effect on records; allowed: with commands that read a scenario");
            }

            if (parsed.GetValue(own))
            {
                string[] files = parsed.GetValue(records) ?? [];
                Refuse(files.Length == 0, "--own needs the records of one's cluster; allowed: with --records");
                return Adapt(session, profiler => profiler.FitRecords(IdOf(session.Settings.Out, "own-cluster"), session.ReadRecords(files).Steps));
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

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private static void Refuse(bool wrong, string problem)
    {
        if (wrong)
        {
            throw new UserException(problem);
        }
    }

    private static int Adapt(Session session, Func<Profiler, ClusterProfile> fit)
    {
        Refuse(
            session.Settings.Calibration is not (null or Session.DefaultCalibration or Session.NoCalibration),
            $"--calibration: a cluster adapts what the program carries; allowed: {Session.DefaultCalibration}, {Session.NoCalibration}");
        ClusterProfile profile = fit(new(session.Catalog, Estimator.ParametersOf(session.Catalog, session.Settings.Calibration == Session.NoCalibration)));
        session.Write(ProfileDocument.ToYaml(profile), new ProfileReport(profile));
        return ExitCode.Done;
    }

    private static ClusterProfile ProfileOfJobs(Session session, Profiler profiler, string[] jobs, string[] steps, string[] power)
    {
        if (steps.Length + power.Length == 0)
        {
            throw new UserException("--scenario needs what was measured of it; allowed: with --steps, --power or both");
        }

        Check("--steps", steps);
        Check("--power", power);
        List<OwnMeasurement> measured = [];
        for (int i = 0; i < jobs.Length; i++)
        {
            // Several files of one job are parts of its logs.
            string[] files = jobs.Length == 1 ? [.. steps, .. power] : [.. steps.Skip(i).Take(1), .. power.Skip(i).Take(1)];
            measured.Add(profiler.Measure(session.ReadScenario(jobs[i]), session.ReadTelemetry(files)));
        }

        return profiler.Fit(IdOf(session.Settings.Out, "own-cluster"), measured);

        void Check(string option, string[] files)
        {
            if (jobs.Length > 1 && files.Length > 0 && files.Length != jobs.Length)
            {
                throw new UserException($"{option}: {files.Length} files for {jobs.Length} scenarios; allowed: one for each, in the same order");
            }
        }
    }

    private static CalibratedSet? StartOf(Session session) => session.Settings.Calibration switch
    {
        null or Session.NoCalibration => null,
        Session.DefaultCalibration => Estimator.CalibrationOf(session.Catalog),
        _ => session.ReadCalibration(),
    };

    // The name of the set is that of its file, in the letters of ids.
    private static string IdOf(string? path, string otherwise = "calibrated")
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
        return name.Length == 0 ? otherwise : name;
    }
}
