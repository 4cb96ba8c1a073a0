using CarbonScaling.Explanation;
using CarbonScaling.Laws;
using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>Elasticities against differences, and against forward derivatives.</summary>
public sealed class SensitivityTests
{
    private const string Path = "step.seconds";

    /// <summary>Relative change of a parameter: small against curvature, large against rounding.</summary>
    private const double Change = 1e-5;

    /// <summary>Below this the rounding of a difference shows.</summary>
    private const double LeastElasticity = 1e-4;

    /// <summary>Fewer parameters than this would test little.</summary>
    private const int LeastCompared = 8;

    [Theory]
    [InlineData("llama-3.1-405b", "dgx-h100", "pipeline: 16, virtualStages: 4, tensor: 8, schedule: interleaved")]
    [InlineData("gpt3-175b", "dgx-a100-80gb", "pipeline: 8, tensor: 8, recompute: selective, sequenceParallel: false")]
    [InlineData("mistral-7b", "dgx-b200", "sharding: zero3, tensor: 2, recompute: full")]
    public void Elasticities_are_those_of_central_differences(string model, string system, string plan)
    {
        RandomJob job = RandomJobs.TryMake($$"""
            model: {{model}}
            training: { tokens: 300G, sequenceLength: 4096, globalBatchSequences: 512 }
            cluster: { system: {{system}}, devices: 1024 }
            plan: { {{plan}} }
            site: { grid: fr }
            """)!;
        IReadOnlyDictionary<string, InputSensitivity> elasticities =
            Sensitivity.Elasticities(Readings.Read(Path, job.Assess<Traced>()).Node);
        int compared = 0;
        foreach ((string name, Figure parameter) in job.Resolved.Job.Training.Parameters.Figures)
        {
            double up = LogOfStep(job, name, parameter.Value * (1 + Change));
            double down = LogOfStep(job, name, parameter.Value * (1 - Change));
            if (!elasticities.TryGetValue(parameter.Name, out InputSensitivity? sensitivity))
            {
                Assert.True(up == down, $"{name} moves the step, but is no input of its derivation");
                continue;
            }

            double middle = LogOfStep(job, name, parameter.Value);
            double central = (up - down) / (2 * Change);
            double bend = Math.Abs(up - middle - (middle - down)) / Change;
            if (Math.Abs(central) < LeastElasticity || bend > 1e-3 * Math.Abs(central))
            {
                Assert.InRange(sensitivity.Elasticity, central - bend - LeastElasticity, central + bend + LeastElasticity);
                continue;
            }

            compared++;
            Assert.True(
                Math.Abs((sensitivity.Elasticity / central) - 1) < 1e-4,
                $"{name}: elasticity {sensitivity.Elasticity:R}, by differences {central:R}");
        }

        Assert.True(compared >= LeastCompared, $"only {compared} parameters were compared");
    }

    [Fact]
    public void Forward_derivatives_of_the_loss_law_are_the_backward_ones()
    {
        LossLaw law = LossLaw.Read(RandomJobs.Embedded, "hoffmann-2022");
        const double Parameters = 7e10;
        const double Tokens = 1.4e12;
        Dual forward = law.Loss(Dual.Variable(Parameters, 0), Dual.Variable(Tokens, 1));
        Traced backward = law.Loss(Leaf("parameters", Parameters), Leaf("tokens", Tokens));
        Same(forward, 0, Parameters, backward, "parameters");
        Same(forward, 1, Tokens, backward, "tokens");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_derivatives_of_the_goodput_are_the_backward_ones(bool asynchronous)
    {
        string[] names = ["failures", "restart", "checkpoint", "storage", "link", "devices"];
        double[] values = [5.5e-9, 600, 5.6e12, 2e12, 6.4e10, 16_384];
        Dual forward = Useful([.. values.Select((value, i) => Dual.Variable(value, i))]);
        Traced backward = Useful([.. values.Select((value, i) => Leaf(names[i], value))]);
        for (int i = 0; i < names.Length; i++)
        {
            Same(forward, i, values[i], backward, names[i]);
        }

        T Useful<T>(T[] x)
            where T : struct, IReal<T>
        {
            ReliabilityInputs<T> inputs = new(x[0], new(x[1]), new(x[2]), new(x[3]), new(x[4]));
            return Goodput.Shares(inputs, x[5], storagePerDevice: false, asynchronous).Useful;
        }
    }

    private static double LogOfStep(RandomJob job, string name, double value)
    {
        TrainingJob training = job.Resolved.Job.Training;
        CarbonJob changed = job.Resolved.Job with { Training = training with { Parameters = training.Parameters.With(name, value) } };
        return Math.Log(Readings.Read(Path, job.Assess<Scalar>(changed)).Value);
    }

    private static Traced Leaf(string name, double value) => Traced.Input(new(name, value, "1", "scenario", FigureStatus.Given));

    private static void Same(in Dual forward, int direction, double at, Traced backward, string name)
    {
        Assert.Equal(forward.Value, backward.Value);
        double expected = forward.Gradient[direction] * at / forward.Value;

        // An input that was not used is missing; its derivative is zero.
        double actual = Sensitivity.Elasticities(backward.Node).TryGetValue(name, out InputSensitivity? found) ? found.Elasticity : 0;
        Assert.Equal(expected, actual, Math.Max(1e-18, 1e-12 * Math.Abs(expected)));
    }
}
