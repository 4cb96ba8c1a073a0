using System.Globalization;
using System.Text.RegularExpressions;
using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Testing;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Explanation;

/// <summary>Registry, code comments and derivations speak of the same equations.</summary>
public sealed partial class EquationDocumentationTests
{
    private static readonly string[] Scenarios =
    [
        """
        model: llama-2-70b
        training: { tokens: 2T, globalBatchSequences: 512, precision: fp8 }
        cluster: { system: dgx-h100, devices: 512 }
        plan: { tensor: 4, pipeline: 4, virtualStages: 5, sharding: zero2, recompute: full }
        site: { grid: us-va }
        """,
        """
        training: { targetLoss: 2.1, globalBatchSequences: 256 }
        cluster: { system: dgx-a100-80gb, devices: 128 }
        plan: { tensor: 8, sharding: zero3 }
        site: { carbonIntensity: 50 g/kWh, pue: 1.3, lifetimeYears: 6 }
        """,
        """
        model: gpt3-175b
        training: { tokens: 300G, globalBatchSequences: 512, precision: fp16, dropout: true }
        software: { stack: megatron-2022 }
        cluster: { system: dgx-2, devices: 512, checkpoint: { asynchronous: false } }
        plan: { tensor: 16, pipeline: 8, schedule: gpipe, sharding: none, sequenceParallel: false, recompute: selective }
        site: { grid: us }
        """,
        """
        model: llama-2-7b
        training: { tokens: 300G, globalBatchSequences: 512 }
        cluster: { system: tpu-v5p-pod, devices: 512 }
        plan: { tensor: 4, sharding: zero2 }
        site: { grid: us }
        """,
        """
        model: deepseek-v3
        training: { tokens: 15T, sequenceLength: 4096, globalBatchSequences: 1024, precision: fp8 }
        software: { moeDispatcher: deepep }
        cluster: { system: dgx-h100, devices: 512 }
        plan: { pipeline: 4, expert: 64, offload: optimizer }
        site: { grid: us }
        """,
        """
        model: { layers: 12, hidden: 2048, feedForward: 8192, heads: 16, vocabulary: 32000, tiedEmbeddings: true, experts: 8, expertsPerToken: 2, expertFeedForward: 4096, expertLayerInterval: 2, window: 1024, windowFullInterval: 4 }
        training: { tokens: 1T, sequenceLength: 16384, globalBatchSequences: 64 }
        cluster: { system: mi300x-8, devices: 64 }
        plan: { tensor: 2, context: 4, pipeline: 2, expert: 4, tensorOverlap: ring, offload: activations }
        site: { grid: us }
        """,
        """
        model: llama-3-8b
        training: { tokens: 1T, sequenceLength: 8192, globalBatchSequences: 64 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { context: 4, contextMode: ulysses }
        site: { grid: us }
        """,
        """
        model: llama-2-70b
        training: { sequenceLength: 4096, globalBatchSequences: 512, phases: [{ tokens: 1T }, { tokens: 2T, globalBatchSequences: 1024 }] }
        cluster: { pools: [{ system: dgx-h100, devices: 256 }, { system: dgx-a100-80gb, devices: 256 }] }
        plan: { tensor: 8, pipeline: 2 }
        site: { grid: us }
        """,
        """
        model: llama-2-70b
        training: { tokens: 2T, sequenceLength: 4096, globalBatchSequences: 512 }
        cluster: { pools: [{ system: dgx-h100, devices: 256 }, { system: dgx-a100-80gb, devices: 256 }] }
        plan: { tensor: 8, pipeline: 4, pools: pipeline }
        site: { grid: us }
        """,
        Piped("zb-h1"),
        Piped("zb-h2"),
        Piped("zbv"),
        Piped("dualpipe"),
    ];

    // FLOPs counted in another way, a loss, and the parameters of prediction layers, which published counts leave out.
    private static readonly string[] Unreached = ["FLOP-7", "LAW-1", "PARAM-12"];

