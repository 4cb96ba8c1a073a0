using System.Text;

namespace CarbonScaling.Cli.Files;

/// <summary>Writes a result to a file: all of it, or nothing.</summary>
internal static class ResultFile
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file in one step, so that no reader ever sees half of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its new content.</param>
    /// <param name="inputs">Files that must not be overwritten.</param>
    /// <exception cref="UserException">It cannot be written; what was there before still is.</exception>
    public static void Write(string path, string text, IEnumerable<string> inputs)
    {
        if (path.Length == 0)
        {
            throw new UserException("--out: '' is not a path; allowed: the path of a file, or - for standard output");
        }

        try
        {
            string target = Target(path);
            Check(path, target, inputs);
            if (IsDevice(target))
            {
                File.WriteAllText(target, text, Encoding);
            }
            else if (!TryWriteToPipe(target, text))
            {
                Replace(target, text);
            }
        }
        catch (DirectoryNotFoundException)
        {
            throw new UserException($"--out: '{path}' cannot be written: there is no such directory");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"--out: '{path}' cannot be written: {problem.Message}");
        }
    }

    private static void Check(string path, string target, IEnumerable<string> inputs)
    {
        if (Directory.Exists(target))
        {
            throw new UserException($"--out: '{path}' is a directory; allowed: the path of a file, or - for standard output");
        }

        if (inputs.Any(input => input != InputText.StandardInput && Target(input) == target))
        {
            throw new UserException($"--out: '{path}' is the scenario itself; allowed: another file");
        }

        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly))
        {
            throw new UserException($"--out: '{path}' is read-only");
        }
    }

    /// <summary>The file that a path leads to, through links.</summary>
    private static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }

    /// <summary>Writes to a named pipe, which a file must not replace; false where the path is no pipe.</summary>
    private static bool TryWriteToPipe(string target, string text)
    {
        if (!File.Exists(target))
        {
            return false;
        }

        using FileStream stream = new(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (stream.CanSeek)
        {
            return false;
        }

        stream.Write(Encoding.GetBytes(text));
        return true;
    }

    /// <summary>Whether a path is that of a device.</summary>
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows()
        && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal));

    private static void Replace(string target, string text)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllText(temporary, text, Encoding);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
