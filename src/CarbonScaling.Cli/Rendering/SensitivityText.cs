using System.Globalization;
using CarbonScaling.Explanation;
using CarbonScaling.Units;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The inputs that a figure moves with most, and those that make it most uncertain.</summary>
internal static class SensitivityText
{
    private const int Most = 8;
    private const double Least = 1e-4;

    /// <summary>Writes both lists.</summary>
    public static void Write(IAnsiConsole console, Derivation derivation)
    {
        List<InputSensitivity> inputs =
        [
            .. Sensitivity.Elasticities(derivation.Trace).Values.OrderBy(static input => input.Input.Name, StringComparer.Ordinal),
        ];
        WriteList(console, "Moves most with: 1 % more of it gives", inputs, static input => Math.Abs(input.Elasticity), static input => $"{Signed(input.Elasticity)} %");
        WriteList(
            console,
            "Uncertain most because of: one standard deviation gives",
            inputs,
            static input => Math.Abs(input.Elasticity) * input.Input.Spread,
            static input => $"±{Human.Percent(Math.Abs(input.Elasticity) * input.Input.Spread)}");
    }

    private static void WriteList(
        IAnsiConsole console,
        string title,
        List<InputSensitivity> inputs,
        Func<InputSensitivity, double> weight,
        Func<InputSensitivity, string> effect)
    {
        List<InputSensitivity> greatest = [.. inputs.Where(input => weight(input) >= Least).OrderByDescending(weight).Take(Most)];
        if (greatest.Count == 0)
        {
            return;
        }

        console.Heading(title);
        Grid table = Page.Columns("rwlw");
        foreach (InputSensitivity input in greatest)
        {
            Figure figure = input.Input;
            table.Row(effect(input), figure.Name, Human.Value(figure.Value, figure.Unit), $"{FigureWords.Of(figure.Status)}, {figure.Source}");
        }

        console.Block(table);
    }

    private static string Signed(double number) => number.ToString("+0.00;-0.00", CultureInfo.InvariantCulture);
}
