using System.Globalization;

namespace CarbonScaling.Telemetry;

/// <summary>Reads the points in time that logs write.</summary>
internal static class TimeText
{
    /// <summary>The end of the calendar, in seconds since 1970.</summary>
    public const double Latest = 253_402_300_799;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss,FFFFFFF",
        "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Seconds since 1970 of a date and time, or of such a number; a time without a zone is taken as UTC.</summary>
    public static double? Read(string text)
    {
        string trimmed = text.Trim();
        if (DateTimeOffset.TryParseExact(
            trimmed, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        }

        bool number = double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        return number && seconds is > 0 and < Latest ? seconds : null;
    }
}
