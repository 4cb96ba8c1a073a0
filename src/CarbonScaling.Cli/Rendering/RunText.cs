using CarbonScaling.Planning;
using Spectre.Console;

namespace CarbonScaling.Cli.Rendering;

/// <summary>The run, its energy and its carbon.</summary>
internal static class RunText
{
    /// <summary>Writes all three.</summary>
    public static void Write(IAnsiConsole console, Estimate estimate)
    {
        WriteRun(console, estimate.Run);
        WriteEnergy(console, estimate.Energy, estimate.Carbon.Pue);
        WriteCarbon(console, estimate.Carbon);
    }

    private static void WriteRun(IAnsiConsole console, EstimatedRun run)
    {
        console.Heading($"Run: {Human.Days(run.Days)}");
        console.Block(Page.Columns("lw")
            .Row("work", $"{Human.Count(run.Tokens)} tokens in {Human.Number(run.Steps)} steps")
            .Row("devices", $"{Human.Count(run.DeviceHours)} device-hours")
            .Row(
                "goodput",
                $"{Human.Percent(run.Goodput)}; lost to failures {Human.Percent(run.LostToFailures)}, to checkpoints {Human.Percent(run.LostToCheckpoints)}"));
    }

    private static void WriteEnergy(IAnsiConsole console, EstimatedEnergy energy, double pue)
    {
        console.Heading($"Energy: {Human.Energy(energy.FacilityKwh)}");
        console.Block(StepText.Shares(
            console,
            energy.FacilityKwh,
            Human.Energy,
            ("accelerators", energy.AcceleratorKwh),
            ("hosts", energy.HostKwh),
            ("network", energy.NetworkKwh),
            ("cooling and losses", energy.FacilityKwh - energy.ItKwh)));
        console.WriteLine();
        console.Block(Page.Columns("lw")
            .Row("IT", $"{Human.Energy(energy.ItKwh)}; PUE {Human.Number(pue)}")
            .Row("power", $"{Human.Watts(energy.AverageDeviceWatts)} per accelerator, {Human.Watts(energy.AverageFacilityMegawatts * 1e6)} in all"));
    }

    private static void WriteCarbon(IAnsiConsole console, EstimatedCarbon carbon)
    {
        console.Heading($"Carbon: {Human.Emissions(carbon.TotalKg)}");
        console.Block(StepText.Shares(
            console,
            carbon.TotalKg,
            Human.Emissions,
            ("operational", carbon.OperationalKg),
            ("embodied", carbon.EmbodiedKg),
            ("  accelerators", carbon.EmbodiedAcceleratorKg),
            ("  hosts", carbon.EmbodiedHostKg),
            ("  network", carbon.EmbodiedNetworkKg)));
        console.WriteLine();
        string where = carbon.Grid == "given" ? "as given" : $"grid {carbon.Grid}";
        console.Block(Page.Columns("lw").Row("electricity", $"{Human.Number(carbon.IntensityGramsPerKwh)} gCO2e/kWh, {where}"));
    }
}
