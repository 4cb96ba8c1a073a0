namespace CarbonScaling.Cli;

/// <summary>Writes messages, one line each.</summary>
internal static class Messages
{
    /// <summary>Writes lines; a reader who has gone away is no reason to fail.</summary>
    public static void Write(TextWriter to, IEnumerable<string> lines)
    {
        try
        {
            foreach (string line in lines)
            {
                to.WriteLine(OneLine.Of(line));
            }

            to.Flush();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody is left to tell.
        }
    }
}
