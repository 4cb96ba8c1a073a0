using System.CommandLine;
using System.Globalization;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Validation;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>validate</c>: the model against published measurements.</summary>
internal static class ValidateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Option<string[]> records = new("--records")
        {
            Description = "Record file, CSV; may be repeated; - reads standard input. Without it, the records that the program carries.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<double?> failAbove = new("--fail-above")
        {
            Description = "Exit with 4 where the median error of a target is above this share, such as 0.15.",
            HelpName = "F",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = argument =>
            {
                string text = argument.Tokens is [.., var last] ? last.Value : "";
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1000)
                {
                    return share;
                }

                argument.AddError($"--fail-above: '{text}' is not a share; allowed: 0 to 1000, such as 0.15");
                return null;
            },
        };
        Option<bool> rows = new("--rows") { Description = "List every row in the text, not only the worst.", Arity = ArgumentArity.Zero };
        Command command = new("validate", "The model against published measurements: errors by source, rows left out by rule.")
        {
            records, failAbove, rows,
        };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            if (session.Settings.Set.Count > 0)
            {
                throw new UserException("--set has no effect on published records; allowed: with commands that read a scenario");
            }

            RecordSet read = session.ReadRecords(parsed.GetValue(records) ?? []);
            ValidationOutcome result;
            using (ProgressLine progress = session.Progress())
            {
                result = new Validator(session.Catalog).Run(
                    read, new(session.Settings.Seed, session.Settings.Threads), progress, session.CancellationToken);
            }

            session.Write(new ValidationReport(result, parsed.GetValue(rows)));
            return session.ConcludeValidation(result, parsed.GetValue(failAbove));
        });
        return command;
    }
}
