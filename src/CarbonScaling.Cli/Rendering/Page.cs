using Spectre.Console;
using Spectre.Console.Rendering;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The parts that all texts are made of.</summary>
internal static class Page
{
    private static readonly Padding Indent = new(2, 0, 0, 0);

    /// <summary>A heading, after an empty line.</summary>
    public static void Heading(this IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(title)}[/]") { Justification = Justify.Left, Style = new Style(Color.Grey) });
    }

    /// <summary>A block, set in a little.</summary>
    public static void Block(this IAnsiConsole console, IRenderable content) => console.Write(new Padder(content, Indent));

    /// <summary>A paragraph of plain text, set in a little.</summary>
    public static void Paragraph(this IAnsiConsole console, string text) => console.Block(new Text(text));

    /// <summary>Rows of cells in columns: right-aligned where the alignment says <c>r</c>, wrapped where it says <c>w</c>.</summary>
    public static Grid Columns(string alignments, int gap = 2)
    {
        Grid grid = new();
        for (int i = 0; i < alignments.Length; i++)
        {
            GridColumn column = new() { NoWrap = alignments[i] != 'w', Padding = new(0, 0, i == alignments.Length - 1 ? 0 : gap, 0) };
            grid.AddColumn(alignments[i] == 'r' ? column.RightAligned() : column);
        }

        return grid;
    }

    /// <summary>Adds a row of plain texts.</summary>
    public static Grid Row(this Grid grid, params string[] cells) => grid.AddRow([.. cells.Select(static cell => new Text(cell))]);

    /// <summary>Adds a row of plain texts in a style.</summary>
    public static Grid Row(this Grid grid, Style style, params string[] cells) =>
        grid.AddRow([.. cells.Select(cell => new Text(cell, style))]);
}
