using System.Text;

namespace CarbonScaling.Cli.Files;

/// <summary>What a file holds.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Form">How it is written.</param>
/// <param name="MaximumMebibytes">How large it may be.</param>
internal sealed record InputKind(string Name, string Form, int MaximumMebibytes)
{
    /// <summary>A scenario.</summary>
    public static InputKind Scenario { get; } = new("a scenario file", "YAML or JSON", 1);

    /// <summary>A model that a scenario names.</summary>
    public static InputKind Model { get; } = new("a model file", "a Hugging Face config.json or Megatron-LM arguments", 1);

    /// <summary>A calibration.</summary>
    public static InputKind Calibration { get; } = new("a file of calibrate", "YAML or JSON", 1);

    /// <summary>Published measurements.</summary>
    public static InputKind Records { get; } = new("a record file", "CSV", 64);
}

/// <summary>The text of a file that the user names, whatever a path turns out to be.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Content">The text.</param>
internal sealed record InputText(string Name, string Content)
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="UserException">It is not a readable text of at most the size of its kind.</exception>
    public static InputText Read(string path, InputKind kind, Stream standardInput)
    {
        int maximum = kind.MaximumMebibytes << 20;
        if (path == StandardInput)
        {
            return Decode("standard input", kind, () => Bytes(standardInput, maximum));
        }

        if (path.Length == 0)
        {
            throw new UserException("'': is not a path; allowed: a scenario file, or - for standard input");
        }

        return Directory.Exists(path)
            ? throw new UserException($"{path}: is a directory; allowed: {kind.Name}, or - for standard input")
            : Decode(path, kind, () => Bytes(path, maximum));
    }

    private static byte[] Bytes(string path, int maximum)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Bytes(file, maximum);
    }

    // Never more than one byte beyond what is allowed: the stream may have no end.
    private static byte[] Bytes(Stream stream, int maximum)
    {
        byte[] bytes = new byte[maximum + 1];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }

    private static InputText Decode(string name, InputKind kind, Func<byte[]> read)
    {
        try
        {
            byte[] bytes = read();
            return bytes switch
            {
                _ when bytes.Length > kind.MaximumMebibytes << 20 => throw new UserException($"{name}: is too large; allowed: at most {kind.MaximumMebibytes} MiB"),
                _ when bytes.AsSpan().Contains((byte)0) => throw new UserException($"{name}: is not a text file; allowed: {kind.Form} in UTF-8"),
                _ => new(name, Strict.GetString(bytes)),
            };
        }
        catch (DecoderFallbackException)
        {
            throw new UserException($"{name}: is not UTF-8 text; allowed: {kind.Form} in UTF-8");
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
