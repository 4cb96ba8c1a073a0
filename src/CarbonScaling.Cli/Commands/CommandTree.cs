using System.CommandLine;
using System.CommandLine.Help;

namespace CarbonScaling.Cli.Commands;

/// <summary>The commands of the program.</summary>
internal static class CommandTree
{
    private const string Description =
        "Predicts the time, memory, energy and carbon of training a large language model, before it is trained.";

    /// <summary>Builds them.</summary>
    public static RootCommand Build(Surroundings surroundings, CancellationToken cancellationToken)
    {
        CommonOptions common = new();
        RootCommand root = new(Description);
        common.AddTo(root);
        root.Add(EstimateCommand.Build(Open));
        root.Add(PlanCommand.Build(Open));
        root.Add(ExplainCommand.Build(Open));
        root.Add(ValidateCommand.Build(Open));
        root.Add(CalibrateCommand.Build(Open));
        root.Add(TrackCommand.Build(Open));
        root.Add(ExportCommand.Build(Open));
        root.Add(CatalogCommand.Build(Open));
        foreach (Option option in root.Options)
        {
            switch (option)
            {
                case HelpOption:
                    option.Action = new HelpAction(surroundings.Width);
                    option.Description = "Show this help.";
                    break;
                case VersionOption:
                    option.Action = new VersionAction();
                    option.Description = "Show the version.";
                    break;
            }
        }

        return root;

        Session Open(ParseResult parsed) => new(surroundings, common.Read(parsed), cancellationToken);
    }
}
