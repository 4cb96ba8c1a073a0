using System.Globalization;
using System.Text.RegularExpressions;

namespace CarbonScaling.Validation;

/// <summary>
/// Facts that record files state in words, each by one pattern: the same text means the same in every row.
/// </summary>
internal static partial class RecordNotes
{
    private const int Timeout = 1000;
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>The month of the software's release: "release 26.04.01", "container 24.05".</summary>
    public static DateOnly? Release(StepRecord record)
    {
        Match match = ReleasePattern().Match(record.Notes);
        return match.Success && Number(match, "month") is >= 1 and <= 12 and var month
            ? new(2000 + Number(match, "year"), month, 1)
            : null;
    }

    /// <summary>Whether the 8-bit format has a scale per 32 elements: "precision label FP8-MX", "MXFP8".</summary>
    public static bool IsMicroscaled(StepRecord record) => MicroscaledPattern().IsMatch(record.Notes);

    /// <summary>Tokens of the window of every other layer: "alternating sliding-window 128 attention".</summary>
    public static int? AlternatingWindow(StepRecord record) => Whole(WindowPattern(), record);

    /// <summary>Every so many layers one has experts: "MoE every 2nd layer".</summary>
    public static int? ExpertLayerInterval(StepRecord record) => Whole(ExpertIntervalPattern(), record);

    /// <summary>Dense layers at the beginning: "61 layers (1 dense)", "1 dense layer".</summary>
    public static int? LeadingDenseLayers(StepRecord record) => Whole(LeadingDensePattern(), record);

    /// <summary>Tensor-parallel degree inside an expert: "ETP=4".</summary>
    public static int? ExpertTensor(StepRecord record) => Whole(ExpertTensorPattern(), record);

    /// <summary>Slices of a TPU job: "4 slice(s)", "2x v5p-128".</summary>
    public static int? Slices(StepRecord record) => Whole(SlicesPattern(), record);

    /// <summary>Layers of a stage that are computed again: "recompute of 5/32 layers".</summary>
    public static int? RecomputedLayers(StepRecord record)
    {
        if (RecomputedShare().Match(record.Notes) is { Success: true } share)
        {
            return Math.Max(1, Number(share, "number") / record.Pipeline);
        }

        return null;
    }

    /// <summary>Ranks that split one copy: "FSDP 256 inside slice", "FSDP=128 … except 256 GPUs FSDP=256", "FSDP group 32".</summary>
    public static int? ShardGroup(StepRecord record)
    {
        foreach (Match exception in ShardGroupException().Matches(record.Notes))
        {
            if (Number(exception, "devices") == record.Devices)
            {
                return Number(exception, "number");
            }
        }

        return Whole(ShardGroupAssigned(), record) ?? Whole(ShardGroupNamed(), record);
    }

    /// <summary>Whether gradients are reduced in 32 bits: "MP mode DEFAULT".</summary>
    public static bool ReducesWide(StepRecord record) =>
        record.Notes.Contains("MP mode DEFAULT", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether no communication was hidden: "no TP, DP or p2p overlap".</summary>
    public static bool HasNoOverlap(StepRecord record) =>
        record.Notes.Contains("no TP, DP or p2p overlap", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the parts of a sequence meet by all-to-all: "CP uses all-to-all".</summary>
    public static bool HasAllToAllContext(StepRecord record) =>
        record.Notes.Contains("CP uses all-to-all", StringComparison.OrdinalIgnoreCase);

    private static int? Whole(Regex pattern, StepRecord record) =>
        pattern.Match(record.Notes) is { Success: true } match && Number(match, "number") is > 0 and var number ? number : null;

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(release|container) (?<year>\d{2})\.(?<month>\d{2})\b", Options, Timeout)]
    private static partial Regex ReleasePattern();

    [GeneratedRegex(@"\bprecision label (fp8-mx|mxfp8)\b", Options, Timeout)]
    private static partial Regex MicroscaledPattern();

    [GeneratedRegex(@"\balternating sliding-window (?<number>\d{1,7}) attention\b", Options, Timeout)]
    private static partial Regex WindowPattern();

    [GeneratedRegex(@"\bMoE every (?<number>\d{1,3})(st|nd|rd|th) layer\b", Options, Timeout)]
    private static partial Regex ExpertIntervalPattern();

    [GeneratedRegex(@"\b(?<number>\d{1,3}) dense( layers?\b|\))", Options, Timeout)]
    private static partial Regex LeadingDensePattern();

    [GeneratedRegex(@"\bETP=(?<number>\d{1,4})\b", Options, Timeout)]
    private static partial Regex ExpertTensorPattern();

    [GeneratedRegex(@"\b(?<number>\d{1,5})( slice\(s\)|x v\d[a-z]*-\d+)", Options, Timeout)]
    private static partial Regex SlicesPattern();

    [GeneratedRegex(@"\brecompute of (?<number>\d{1,4})/\d{1,4} layers\b", Options, Timeout)]
    private static partial Regex RecomputedShare();

    [GeneratedRegex(@"\bexcept (?<devices>\d{1,7}) GPUs FSDP=(?<number>\d{1,7})\b", Options, Timeout)]
    private static partial Regex ShardGroupException();

    [GeneratedRegex(@"(?<!GPUs )\bFSDP=(?<number>\d{1,7})\b", Options, Timeout)]
    private static partial Regex ShardGroupAssigned();

    [GeneratedRegex(@"\bFSDP (group )?(?<number>\d{1,7})\b(?!/)", Options, Timeout)]
    private static partial Regex ShardGroupNamed();
}
