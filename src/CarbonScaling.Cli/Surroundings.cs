using System.Globalization;
using Spectre.Console;

namespace CarbonScaling.Cli;

/// <summary>Everything outside itself that the program touches, but files.</summary>
internal sealed record Surroundings
{
    private const int DefaultWidth = 100;
    private const int LeastWidth = 60;
    private const int GreatestWidth = 160;

    /// <summary>Standard input.</summary>
    public required Stream Input { get; init; }

    /// <summary>Standard output: results.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error: messages and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether output goes to a terminal that understands ANSI codes.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether messages go to a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The colours of the terminal.</summary>
    public ColorSystem Colors { get; init; } = ColorSystem.NoColors;

    /// <summary>Columns of the terminal; null where there is none.</summary>
    public int? TerminalWidth { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>Whether the environment asks for no colour.</summary>
    public bool NoColor => Variable("NO_COLOR") is { Length: > 0 };

    /// <summary>Columns to write in.</summary>
    public int Width => Math.Clamp(TerminalWidth ?? WidthOfEnvironment() ?? DefaultWidth, LeastWidth, GreatestWidth);

    private int? WidthOfEnvironment() =>
        int.TryParse(Variable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width > 0 ? width : null;
}
