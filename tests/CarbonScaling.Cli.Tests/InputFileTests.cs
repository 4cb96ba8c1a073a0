using System.Text;

namespace CarbonScaling.Cli.Tests;

/// <summary>Whatever a path turns out to be, it is told in one line.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carbonscaling").FullName;

    public static TheoryData<string, byte[], string> Contents { get; } = new()
    {
        { "binary", [0x7f, (byte)'E', (byte)'L', (byte)'F', 0, 1, 2], "is not a text file" },
        { "latin-1", [(byte)'n', (byte)':', (byte)' ', 0xe9, (byte)'\n'], "is not UTF-8 text" },
        { "utf-16", [0xff, 0xfe, (byte)'n', 0], "is not a text file" },
        { "huge", new byte[2 << 20], "is too large; allowed: at most 1 MiB" },
        { "deep", Encoding.UTF8.GetBytes(new string('[', 5000)), "nested too deeply" },
        { "empty", [], "is empty" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Contents))]
    public void Content_that_is_no_scenario(string name, byte[] content, string expected)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllBytes(file, content);
        string line = Refused(file);
        Assert.StartsWith(file, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory() => Assert.Equal($"{_folder}: is a directory; allowed: a scenario file, or - for standard input", Refused(_folder));

    [Fact]
    public void A_missing_file() => Assert.Equal("none/none.yaml: no such file", Refused("none/none.yaml"));

    [Fact]
    public void A_name_with_line_ends_stays_one_line() => Assert.Equal("a b\\u0007c: no such file", Refused("a\nb\u0007c"));

    [Fact]
    public void A_path_that_is_none() => Assert.StartsWith("a\\u0000b: cannot be read", Refused("a\0b"), StringComparison.Ordinal);

    [Fact]
    public void Json_and_a_byte_order_mark_are_welcome()
    {
        const string Scenario = """
            { "model": "llama-2-7b", "training": { "tokens": "1G", "globalBatchSequences": 64 },
              "cluster": { "system": "dgx-h100", "devices": 8 }, "plan": { "sharding": "zero3" }, "site": { "grid": "fr" } }
            """;
        CliResult result = Cli.RunWithInput('\uFEFF' + Scenario, "estimate", "-");
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public void A_model_is_read_relative_to_the_scenario()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "models"));
        File.WriteAllText(Path.Combine(_folder, "models", "config.json"), """{"model_type": "gpt2"}""");
        string scenario = Scenario("models/config.json");
        CliResult result = Cli.Run("estimate", scenario);
        Assert.True(result.ExitCode == 0, result.Error);
        CliResult onto = Cli.Run("estimate", scenario, "--out", Path.Combine(_folder, "models", "config.json"));
        Assert.Equal(2, onto.ExitCode);
    }

    [Fact]
    public void A_model_that_is_missing()
    {
        string scenario = Scenario("none/config.json");
        string missing = Path.Combine(_folder, "none/config.json");
        Assert.Equal($"{scenario}:1: model: 'none/config.json' cannot be read: {missing}: no such file", Refused(scenario));
    }

    private string Scenario(string model)
    {
        string file = Path.Combine(_folder, "job.yaml");
        File.WriteAllText(file, $$"""
            model: {{model}}
            training: { tokens: 1G, sequenceLength: 1024, globalBatchSequences: 64 }
            cluster: { system: dgx-h100, devices: 8 }
            site: { grid: fr }
            """);
        return file;
    }

    private static string Refused(string path)
    {
        CliResult result = Cli.Run("estimate", path);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        return Assert.Single(result.Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
