using CarbonScaling.Catalogs;
using CarbonScaling.Units;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The catalog for people.</summary>
internal static class CatalogText
{
    /// <summary>Writes the kinds.</summary>
    public static void WriteKinds(IAnsiConsole console, Catalog catalog)
    {
        Grid table = Page.Columns("lr").Row(Styles.Quiet, "kind", "entries");
        foreach (string kind in catalog.Kinds)
        {
            table.Row(kind, Human.Number(catalog.Ids(kind).Count));
        }

        console.Write(table);
        console.WriteLine();
        console.Write(new Text("carbonscaling catalog KIND lists a kind, carbonscaling catalog KIND ID shows an entry.\n", Styles.Quiet));
    }

    /// <summary>Writes the ids and names of a kind.</summary>
    public static void WriteIds(IAnsiConsole console, Catalog catalog, string kind)
    {
        Grid table = Page.Columns("lw").Row(Styles.Quiet, "id", "name");
        foreach (string id in catalog.Ids(kind))
        {
            table.Row(id, catalog.Find(kind, id).Name);
        }

        console.Write(table);
    }

    /// <summary>Writes an entry with its figures and where they come from.</summary>
    public static void WriteEntry(IAnsiConsole console, Catalog catalog, CatalogEntry entry)
    {
        console.Write(new Text($"{entry.Name}\n", Styles.Strong));
        console.Write(new Text($"{entry}\n", Styles.Quiet));
        if (entry.Notes is { } notes)
        {
            console.Write(new Text($"{notes}\n"));
        }

        WriteAttributes(console, entry);
        WriteFigures(console, entry);
        WriteSources(console, catalog, entry);
    }

    private static void WriteAttributes(IAnsiConsole console, CatalogEntry entry)
    {
        if (entry.Attributes.Count == 0)
        {
            return;
        }

        console.Heading("Attributes");
        Grid table = Page.Columns("lw");
        foreach ((string name, string value) in entry.Attributes)
        {
            table.Row(name, value);
        }

        console.Block(table);
    }

    private static void WriteFigures(IAnsiConsole console, CatalogEntry entry)
    {
        if (entry.Figures.Count == 0)
        {
            return;
        }

        console.Heading("Figures");
        Grid table = Page.Columns("wllw").Row(Styles.Quiet, "figure", "value", "status", "source");
        foreach ((string name, Figure figure) in entry.Figures)
        {
            string spread = figure.Spread > 0 ? $" ±{Human.Percent(figure.Spread)}" : "";
            Paragraph source = new Paragraph().Append(figure.Source);
            if (entry.FigureNote(name) is { } note)
            {
                source.Append($"\n{note}", Styles.Quiet);
            }

            table.AddRow(
                new Text(name),
                new Text(figure.Unit == "1" ? $"{Exact(figure)}{spread}" : $"{Exact(figure)} {figure.Unit}{spread}", Styles.Strong),
                new Text(FigureWords.Of(figure.Status)),
                source);
        }

        console.Block(table);
    }

    private static void WriteSources(IAnsiConsole console, Catalog catalog, CatalogEntry entry)
    {
        console.Heading("Sources");
        Grid table = Page.Columns("lw");
        foreach (string key in entry.Figures.Values.Select(static figure => figure.Source).Distinct().Order(StringComparer.Ordinal))
        {
            CatalogSource source = catalog.Source(key);
            table.AddRow(
                new Text(key),
                new Paragraph().Append(source.Title).Append($"\n{source.Where} ({source.Licence})", Styles.Quiet));
        }

        console.Block(table);
    }

    // As the source states it, not rounded.
    private static string Exact(Figure figure) => figure.Value.ToString(
        Math.Abs(figure.Value) is >= 1e-3 and < 1e15 or 0 ? "#,0.################" : "R", System.Globalization.CultureInfo.InvariantCulture);
}
