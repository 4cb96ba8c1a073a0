using System.Reflection;
using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Testing;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Explanation;

/// <summary>Every figure can be recomputed from its derivation, down to inputs that name their sources.</summary>
public sealed class DerivationTests
{
    private static readonly string[] OwnSources = ["scenario", "derived", "search"];

    [Fact]
    public void Recomputing_a_derivation_gives_the_figure()
    {
        Estimator estimator = new(LegalCases.Embedded);
        foreach (LegalCase one in LegalCases.All.Take(12))
        {
            Assessment<Scalar> result = one.Builder.Assess<Scalar>(one.Plan);
            foreach (string figure in Estimator.Figures)
            {
                Derivation derivation = estimator.Explain(one.Scenario, figure);
                double expected = Readings.Read(figure, result).Value;
                Assert.Equal(expected, derivation.Value);
                Assert.Equal(expected, derivation.Trace.Recompute());
            }
        }
    }

    [Fact]
    public void Every_leaf_has_a_source()
    {
        HashSet<string> known = [.. LegalCases.Embedded.Sources, .. OwnSources];
        foreach (LegalCase one in LegalCases.All)
        {
            foreach (string path in new[] { "carbon.totalKg", "memory.totalBytes", "step.mfu" })
            {
                TraceNode trace = Readings.Read(path, one.Builder.Assess<Traced>(one.Plan)).Node;
                foreach (InputSensitivity input in Sensitivity.Elasticities(trace).Values)
                {
                    Assert.True(known.Contains(input.Input.Source), $"{input.Input.Name} has the source '{input.Input.Source}'");
                    Assert.NotEmpty(input.Input.Unit);
                }
            }
        }
    }

    [Fact]
    public void The_registry_holds_every_equation_once()
    {
        FieldInfo[] fields = [.. typeof(Equations).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Equation))];
        Assert.Equal(fields.Length, Equations.All.Count);
        Assert.Equal(Equations.All.Count, Equations.All.Select(equation => equation.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(fields, field => Assert.Contains((Equation)field.GetValue(null)!, Equations.All));
    }

    [Fact]
    public void Every_equation_is_used_in_code()
    {
        string source = string.Concat(Directory
            .EnumerateFiles(Repository.PathOf("src", "CarbonScaling"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "Equations.cs")
            .Select(File.ReadAllText));
        FieldInfo[] fields = typeof(Equations).GetFields(BindingFlags.Public | BindingFlags.Static);
        Assert.All(fields, field => Assert.Contains("Equations." + field.Name, source, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gemm.hopper.16bit.efficiency")]
    [InlineData("memory.efficiency.hopper")]
    [InlineData("stack.megatron-core.weightGradientAccumulationBytes")]
    [InlineData("collective.scaleOut.efficiency")]
    [InlineData("step.straggling")]
    public void Elasticities_are_those_of_central_differences(string parameter)
    {
        const string Text = """
            model: llama-3.1-405b
            training: { tokens: 1T, sequenceLength: 8192, globalBatchSequences: 512 }
            cluster: { system: dgx-h100, devices: 1024 }
            plan: { tensor: 8, pipeline: 16, sharding: zero1 }
            site: { grid: fr }
            """;
        var scenario = LegalCases.Read(Text);
        CarbonJob job = JobBuilder.Build(scenario, LegalCases.Embedded).Job;
        SplitPlan plan = FixedPlan.Of(scenario, job.Training);
        LegalCase one = new(scenario, job, plan, Text);
        TraceNode trace = Readings.Read("step.seconds", one.Builder.Assess<Traced>(plan)).Node;
        double elasticity = Sensitivity.Elasticities(trace)[Name()].Elasticity;
        const double Step = 1e-5;
        double difference = (Math.Log(Seconds(1 + Step)) - Math.Log(Seconds(1 - Step))) / (2 * Step);
        Assert.Equal(difference, elasticity, 1e-6);

        string Name() => job.Training.Parameters[parameter].Name;

        double Seconds(double factor)
        {
            ModelParameters changed = job.Training.Parameters.With(parameter, job.Training.Parameters[parameter].Value * factor);
            CarbonJob other = job with { Training = job.Training with { Parameters = changed } };
            return Readings.Read("step.seconds", (one with { Job = other }).Builder.Assess<Scalar>(plan)).Value;
        }
    }
}
