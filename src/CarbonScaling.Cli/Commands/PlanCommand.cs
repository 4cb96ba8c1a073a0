using System.CommandLine;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>plan</c>: searches what the scenario leaves open.</summary>
internal static class PlanCommand
{
    private const int DefaultTop = 5;

    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Argument<string> scenario = ScenarioArgument.Make();
        Option<int?> top = OptionOf.Whole("--top", $"How many of the best plans to show (default {DefaultTop}).", 1, 1000);
        Command command = new("plan", "Searches for the best plans, and says why others fail.") { scenario, top };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            Scenario read = session.ReadScenario(parsed.GetRequiredValue(scenario));
            PlanOptions options = new(session.Settings.Flops, parsed.GetValue(top) ?? DefaultTop, session.Settings.Threads);
            PlanResult result;
            using (ProgressLine progress = session.Progress())
            {
                result = session.Estimator.Plan(read, options, progress, session.CancellationToken);
            }

            session.Write(new PlanReport(result));
            return session.Conclude(Infeasibility.Of(result));
        });
        return command;
    }
}
