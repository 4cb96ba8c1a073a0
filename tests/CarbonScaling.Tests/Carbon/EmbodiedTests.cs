using CarbonScaling.Carbon;
using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Carbon;

/// <summary>Bottom-up embodied emissions against published footprints of whole devices, to which nothing is tuned.</summary>
public sealed class EmbodiedTests
{
    [Theory]
    [InlineData("dgx-a100-40gb", 127.6, 0.10)]
    [InlineData("dgx-h100", 164, 0.15)]
    [InlineData("dgx-b200", 284.25, 0.15)]
    public void An_accelerator_is_near_its_published_footprint(string system, double publishedKg, double tolerance)
    {
        NodeSystem nodes = SystemReader.Read(LegalCases.Embedded, system);
        EmbodiedInputs<Scalar> inputs = EmbodiedReader.Read(LegalCases.Embedded, nodes).Lift<Scalar>(nodes);
        Assert.InRange(Embodied.Accelerator(inputs).Value.Value / publishedKg, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void Emissions_are_power_times_time_times_intensity()
    {
        Estimate estimate = new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read("""
            model: llama-2-7b
            training: { tokens: 10G, sequenceLength: 4096, globalBatchSequences: 64 }
            cluster: { system: dgx-h100, devices: 8, failures: none }
            plan: { sharding: zero3 }
            site: { carbonIntensity: 500 g/kWh, pue: 1.25, lifetimeYears: 4 }
            """));
        double kilowattHours = estimate.Energy.AverageDeviceWatts / 1000 * estimate.Run.DeviceHours;
        Assert.Equal(kilowattHours, estimate.Energy.AcceleratorKwh, 1e-9 * kilowattHours);
        Assert.Equal(estimate.Run.DeviceHours * 2.8 / 8, estimate.Energy.HostKwh, 1e-9 * kilowattHours);
        Assert.Equal(estimate.Energy.ItKwh * 1.25 * 0.5, estimate.Carbon.OperationalKg, 1e-9 * kilowattHours);
        Assert.Equal(1, estimate.Run.Goodput);
        Assert.Equal(estimate.Run.Days, estimate.Run.Steps * estimate.Step.Seconds / 86_400, 9);
    }
}