    [Fact]
    public void Every_id_in_a_comment_is_in_the_registry()
    {
        HashSet<string> known = [.. Equations.All.Select(equation => equation.Id)];
        // Names such as GPT-3 look like ids.
        HashSet<string> groups = [.. Equations.All.Select(equation => equation.Id.Split('-')[0])];
        string[] unknown = [.. Mentioned()
            .Where(mention => mention.Cited || groups.Contains(mention.Id.Split('-')[0]))
            .Where(mention => !known.Contains(mention.Id) && !known.Contains(mention.Id + "a"))
            .Select(mention => $"{mention.File}: {mention.Id}")];
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_id_in_the_registry_is_in_a_comment_at_its_code()
    {
        HashSet<string> mentioned = [.. Mentioned().Where(mention => mention.File != "Equations.cs").Select(mention => mention.Id)];
        string[] silent = [.. Equations.All
            .Select(equation => equation.Id)
            .Where(id => !mentioned.Contains(id) && !mentioned.Contains(id.TrimEnd('a', 'b', 'c')))];
        Assert.Empty(silent);
    }

    [Fact]
    public void An_id_is_a_group_and_a_number() => Assert.All(Equations.All, equation =>
    {
        Assert.Matches("^[A-Z]+-[0-9]+[a-z]?$", equation.Id);
        Assert.NotEmpty(equation.Quantity);
        Assert.NotEmpty(equation.Unit);
        Assert.NotEmpty(equation.Formula);
        Assert.NotEmpty(equation.Reference);
    });

    [Fact]
    public void The_summary_of_an_equation_begins_with_its_id_and_quantity()
    {
        string source = File.ReadAllText(Repository.PathOf("src", "CarbonScaling", "Explanation", "Equations.cs"));
        Assert.All(Equations.All, equation =>
            Assert.Contains($"<summary>{equation.Id}: {equation.Quantity}", source, StringComparison.Ordinal));
    }

    [Fact]
    public void Derivations_reach_every_equation_but_a_few()
    {
        Estimator estimator = new(LegalCases.Embedded);
        HashSet<string> used = [];
        foreach (string text in Scenarios)
        {
            Scenario scenario = LegalCases.Read(text);
            foreach (string figure in Estimator.Figures)
            {
                Derivation derivation = estimator.Explain(scenario, figure);
                Assert.Equal(figure, derivation.Figure);
                foreach (DerivationNode step in Steps(derivation.Root))
                {
                    Assert.True(step.Input is null || step.Inputs.Count == 0, $"{step.Label} is an input that has inputs");
                    if (step.Equation is { } equation)
                    {
                        Assert.Equal((equation.Quantity, equation.Unit), (step.Label, step.Unit));
                        used.Add(equation.Id);
                    }
                }
            }
        }

        IEnumerable<string> unused = Equations.All.Select(equation => equation.Id).Where(id => !used.Contains(id));
        Assert.Equal(Unreached, unused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_unknown_figure_is_refused_with_the_nearest()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => new Estimator(LegalCases.Embedded).Explain(LegalCases.Read(Scenarios[0]), "carbon.totalKgs"));
        Assert.Contains("carbon.totalKg", refused.Message, StringComparison.Ordinal);
    }

    private static string Piped(string schedule) => $$"""
        model: mixtral-8x7b
        training: { tokens: 1T, sequenceLength: 4096, globalBatchSequences: 512 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { pipeline: 4, expert: 8, schedule: {{schedule}} }
        site: { grid: us }
        """;

    // "PARAM-5" stands for PARAM-5a to PARAM-5c, "RUN-1 to RUN-3" also for RUN-2.
    private static IEnumerable<(string File, string Id, bool Cited)> Mentioned()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("src", "CarbonScaling"), "*.cs", SearchOption.AllDirectories))
        {
            string text = string.Join('\n', File.ReadLines(file).Where(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
            foreach (Match mention in Mention().Matches(text))
            {
                string group = mention.Groups["group"].Value;
                int first = int.Parse(mention.Groups["first"].Value, CultureInfo.InvariantCulture);
                int last = mention.Groups["last"] is { Success: true } given
                    ? int.Parse(given.Value, CultureInfo.InvariantCulture)
                    : first;
                for (int number = first; number <= last; number++)
                {
                    yield return (Path.GetFileName(file), $"{group}-{number}{mention.Groups["part"].Value}", mention.Groups["cited"].Success);
                }
            }
        }
    }

    private static HashSet<DerivationNode> Steps(DerivationNode root)
    {
        HashSet<DerivationNode> seen = new(ReferenceEqualityComparer.Instance);
        Stack<DerivationNode> open = new([root]);
        while (open.TryPop(out DerivationNode? step))
        {
            if (seen.Add(step))
            {
                foreach (DerivationNode input in step.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        return seen;
    }

    [GeneratedRegex(@"\b(?<cited>Eq\. )?(?<group>[A-Z]{2,})-(?<first>\d+)(?<part>[a-z]?)(?: to \k<group>-(?<last>\d+))?\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mention();
}
