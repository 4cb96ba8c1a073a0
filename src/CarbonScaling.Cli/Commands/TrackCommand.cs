using System.CommandLine;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Scenarios;
using CarbonScaling.Tracking;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>track</c>: a running job against its prediction.</summary>
internal static class TrackCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Argument<string> scenario = ScenarioArgument.Make();
        Option<string[]> telemetry = new("--telemetry")
        {
            Description = "Log of steps (CSV, Megatron-LM, torchtitan) or of power (DCGM exporter, Prometheus range, nvidia-smi, sacct -P, CodeCarbon); may be repeated; - reads standard input.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            Required = true,
        };
        Command command = new("track", "A running job against its prediction: drift, projected end, energy and carbon.") { scenario, telemetry };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            Scenario job = session.ReadScenario(parsed.GetRequiredValue(scenario));
            Track track = new Tracker(session.Estimator).Of(
                job, session.ReadTelemetry(parsed.GetRequiredValue(telemetry)), new(session.Settings.Flops));
            session.Write(new TrackReport(track));
            return session.Conclude(Infeasibility.Of(track));
        });
        return command;
    }
}
