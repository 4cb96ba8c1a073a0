using System.Globalization;
using CarbonScaling.Telemetry;

namespace CarbonScaling.Tracking;

/// <summary>Points in time as results write them.</summary>
internal static class Moment
{
    /// <summary>ISO 8601 in UTC, of seconds since 1970; null where there is none, or none that a calendar holds.</summary>
    public static string? Iso(double? seconds) => seconds is > 0 and < TimeText.Latest
        ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Round(seconds.Value)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
        : null;
}
