using System.Text.RegularExpressions;

namespace CarbonScaling.Telemetry;

/// <summary>
/// Keeps to one rank where a launcher has mixed the output of several: <c>[rank0]:</c> and <c>[default0]:</c> of torchrun,
/// <c>0:</c> of <c>srun --label</c>.
/// </summary>
internal sealed partial class LogRank
{
    private string? _kept;

    /// <summary>Whether a line that tells of a step is that of the kept rank: the first one seen.</summary>
    public bool Keeps(string line)
    {
        Match prefix = Prefix().Match(line);
        string rank = prefix.Success ? prefix.Groups["rank"].Value : "";
        _kept ??= rank;
        return rank == _kept;
    }

    [GeneratedRegex(@"^\s*(\[(?:rank|default)(?<rank>\d+)\]:|(?<rank>\d+):\s)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Prefix();
}
