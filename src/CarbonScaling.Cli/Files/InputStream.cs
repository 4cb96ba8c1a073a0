namespace CarbonScaling.Cli.Files;

/// <summary>The content of a file that is too large to hold, whatever a path turns out to be.</summary>
internal static class InputStream
{
    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="kind">What it should be.</param>
    /// <param name="standardInput">Standard input.</param>
    /// <returns>What messages call it, and its content.</returns>
    /// <exception cref="UserException">It cannot be opened.</exception>
    public static (string Name, Stream Stream) Open(string path, string kind, Stream standardInput)
    {
        if (path == InputText.StandardInput)
        {
            return ("standard input", standardInput);
        }

        if (path.Length == 0)
        {
            throw new UserException($"'': is not a path; allowed: {kind}, or - for standard input");
        }

        return Directory.Exists(path)
            ? throw new UserException($"{path}: is a directory; allowed: {kind}, or - for standard input")
            : (path, Read<Stream>(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)));
    }

    /// <summary>Reads from a file, and tells what the system refuses.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="read">What is read.</param>
    /// <exception cref="UserException">It cannot be read.</exception>
    public static T Read<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException($"{name}: no such file");
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"{name}: cannot be read: {problem.Message}");
        }
    }
}
