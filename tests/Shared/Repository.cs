namespace CarbonScaling.Testing;

/// <summary>The repository that the tests run in.</summary>
internal static class Repository
{
    /// <summary>Its root: the nearest folder above the test's program that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A path inside it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "CarbonScaling.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"no CarbonScaling.slnx above {AppContext.BaseDirectory}");
    }
}
