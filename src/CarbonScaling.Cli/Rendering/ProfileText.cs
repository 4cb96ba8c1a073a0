using System.Globalization;
using CarbonScaling.Training;
using CarbonScaling.Validation.Profiles;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The model adapted to a cluster, for people.</summary>
internal static class ProfileText
{
    /// <summary>Writes what was measured and what it moves.</summary>
    public static void Write(IAnsiConsole console, ClusterProfile profile)
    {
        console.Write(new Text($"{profile.Name}: {string.Join(", ", profile.Systems)} on the set '{profile.Set.Base}'\n", Styles.Strong));
        console.Heading("Measured, and predicted before and after");
        Grid records = Page.Columns("lrrrrr").Row(Styles.Quiet, "figure", "measured", "before", "error", "after", "error");
        foreach (ProfileRecord record in profile.Records)
        {
            records.Row(
                record.Figure,
                Human.Figure(record.Figure, record.Measured),
                Human.Figure(record.Figure, record.Before),
                Error(record.Before / record.Measured),
                Human.Figure(record.Figure, record.After),
                Error(record.After / record.Measured));
        }

        console.Block(records);
        console.WriteLine();
        Grid sources = Page.Columns("w");
        foreach (string source in profile.Records.Select(static record => record.Source).Distinct(StringComparer.Ordinal))
        {
            sources.Row(source);
        }

        console.Block(sources);
        console.Heading("Overall parameters");
        Grid parameters = Page.Columns("lrrr").Row(Styles.Quiet, "parameter", "multiplier", "± before", "± after");
        foreach (FittedParameter parameter in profile.Set.Parameters)
        {
            parameters.Row(
                parameter.Id,
                parameter.Multiplier.ToString("F3", CultureInfo.InvariantCulture),
                Human.Percent(parameter.PriorSpread),
                Human.Percent(parameter.Spread));
        }

        console.Block(parameters);
        console.WriteLine();
        console.Paragraph("Parameters of which the measurements say nothing stay as they are. --out FILE keeps the profile, --calibration FILE takes it.");
    }

    private static string Error(double ratio) => (100 * (ratio - 1)).ToString("+0.0 '%';−0.0 '%'", CultureInfo.InvariantCulture);
}
