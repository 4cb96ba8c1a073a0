using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CarbonScaling.Models.Megatron;

/// <summary>
/// Reads and writes layouts of pipeline stages such as <c>Et*3|(t*4|)*13,t*3|t*3mL</c>: stages are separated by bars, all
/// first chunks before all second ones; E, t, m and L stand for embedding, layer, prediction module and loss.
/// </summary>
internal static partial class StageLayout
{
    /// <summary>Letters of a layout when all repetitions are written out.</summary>
    private const int LongestLayout = 100_000;

    /// <summary>Writes a layout with the embedding in the first chunk, prediction modules and loss in the last.</summary>
    /// <param name="layers">Layers of every chunk, in order.</param>
    /// <param name="predictionLayers">Modules of multi-token prediction.</param>
    public static string Write(IReadOnlyList<int> layers, int predictionLayers)
    {
        StringBuilder text = new("E");
        int index = 0;
        while (index < layers.Count)
        {
            // A chunk with an end of the model stands alone.
            int run = 1;
            while (index > 0 && index + run < layers.Count - 1 && layers[index + run] == layers[index])
            {
                run++;
            }

            string chunk = Repeated('t', layers[index]);
            bool last = index + run == layers.Count;
            text.Append(last ? chunk : run > 1 ? string.Create(CultureInfo.InvariantCulture, $"({chunk}|)*{run},") : chunk + "|");
            index += run;
        }

        return text.Append(Repeated('m', predictionLayers)).Append('L').ToString();
    }

    /// <summary>Reads the layers of every chunk; false where the text is no layout, or too long a one.</summary>
    public static bool TryRead(string text, out IReadOnlyList<int> layers)
    {
        layers = [];
        string plain = text.Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (WrittenOut(plain) is not { } flat
            || !flat.StartsWith('E')
            || !flat.EndsWith('L')
            || flat.Any(static letter => letter is not ('E' or 't' or 'm' or 'L' or '|')))
        {
            return false;
        }

        layers = [.. flat.Split('|').Select(static chunk => chunk.Count(static letter => letter == 't'))];
        return flat.Count(static letter => letter is 'E' or 'L') == 2;
    }

    private static string Repeated(char letter, int times) => times switch
    {
        0 => "",
        1 => letter.ToString(),
        _ => string.Create(CultureInfo.InvariantCulture, $"{letter}*{times}"),
    };

    // As Megatron-LM does it: groups in parentheses first, which hold no groups, then single letters. What is left of a
    // repetition that is none is no letter of a layout.
    private static string? WrittenOut(string text)
    {
        foreach (Regex repetition in (Regex[])[Group(), Letter()])
        {
            long length = text.Length + repetition.Matches(text).Sum(static match => (long)match.Groups["unit"].Length * Times(match));
            if (length > LongestLayout)
            {
                return null;
            }

            text = repetition.Replace(text, static match => string.Concat(Enumerable.Repeat(match.Groups["unit"].Value, Times(match))));
        }

        return text;
    }

    private static int Times(Match match) => int.Parse(match.Groups["times"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\((?<unit>[^()]+)\)\*(?<times>[0-9]{1,5})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Group();

    [GeneratedRegex(@"(?<unit>.)\*(?<times>[0-9]{1,5})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Letter();
}
