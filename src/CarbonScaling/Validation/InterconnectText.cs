using System.Globalization;
using System.Text.RegularExpressions;

namespace CarbonScaling.Validation;

/// <summary>Reads the bandwidth between nodes from the words of a record file.</summary>
internal static partial class InterconnectText
{
    private const int Timeout = 1000;
    private const double BitsPerByte = 8;
    private const double Giga = 1e9;
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Rates of InfiniBand generations in Gb/s of a port of four lanes.</summary>
    private static readonly Dictionary<string, double> Generations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["EDR"] = 100,
        ["HDR"] = 200,
        ["NDR"] = 400,
        ["XDR"] = 800,
    };

    /// <summary>
    /// Bytes per second and device in one direction: k × g Gb/s of a node's adapters ("8x HDR 200Gb/s IB", "4x Omni-Path
    /// 100Gb/s", "8x HDR IB"), or the sum of a node ("800 Gb/s inter-node per node", "400Gbps inter-node"), over the devices
    /// of a node. Null where no rate is stated.
    /// </summary>
    /// <param name="text">The words.</param>
    /// <param name="devicesPerNode">Devices that share the adapters.</param>
    public static double? BytesPerSecondAndDevice(string text, double devicesPerNode)
    {
        double? gigabits = Adapters().Match(text) is { Success: true } adapters ? Number(adapters, "count") * Number(adapters, "rate")
            : NamedAdapters().Match(text) is { Success: true } named ? Number(named, "count") * Generations[named.Groups["name"].Value]
            : Node().Match(text) is { Success: true } node ? Number(node, "rate")
            : null;
        return gigabits > 0 ? gigabits * Giga / BitsPerByte / devicesPerNode : null;
    }

    private static double Number(Match match, string group) =>
        double.Parse(match.Groups[group].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(?<count>\d{1,3}) ?x [A-Za-z -]{0,20}?(?<rate>\d{1,5}(\.\d{1,3})?) ?Gb(/s|ps)", Options, Timeout)]
    private static partial Regex Adapters();

    [GeneratedRegex(@"\b(?<count>\d{1,3}) ?x (?<name>EDR|HDR|NDR|XDR)\b", Options, Timeout)]
    private static partial Regex NamedAdapters();

    [GeneratedRegex(@"\b(?<rate>\d{1,6}(\.\d{1,3})?) ?Gb(/s|ps)", Options, Timeout)]
    private static partial Regex Node();
}
