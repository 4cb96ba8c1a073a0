using System.Text;

namespace CarbonScaling.Cli.Files;

/// <summary>The text of a scenario, whatever a path turns out to be.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Content">The text.</param>
internal sealed record ScenarioText(string Name, string Content)
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int MaximumBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="UserException">It is not a readable text of at most 1 MiB.</exception>
    public static ScenarioText Read(string path, Stream standardInput)
    {
        if (path == StandardInput)
        {
            return Decode("standard input", () => Bytes(standardInput));
        }

        return Directory.Exists(path)
            ? throw new UserException($"{path}: is a directory; allowed: a scenario file, or - for standard input")
            : Decode(path, () => Bytes(path));
    }

    private static byte[] Bytes(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Bytes(file);
    }

    // Never more than one byte beyond what is allowed: the stream may have no end.
    private static byte[] Bytes(Stream stream)
    {
        byte[] bytes = new byte[MaximumBytes + 1];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }

    private static ScenarioText Decode(string name, Func<byte[]> read)
    {
        try
        {
            byte[] bytes = read();
            return bytes switch
            {
                { Length: > MaximumBytes } => throw new UserException($"{name}: is too large; allowed: at most 1 MiB"),
                _ when bytes.AsSpan().Contains((byte)0) => throw new UserException($"{name}: is not a text file; allowed: YAML or JSON in UTF-8"),
                _ => new(name, Strict.GetString(bytes)),
            };
        }
        catch (DecoderFallbackException)
        {
            throw new UserException($"{name}: is not UTF-8 text; allowed: YAML or JSON in UTF-8");
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
