using CarbonScaling.Carbon;
using CarbonScaling.Energy;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Carbon;

/// <summary>From energy to emissions, by hand.</summary>
public sealed class FootprintTests
{
    [Fact]
    public void A_run_by_hand()
    {
        // 3, 1 and 1 kWh are 5 kWh; at PUE 1.2 6 kWh; at 400 g/kWh 2.4 kg. 10 devices for a tenth of their life, 200 kg each.
        const double KilowattHour = 3.6e6;
        RunEnergy<Scalar> energy = new(
            new(new(3 * KilowattHour)), new(new(KilowattHour)), new(new(KilowattHour)), default, default);
        RunCost<Scalar> run = new(new(1), new(new(1e6)), new(new(1e7)), Goodput.Perfect<Scalar>());
        SiteInputs<Scalar> site = new(new(new(0.4 / KilowattHour)), new(1.2), new(new(1e7)));
        Footprint<Scalar> footprint = CarbonAccount.Of(energy, run, site, new Emissions<Scalar>(new(200)));
        Assert.Equal(5 * KilowattHour, energy.InformationTechnology.Value.Value, 3);
        Assert.Equal(6 * KilowattHour, footprint.FacilityEnergy.Value.Value, 3);
        Assert.Equal(2.4, footprint.Operational.Value.Value, 12);
        Assert.Equal(200, footprint.Embodied.Value.Value, 12);
        Assert.Equal(202.4, footprint.Total.Value.Value, 12);
    }

    [Fact]
    public void The_figures_of_an_estimate_are_consistent()
    {
        Assert.All(LegalCases.All.Take(60), one =>
        {
            Estimate estimate = new Estimator(LegalCases.Embedded).Estimate(one.Scenario);
            EstimatedCarbon carbon = estimate.Carbon;
            EstimatedEnergy energy = estimate.Energy;
            Near(energy.ItKwh * carbon.Pue, energy.FacilityKwh);
            Near(energy.FacilityKwh * carbon.IntensityGramsPerKwh / 1000, carbon.OperationalKg);
            Near(carbon.EmbodiedShare * carbon.TotalKg, carbon.EmbodiedKg);
            Near(estimate.Run.Days * 24 * estimate.Cluster.Devices, estimate.Run.DeviceHours);
            Near(energy.AverageDeviceWatts * estimate.Run.DeviceHours / 1000, energy.AcceleratorKwh);
            Near(energy.AverageFacilityMegawatts * 1000 * estimate.Run.Days * 24, energy.FacilityKwh);
            Near(estimate.Run.Steps * estimate.Step.Seconds / 86_400, estimate.Run.Days * estimate.Run.Goodput);
        });

        static void Near(double expected, double actual) => Assert.Equal(1, actual / expected, 1e-11);
    }

    [Fact]
    public void The_average_power_lies_between_waiting_and_the_limit() => Assert.All(LegalCases.All.Take(60), one =>
    {
        PowerInputs<Scalar> power = JobInputs<Scalar>.Lift(one.Job).Power;
        double watts = new Estimator(LegalCases.Embedded).Estimate(one.Scenario).Energy.AverageDeviceWatts;
        Assert.InRange(watts, power.Waiting.Value.Value, power.Limit.Value.Value);
    });
}
