namespace CarbonScaling.Catalogs;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The candidate that takes the fewest edits, the first of equals; null when there is none.</summary>
    public static string? Find(string name, IEnumerable<string> candidates) =>
        candidates.MinBy(candidate => Distance(name, candidate));

    /// <summary>The same among those that begin with the name, or differ in less than half of their letters: nobody meant the others.</summary>
    public static string? FindNear(string name, IEnumerable<string> candidates) => name.Length is > 0 and <= LongestName
        ? Find(name, candidates.Where(candidate => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            || 2 * Distance(name, candidate) < Math.Max(name.Length, candidate.Length)))
        : null;

    /// <summary>Ends a message about a wrong name: <c>; did you mean '…'?</c>, or nothing when no candidate is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        FindNear(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>Letters inserted, removed, replaced or swapped with their neighbour, whatever their case.</summary>
    public static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = last[j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
