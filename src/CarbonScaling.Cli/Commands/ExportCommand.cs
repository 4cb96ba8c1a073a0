using System.CommandLine;
using CarbonScaling.Cli.Rendering;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>export</c>: the arguments that launch a plan.</summary>
internal static class ExportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Argument<string> scenario = ScenarioArgument.Make();

        // Checked when it is read; there is one program so far.
        Option<string> to = OptionOf.Choice("--to", "PROGRAM", "Program that takes the arguments", ("megatron", "megatron"));
        Command command = new("export", "Launch arguments of the plan: the scenario's own if complete, else the best.") { scenario, to };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            Scenario read = session.ReadScenario(parsed.GetRequiredValue(scenario));
            PlanOptions options = new(session.Settings.Flops, Top: 1, session.Settings.Threads);
            ExportResult result;
            using (ProgressLine progress = session.Progress())
            {
                result = session.Estimator.Export(read, options, progress, session.CancellationToken);
            }

            if (result is not { Launch: { } launch, Estimate: { } estimate })
            {
                return session.Conclude(Infeasibility.Of(result.Search!));
            }

            ExportReport report = new(launch, result.Search);
            session.Write(report);
            session.Note([$"plan: {report.Origin}", .. launch.Missing.Select(static what => $"no argument: {what}")]);
            return session.Conclude(Infeasibility.Of(estimate));
        });
        return command;
    }
}
