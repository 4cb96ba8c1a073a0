using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Testing;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>What the program prints and what it explains are the same, down to inputs with a source.</summary>
public sealed partial class ExplanationTests
{
    private const int Cases = 12;

    private static readonly string[] OwnSources = ["scenario", "derived", "search"];

    private static IEnumerable<RandomJob> Jobs => RandomJobs.All.Take(Cases);

    [Fact]
    public void A_derivation_recomputes_the_figure_of_the_estimate()
    {
        foreach (RandomJob job in Jobs)
        {
            using JsonDocument estimate = Json(job.Estimate);
            foreach (string path in Estimator.Figures)
            {
                string[] parts = path.Split('.');
                double printed = estimate.RootElement.GetProperty(parts[0]).GetProperty(parts[1]).GetDouble();
                Derivation derivation = RandomJobs.Estimator.Explain(job.Scenario, path);
                Assert.Equal(path, derivation.Figure);
                Assert.NotEmpty(derivation.Unit);
                Same(printed, derivation.Value, path);
                Same(printed, derivation.Root.Value, path);
                Same(printed, derivation.Trace.Recompute(), path);
            }
        }
    }

    [Fact]
    public void Every_step_is_an_equation_of_the_registry_or_an_input_with_a_source()
    {
        HashSet<string> sources = [.. RandomJobs.Embedded.Sources, .. OwnSources];
        HashSet<string> ids = [.. Equations.All.Select(equation => equation.Id)];
        foreach (RandomJob job in Jobs)
        {
            foreach (string path in Estimator.Figures)
            {
                foreach (DerivationNode node in Nodes(RandomJobs.Estimator.Explain(job.Scenario, path).Root))
                {
                    Assert.NotEmpty(node.Unit);
                    if (node.Input is { } input)
                    {
                        Assert.True(sources.Contains(input.Source), $"{path}: {input.Name} has the source '{input.Source}'");
                    }
                    else if (node.Equation is { } equation)
                    {
                        Assert.True(ids.Contains(equation.Id), $"{path}: {equation.Id} is not in the registry");
                    }
                }
            }
        }
    }

    [Fact]
    public void The_registry_lists_every_equation_once()
    {
        Equation[] declared = [.. Fields().Select(field => (Equation)field.GetValue(null)!)];
        Assert.Equal(declared.Length, Equations.All.Count);
        Assert.All(declared, equation => Assert.Single(Equations.All, listed => ReferenceEquals(listed, equation)));
        Assert.Equal(declared.Length, declared.Select(equation => equation.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_equation_is_used()
    {
        HashSet<string> used = [.. Directory
            .EnumerateFiles(Repository.PathOf("src", "CarbonScaling"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => EquationName().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))];
        string[] unused = [.. Fields().Select(field => field.Name).Where(name => !used.Contains(name))];
        Assert.True(unused.Length == 0, "unused: " + string.Join(", ", unused));
    }

    [GeneratedRegex(@"\bEquations\.(?<name>\w+)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EquationName();

    private static FieldInfo[] Fields() =>
        [.. typeof(Equations).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(Equation))];

    private static JsonDocument Json(Estimate estimate)
    {
        using MemoryStream stream = new();
        ResultJson.Write(stream, estimate);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static HashSet<DerivationNode> Nodes(DerivationNode root)
    {
        HashSet<DerivationNode> seen = new(ReferenceEqualityComparer.Instance);
        Stack<DerivationNode> open = new([root]);
        while (open.TryPop(out DerivationNode? node))
        {
            if (seen.Add(node))
            {
                foreach (DerivationNode input in node.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        return seen;
    }

    private static void Same(double expected, double actual, string path) => Assert.True(
        BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
        $"{path}: the estimate says {expected:R}, the derivation {actual:R}");
}
