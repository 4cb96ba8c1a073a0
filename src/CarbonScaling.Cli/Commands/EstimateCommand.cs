using System.CommandLine;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>estimate</c>: the figures for one fixed plan.</summary>
internal static class EstimateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Argument<string> scenario = ScenarioArgument.Make();
        Command command = new("estimate", "What training takes with one fixed plan: time, memory, energy, carbon.") { scenario };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            Estimate estimate = session.Estimator.Estimate(
                session.ReadScenario(parsed.GetRequiredValue(scenario)), new(session.Settings.Flops));
            session.Write(new EstimateReport(estimate));
            return session.Conclude(Infeasibility.Of(estimate));
        });
        return command;
    }
}
