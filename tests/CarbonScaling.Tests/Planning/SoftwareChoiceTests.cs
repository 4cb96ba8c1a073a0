using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>What the choice of the software changes in a job.</summary>
public sealed class SoftwareChoiceTests
{
    private const string Dense = """
        model: llama-2-7b
        training: { tokens: 20G, sequenceLength: 4096, globalBatchSequences: 256 }
        cluster: { system: dgx-h100, devices: 16 }
        plan: { tensor: 4, sharding: zero1 }
        site: { grid: fr }
        calibration: priors
        """;

    private const string Mixture = """
        model: qwen3-235b-a22b
        training: { tokens: 1T, sequenceLength: 4096, globalBatchSequences: 1024 }
        site: { grid: fr }
        calibration: priors
        """;

    [Fact]
    public void Gradients_in_16_bits_take_half_the_memory_and_half_the_exchange()
    {
        Estimate wide = Of(Dense, "training.storage.gradients=fp32", "software.overlap.data=false");
        Estimate narrow = Of(Dense, "training.storage.gradients=bf16", "software.overlap.data=false");
        Assert.Equal(wide.Memory.GradientsBytes / 2, narrow.Memory.GradientsBytes, 1e-9 * wide.Memory.GradientsBytes);
        Assert.Equal(Of(Dense, "software.overlap.data=false").Step, wide.Step);
        Assert.True(narrow.Step.DataCommSeconds < wide.Step.DataCommSeconds);
        Assert.True(narrow.Step.ComputeSeconds < wide.Step.ComputeSeconds);
    }

    [Theory]
    [InlineData("gb200-nvl72", "2026-06", MoeDispatcher.HybridEp)]
    [InlineData("gb200-nvl72", "2026-05", MoeDispatcher.HybridEp)]
    [InlineData("gb200-nvl72", "2026-04", MoeDispatcher.AllToAll)]
    [InlineData("dgx-h100", "2026-06", MoeDispatcher.AllToAll)]
    public void A_release_sets_the_dispatcher(string system, string release, MoeDispatcher expected)
    {
        Scenario scenario = LegalCases.Read(
            Mixture, $"cluster={{system: {system}, devices: 288}}", $"software.release={release}");
        Assert.Equal(expected, JobBuilder.Build(scenario, LegalCases.Embedded).Job.Training.Software.MoeDispatcher);
    }

    [Fact]
    public void A_slowdown_divides_the_rates_of_kernels_and_traffic_those_of_memory()
    {
        MachineInputs<Scalar> machine = Machine(static parameters => parameters);
        MachineInputs<Scalar> slow = Machine(static parameters => parameters.With("stack.megatron-core.slowdown", 2));
        MachineInputs<Scalar> heavy = Machine(static parameters => parameters.With("stack.megatron-core.traffic", 3));
        Assert.Equal(machine.Products.Efficiency.Value / 2, slow.Products.Efficiency.Value, 12);
        Assert.Equal(machine.Attention!.Efficiency.Value / 2, slow.Attention!.Efficiency.Value, 12);
        Assert.Equal(machine.Memory.Bandwidth.Value.Value / 2, slow.Memory.Bandwidth.Value.Value, 1);
        Assert.Equal(machine.Memory.Bandwidth.Value.Value / 3, heavy.Memory.Bandwidth.Value.Value, 1);
        Assert.Equal(machine.Products.Efficiency, heavy.Products.Efficiency);
    }

    private static MachineInputs<Scalar> Machine(Func<ModelParameters, ModelParameters> change)
    {
        TrainingJob job = JobBuilder.Build(LegalCases.Read(Dense), LegalCases.Embedded).Job.Training;
        return MachineLift.Machine<Scalar>(job with { Parameters = change(job.Parameters) });
    }

    private static Estimate Of(string text, params string[] changes) =>
        new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text, changes));
}
