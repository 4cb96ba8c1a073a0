using System.CommandLine;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>explain</c>: how a figure came about.</summary>
internal static class ExplainCommand
{
    private const int DefaultDepth = 4;

    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Argument<string> scenario = ScenarioArgument.Make();
        Option<string> figure = new("--figure")
        {
            Description = "Path of the figure, as estimate's JSON names it, for example carbon.totalKg.",
            HelpName = "NAME",
            Required = true,
            Arity = ArgumentArity.ExactlyOne,
        };
        figure.CompletionSources.Add([.. Estimator.Figures]);
        Option<int?> depth = OptionOf.Whole(
            "--depth", $"How many steps down the text goes (default {DefaultDepth}); JSON and CSV hold all.", 0, 1000);
        Command command = new("explain", "The equations, inputs and sources behind a figure.") { scenario, figure, depth };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            string name = parsed.GetRequiredValue(figure);
            if (!Estimator.Figures.Contains(name))
            {
                throw new UserException(
                    $"--figure: '{name}' cannot be explained{Nearest.Hint(name, Estimator.Figures)}; allowed: {string.Join(", ", Estimator.Figures)}");
            }

            Scenario read = session.ReadScenario(parsed.GetRequiredValue(scenario));
            session.Write(new ExplanationReport(
                session.Estimator.Explain(read, name, new(session.Settings.Flops)),
                session.Catalog,
                parsed.GetValue(depth) ?? DefaultDepth));
            return ExitCode.Done;
        });
        return command;
    }
}
