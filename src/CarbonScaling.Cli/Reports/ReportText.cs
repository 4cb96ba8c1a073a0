using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using CarbonScaling.Cli.Commands;
using Spectre.Console;

namespace CarbonScaling.Cli.Reports;

/// <summary>Turns a report into the text that is printed.</summary>
internal static partial class ReportText
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 4096,
    };

    /// <summary>The text of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="format">Its form.</param>
    /// <param name="width">Columns to write in.</param>
    /// <param name="colors">Colours of the terminal; null where no ANSI codes are wanted.</param>
    public static string Of(IReport report, ResultFormat format, int width, ColorSystem? colors) => format switch
    {
        ResultFormat.Json => Json(report),
        ResultFormat.Csv => report.ToCsv().ToString(),
        _ => Text(report, width, colors),
    };

    /// <summary>The JSON of a report, with a final line end.</summary>
    public static string Json(IReport report)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Indented))
        {
            report.WriteJson(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + '\n';
    }

    private static string Text(IReport report, int width, ColorSystem? colors)
    {
        // A console without ANSI codes would set the style of the terminal itself, so that there always are codes here.
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = (ColorSystemSupport)(colors ?? ColorSystem.NoColors),
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
            Enrichment = new() { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        report.WriteText(console);
        return WithoutTrailingSpaces(colors is null ? Code().Replace(text.ToString(), "") : text.ToString());
    }

    [GeneratedRegex(@"\e\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Code();

    private static string WithoutTrailingSpaces(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(static line => line.TrimEnd(' ')));
}
