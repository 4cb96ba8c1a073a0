using CarbonScaling.Energy;
using CarbonScaling.Hardware;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Energy;

/// <summary>Power of devices and of the network, by hand.</summary>
public sealed class PowerTests
{
    private static readonly PowerInputs<Scalar> Power = new(
        new(new(700)),
        new(new(120)),
        new(new(0.1), new(0.9), new(0.5), new(0.64)),
        new(0.7),
        new(0.8),
        new(0.5),
        new(new(350)),
        new(new(2), new(new(25)), new(new(18)), new(new(9)), new(64)));

    [Theory]
    [InlineData(0.16, 350)]
    [InlineData(0.64, 630)]
    [InlineData(0.95, 630)]
    public void Products_draw_power_by_the_root_of_their_rate_up_to_saturation(double achieved, double watts)
    {
        // 700 W × (0.1 + 0.8·√(0.16/0.64)) = 350 W; above saturation 0.9 × 700.
        Assert.Equal(watts, DevicePower.Products(Power, new Scalar(achieved)).Value.Value, 9);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(32, 1)]
    [InlineData(33, 2)]
    [InlineData(1024, 2)]
    [InlineData(1025, 3)]
    [InlineData(100_000, 3)]
    public void A_network_of_more_devices_needs_more_tiers(double devices, int tiers)
    {
        // Two interfaces per device, 64 ports: one switch up to 32 devices, two tiers up to 64²/2 interfaces.
        double expected = 2 * (25 + (18 * ((2 * tiers) - 1)) + (9 * 2 * tiers));
        Assert.Equal(expected, DevicePower.Network(Power.Network, new Scalar(devices)).Value.Value, 9);
    }

    [Fact]
    public void A_network_without_switch_figures_draws_nothing()
    {
        NodeSystem system = SystemReader.Read(LegalCases.Embedded, "tpu-v5e-pod");
        ModelParameters parameters = ParametersReader.Read(LegalCases.Embedded, "priors");
        NodeSystem direct = system with { ScaleOut = system.ScaleOut with { Switches = null } };
        Assert.Equal(0, DevicePower.Network(PowerLift.Power<Scalar>(direct, parameters).Network, new Scalar(512)).Value.Value);
        Assert.True(DevicePower.Network(PowerLift.Power<Scalar>(system, parameters).Network, new Scalar(512)).Value.Value > 0);
    }

    [Fact]
    public void A_step_of_nothing_but_waiting_draws_the_waiting_power()
    {
        StepCost<Scalar> step = Step(default, duration: 10);
        Assert.Equal(120, EnergyUse.StepPower(step, new Scalar(0.5), Power).Value.Value, 12);

        // 4 devices for 1000 s: 480 kJ, 1.4 MJ for their hosts and 2 × (25 + 18 + 18) W × 4000 s for the network.
        RunCost<Scalar> run = new(new(100), new(new(1000)), new(new(4000)), Goodput.Perfect<Scalar>());
        RunEnergy<Scalar> energy = EnergyUse.Of(step, run, new Scalar(0.5), new Scalar(4), Power);
        Assert.Equal(480_000, energy.Accelerators.Value.Value, 6);
        Assert.Equal(1_400_000, energy.Hosts.Value.Value, 6);
        Assert.Equal(488_000, energy.Network.Value.Value, 6);
        Assert.Equal(2_368_000, energy.InformationTechnology.Value.Value, 6);
    }

    [Fact]
    public void A_step_draws_the_power_of_its_phases_by_their_time()
    {
        // Of 10 s: 4 products, 1 attention, 1.5 data movement, 2 communication, 1.5 waiting.
        StepCost<Scalar> step = Step(new(Time(4), Time(1), Time(1.5), Time(2)), 10);
        double joules = (4 * 630) + (1 * 490) + (1.5 * 560) + (2 * 350) + (1.5 * 120);
        Assert.Equal(joules / 10, EnergyUse.StepPower(step, new Scalar(0.8), Power).Value.Value, 9);
    }

    [Fact]
    public void Time_that_does_not_last_is_trained_or_waited_through()
    {
        WallTimeShares<Scalar> shares = new(new(0.7), new(0.1), new(0.05), new(0.15), default, default);
        RunCost<Scalar> run = new(new(1), new(new(1)), new(new(1)), shares);
        StepCost<Scalar> busy = Step(new(Time(10), default, default, default), 10);
        Watts<Scalar> average = EnergyUse.Of(busy, run, new Scalar(0.9), new Scalar(8), Power).AverageDevice;
        Assert.Equal((0.85 * 630) + (0.15 * 120), average.Value.Value, 9);
    }

    private static Seconds<Scalar> Time(double seconds) => new(new(seconds));

    private static StepCost<Scalar> Step(in DevicePhases<Scalar> phases, double duration) =>
        new(Time(duration), default, default, default, default, default, default, phases);
}
