using CarbonScaling.Catalogs;
using CarbonScaling.Cli.Reports;
using CarbonScaling.Explanation;
using CarbonScaling.Units;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>How a figure came about, for people: a tree of equations down to sourced inputs.</summary>
internal sealed class ExplanationText
{
    private readonly DerivationSteps _steps;
    private readonly int _depth;
    private readonly HashSet<DerivationNode> _shown = new(ReferenceEqualityComparer.Instance);

    private ExplanationText(DerivationSteps steps, int depth)
    {
        _steps = steps;
        _depth = depth;
    }

    /// <summary>Writes the tree to a depth, the inputs that matter and the sources.</summary>
    public static void Write(IAnsiConsole console, Derivation derivation, Catalog catalog, int depth)
    {
        ExplanationText text = new(new(derivation), depth);
        if (text._steps.Root.Equation is not null)
        {
            console.Write(new Text($"{derivation.Figure} = {Human.Value(derivation.Value, derivation.Unit)}\n\n", Styles.Strong));
        }

        Tree tree = new(text.Label(text._steps.Root)) { Guide = TreeGuide.Line };
        text.AddInputs(tree, text._steps.Root, 0);
        console.Write(tree);
        SensitivityText.Write(console, derivation);
        text.WriteSources(console, catalog);
    }

    private void AddInputs(IHasTreeNodes parent, DerivationNode node, int depth)
    {
        if (depth >= _depth)
        {
            if (node.Inputs.Count > 0)
            {
                parent.AddNode(new Text($"… {Human.Number(node.Inputs.Count)} more; a greater --depth shows them", Styles.Quiet));
            }

            return;
        }

        _shown.Add(node);
        foreach (DerivationNode input in node.Inputs)
        {
            bool again = _shown.Contains(input);
            TreeNode child = parent.AddNode(again ? Reference(input) : Label(input));
            if (!again)
            {
                AddInputs(child, input, depth + 1);
            }
        }
    }

    private Paragraph Reference(DerivationNode node) =>
        Heading(node).Append($"  (as [{_steps.Number(node)}] above)", Styles.Quiet);

    private Paragraph Label(DerivationNode node)
    {
        Paragraph label = Heading(node);
        if (node.Equation is { } equation)
        {
            string number = _steps.IsShared(node) ? $" [{_steps.Number(node)}]" : "";
            return label.Append($"  {equation.Id}{number}", Styles.Bar).Append($"\n{equation.Formula}", Styles.Quiet);
        }

        return node.Input is { } figure ? label.Append($"  {Described(figure)}", Styles.Quiet) : label;
    }

    private static Paragraph Heading(DerivationNode node) =>
        new Paragraph().Append(node.Label).Append($" = {Human.Value(node.Value, node.Unit)}", Styles.Strong);

    private static string Described(Figure figure)
    {
        string status = FigureWords.Of(figure.Status);
        return figure.Source == status ? status : $"{status}, {figure.Source}";
    }

    private void WriteSources(IAnsiConsole console, Catalog catalog)
    {
        string[] known =
        [
            .. _steps.All.Select(static step => step.Input?.Source).OfType<string>()
                .Where(catalog.Sources.Contains).Distinct().Order(StringComparer.Ordinal),
        ];
        if (known.Length == 0)
        {
            return;
        }

        console.Heading("Sources");
        Grid table = Page.Columns("lw");
        foreach (string key in known)
        {
            CatalogSource source = catalog.Source(key);
            table.AddRow(new Text(key), new Paragraph().Append(source.Title).Append($"\n{source.Where}", Styles.Quiet));
        }

        console.Block(table);
    }
}
