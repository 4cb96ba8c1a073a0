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
        root.Add(CatalogCommand.Build(Open));
        foreach (Option option in root.Options)
        {
            option.Action = option switch
            {
                HelpOption => new HelpAction(surroundings.Width),
                VersionOption => new VersionAction(),
                _ => option.Action,
            };
        }

        return root;

        Session Open(ParseResult parsed) => new(surroundings, common.Read(parsed), cancellationToken);
    }
}
