using System.CommandLine;
using System.Globalization;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Pages;

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
        Option<ValidationPage> page = OptionOf.Choice(
            "--page",
            "KIND",
            "Write a page instead; --out FILE.html or FILE.md asks for it too",
            ("none", ValidationPage.None),
            ("html", ValidationPage.Html),
            ("markdown", ValidationPage.Markdown));
        Command command = new("validate", "The model and every baseline against published measurements.")
        {
            records, failAbove, rows, page,
        };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            if (session.Settings.Set.Count > 0)
            {
                throw new UserException("--set has no effect on published records; allowed: with commands that read a scenario");
            }

            if (session.Settings.Calibration is not (null or Session.DefaultCalibration))
            {
                throw new UserException($"--calibration has no effect on validate; allowed: {Session.DefaultCalibration}, or commands that read a scenario");
            }

            RecordSet read = session.ReadRecords(parsed.GetValue(records) ?? []);
            ValidationOutcome result;
            using (ProgressLine progress = session.Progress())
            {
                result = new Validator(session.Catalog).Run(
                    read, new(session.Settings.Seed, session.Settings.Threads), progress, session.CancellationToken);
            }

            switch (PageOf(parsed.GetValue(page), session.Settings))
            {
                case ValidationPage.Html:
                    session.Write(HtmlPage.Write(result));
                    break;
                case ValidationPage.Markdown:
                    session.Write(MarkdownPage.Write(result));
                    break;
                default:
                    session.Write(new ValidationReport(result, parsed.GetValue(rows)));
                    break;
            }

            return session.ConcludeValidation(result, parsed.GetValue(failAbove));
        });
        return command;
    }
    private static ValidationPage PageOf(ValidationPage asked, CommonSettings settings) => (asked, settings) switch
    {
        (ValidationPage.None, { Format: ResultFormat.Text, Out: { } file }) when Ends(file, ".html") || Ends(file, ".htm") => ValidationPage.Html,
        (ValidationPage.None, { Format: ResultFormat.Text, Out: { } file }) when Ends(file, ".md") => ValidationPage.Markdown,
        _ => asked,
    };

    private static bool Ends(string file, string ending) => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Pages about a validation.</summary>
    private enum ValidationPage
    {
        /// <summary>None: the form that --format says.</summary>
        None,

        /// <summary>A page for a browser.</summary>
        Html,

        /// <summary>The page of the documentation.</summary>
        Markdown,
    }
}
