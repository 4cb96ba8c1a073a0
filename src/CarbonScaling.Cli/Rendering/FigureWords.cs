using CarbonScaling.Units;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The words for how far a figure may be trusted.</summary>
internal static class FigureWords
{
    /// <summary>The word.</summary>
    public static string Of(FigureStatus status) => status.ToString().ToLowerInvariant();
}
