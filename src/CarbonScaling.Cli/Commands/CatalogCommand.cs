using System.CommandLine;
using CarbonScaling.Cli.Reports;

namespace CarbonScaling.Cli.Commands;

/// <summary><c>catalog</c>: what is known, with sources.</summary>
internal static class CatalogCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(Func<ParseResult, Session> open)
    {
        Argument<string?> kind = new("KIND") { Description = "Kind of entry, for example accelerators.", Arity = ArgumentArity.ZeroOrOne };
        Argument<string?> id = new("ID") { Description = "Id of an entry, for example h100-sxm.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("catalog", "What is known of models, hardware, grids and more, with sources.") { kind, id };
        command.SetAction(parsed =>
        {
            Session session = open(parsed);
            session.Write((parsed.GetValue(kind), parsed.GetValue(id)) switch
            {
                ({ } ofKind, { } ofId) => new CatalogEntryReport(session.Catalog, session.Catalog.Find(ofKind, ofId)),
                ({ } ofKind, null) => new CatalogIdsReport(session.Catalog, ofKind),
                _ => new CatalogKindsReport(session.Catalog),
            });
            return ExitCode.Done;
        });
        return command;
    }
}
