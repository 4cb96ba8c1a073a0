namespace CarbonScaling.Testing;

/// <summary>Compares text with a file of the repository that a person has approved.</summary>
internal static class Snapshot
{
    /// <summary>Set to 1 to approve what the tests give now.</summary>
    private const string UpdateVariable = "UPDATE_SNAPSHOTS";

    /// <summary>Fails unless the approved file holds the text; what was received is written beside it.</summary>
    public static void Matches(string received, params string[] path)
    {
        var approvedFile = Repository.PathOf(path);
        var receivedFile = approvedFile.Replace(".approved.", ".received.", StringComparison.Ordinal);
        received = received.ReplaceLineEndings("\n").TrimEnd() + "\n";

        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approvedFile)!);
            File.Delete(receivedFile);
            File.WriteAllText(approvedFile, received);
            return;
        }

        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        if (approved != received && receivedFile != approvedFile)
        {
            File.WriteAllText(receivedFile, received);
        }

        Assert.True(
            approved == received,
            $"{string.Join('/', path)} differs{FirstDifference(approved, received)}. If the change is meant, run the tests with {UpdateVariable}=1 and review the difference.");
        if (receivedFile != approvedFile)
        {
            File.Delete(receivedFile);
        }
    }

    private static string FirstDifference(string approved, string received)
    {
        var before = approved.Split('\n');
        var after = received.Split('\n');
        var line = 0;
        while (line < before.Length && line < after.Length && before[line] == after[line])
        {
            line++;
        }

        return $" at line {line + 1}: approved '{before.ElementAtOrDefault(line)}', received '{after.ElementAtOrDefault(line)}'";
    }
}
