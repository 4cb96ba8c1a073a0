using CarbonScaling.Scenarios;
using CsCheck;

namespace CarbonScaling.Tests.Scenarios;

public class ScenarioFuzzTests
{
    private static readonly string[] Pieces =
    [
        "\n", "\t", " ", "  ", ":", ": ", "- ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "!t ", "|", ">", "\"", "'", "\\", "?", "%",
        "---\n", "...\n", "<<: ", "null", "~", "true", "NaN", "1e999", "-1", "0", "16k", "\0", "\u001b", "\ud83d", "\ufeff", "é", "🌱",
        "plan:", "tensor: ", "pools", "phases: ", "modules: ", "layers: ", "hsdp", "none, ", "[0]", "=", ".", "{a: {b: [", "\r\n", "\u0085", "\u2028",
    ];

    private static readonly Gen<string> Seed = Gen.OneOf(Example.Full, Example.Small, Example.Inline, Example.Phased);

    private static Gen<string> Mutated => Gen.Select(
        Seed,
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100_000], Gen.Int[0, 40], Gen.OneOf(Pieces)).Array[1, 8],
        (text, changes) => changes.Aggregate(text, (current, change) => Mutate(current, change.Item1, change.Item2, change.Item3, change.Item4)));

    [Fact]
    public void A_damaged_scenario_is_answered_with_problems_and_never_an_exception() =>
        Mutated.Sample(text => Check(ScenarioReader.Read(text, "job.yaml", [])), iter: 5000);

    [Fact]
    public void Any_text_is_answered_with_problems_and_never_an_exception() =>
        Gen.String.Sample(text => Check(ScenarioReader.Read(text, "job.yaml", [])), iter: 3000);

    [Fact]
    public void Any_override_is_answered_with_problems_and_never_an_exception()
    {
        var path = Gen.OneOf("plan.tensor", "cluster.devices", "cluster.pools[0].system", "model", "x", "training.phases", "training.phases[0]", "training.phases[0].plan", "plan.recompute", "plan.offload", "cluster.pools", "");
        var text = Gen.Select(path, Gen.OneOf(Pieces).Array[0, 6], (name, pieces) => $"{name}={string.Concat(pieces)}");
        Gen.Select(Seed, text.Array[1, 4]).Sample((seed, changes) => Check(ScenarioReader.Read(seed, "job.yaml", changes)), iter: 3000);
    }

    private static void Check(ScenarioReading reading)
    {
        Assert.Equal(reading.IsValid, reading.Problems.Count == 0);
        foreach (var problem in reading.Problems)
        {
            var line = problem.ToString();
            Assert.True(problem.Line >= 1, line);
            Assert.DoesNotContain(line, char.IsControl);
            Assert.InRange(line.Length, 10, 4000);
        }
    }

    private static string Mutate(string text, int kind, int position, int length, string piece)
    {
        int start = text.Length == 0 ? 0 : position % text.Length;
        int end = Math.Min(text.Length, start + length);
        return kind switch
        {
            0 => text.Insert(start, piece),
            1 => text.Remove(start, end - start),
            2 => text.Insert(position / 7 % (text.Length + 1), text[start..end]),
            _ => text[..start] + piece + text[end..],
        };
    }
}
