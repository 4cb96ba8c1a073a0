using CarbonScaling.Carbon;
using CarbonScaling.Hardware;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Carbon;

/// <summary>Parts of embodied emissions, worked out apart.</summary>
public sealed class EmbodiedPartsTests
{
    [Fact]
    public void A_die_by_hand()
    {
        // 400 mm² without a saw line on 300 mm to the edge: π·150²/400 − 0.51·π·300/20 = 152.68 whole dies; 706.86 cm² of
        // wafer / 152.68 = 4.630 cm² each. A·D₀ = 0.4, α = 2: yield 1.2⁻² = 0.6944; half of the rest is sold: 0.8472.
        // 0.5 kg/kWh × 2 kWh/cm² + 0.2 + 0.3 = 1.5 kg/cm²; 4.630 × 1.5 / 0.8472 = 8.197 kg, two of them 16.39.
        const double SquareCentimetre = 1e-4;
        DieInputs<Scalar> die = new(
            new(2), new(4 * SquareCentimetre), new(new(0.5 / 3.6e6)), new(new(2 * 3.6e6 / SquareCentimetre)),
            new(new(0.2 / SquareCentimetre)), new(new(0.3 / SquareCentimetre)), new(0.1 / SquareCentimetre), new(2), new(0.5));
        EmbodiedInputs<Scalar> inputs = new(
            die, default, default, default, new(4 * SquareCentimetre), new(new(0.3), new(0), new(0)), default, default, default);
        Assert.Equal(16.39, Embodied.Accelerator(inputs).Value.Value, 0.01);
    }

    [Fact]
    public void Memory_interposer_board_host_and_network_add_up()
    {
        NodeSystem nodes = SystemReader.Read(LegalCases.Embedded, "dgx-h100");
        EmbodiedInputs<Scalar> inputs = Inputs(nodes);
        double dies = Embodied.Accelerator(DiesOnly(inputs)).Value.Value;
        double all = Embodied.Accelerator(inputs).Value.Value;

        // 80 GiB are 85.9 GB at 0.795 kg; 54.25 kg of board; 16.23 cm² at 0.8 kg/cm² with a quarter more for the wafer's edge.
        Assert.InRange(all - dies - (85.9 * 0.795) - 54.25, 16.23 * 0.8 * 1.2, 16.23 * 0.8 * 1.6);
        EmbodiedPerDevice<Scalar> device = Embodied.PerDevice(new Emissions<Scalar>(new(all)), inputs, new Watts<Scalar>(new(1000)));
        Assert.Equal(5700.0 / 8, device.Host.Value.Value, 9);
        Assert.Equal(175, device.Network.Value.Value, 9);
        Assert.Equal(all + (5700.0 / 8) + 175, device.Total.Value.Value, 9);
    }

    [Fact]
    public void Dies_of_another_process_add_up_and_devices_of_a_package_share_its_board()
    {
        NodeSystem mixed = SystemReader.Read(LegalCases.Embedded, "mi300x-8");
        EmbodiedInputs<Scalar> inputs = DiesOnly(Inputs(mixed)) with { InterposerArea = null };
        double both = Embodied.Accelerator(inputs).Value.Value;
        double compute = Embodied.Accelerator(inputs with { OtherDie = null }).Value.Value;
        double other = Embodied.Accelerator(inputs with { Die = inputs.OtherDie!, OtherDie = null }).Value.Value;
        Assert.Equal(both, compute + other, 9);
        Assert.True(other > compute, "four dies of 377 mm² take more wafer than eight of 115 mm²");

        double half = Inputs(SystemReader.Read(LegalCases.Embedded, "frontier-mi250x")).Board.Value.Value;
        Assert.Equal(54.25 / 2, half, 9);
        Assert.Null(Inputs(SystemReader.Read(LegalCases.Embedded, "l40s-8")).InterposerArea);
        Assert.Equal(2700.0 / 4, Inputs(SystemReader.Read(LegalCases.Embedded, "gb200-nvl72")).Host.Value.Value, 9);
    }

    [Fact]
    public void A_larger_die_and_more_defects_cost_more_than_in_proportion()
    {
        EmbodiedInputs<Scalar> inputs = DiesOnly(Inputs(SystemReader.Read(LegalCases.Embedded, "dgx-h100")));
        double Kilograms(double area, double defects) => Embodied.Accelerator(inputs with
        {
            Die = inputs.Die with { Area = new(inputs.Die.Area.Value * area), DefectDensity = new(inputs.Die.DefectDensity.Value * defects) },
        }).Value.Value;
        Assert.True(Kilograms(1, 1) > 2 * Kilograms(0.5, 1));
        Assert.True(Kilograms(1, 2) > Kilograms(1, 1));
    }

    private static EmbodiedInputs<Scalar> Inputs(NodeSystem nodes) =>
        EmbodiedReader.Read(LegalCases.Embedded, nodes).Lift<Scalar>(nodes);

    private static EmbodiedInputs<Scalar> DiesOnly(EmbodiedInputs<Scalar> inputs) =>
        inputs with { Memory = default, Interposer = default, Board = default };
}
