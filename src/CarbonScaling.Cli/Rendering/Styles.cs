using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The styles of the texts; nothing is told by colour alone.</summary>
internal static class Styles
{
    /// <summary>What matters most.</summary>
    public static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Column heads and side notes.</summary>
    public static readonly Style Quiet = new(Color.Grey);

    /// <summary>What a reader should look at.</summary>
    public static readonly Style Warning = new(Color.Yellow);

    /// <summary>What is wrong.</summary>
    public static readonly Style Problem = new(Color.Red, decoration: Decoration.Bold);

    /// <summary>A bar.</summary>
    public static readonly Style Bar = new(Color.Teal);
}
