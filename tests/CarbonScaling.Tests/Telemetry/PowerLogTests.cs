using System.Text;
using CarbonScaling.Telemetry;

namespace CarbonScaling.Tests.Telemetry;

public class PowerLogTests
{
    [Fact]
    public void A_scrape_of_DCGM_gives_the_mean_of_the_known_devices()
    {
        TelemetryFile file = Logs.Read(Logs.Dcgm);
        MeasuredPower power = file.Power!.Between()!;

        Assert.Equal((TelemetryKind.DcgmText, PowerBoundary.Devices, 2), (file.Kind, power.Boundary, power.Devices));
        Assert.Equal((612.692 + 640.308) / 2, power.Watts, 6);
        Assert.Equal(0, power.DeviceSeconds);
        Assert.Contains(file.Notes, note => note.Contains("no times", StringComparison.Ordinal));
        Assert.Contains(file.Notes, note => note.StartsWith("1 readings are not known", StringComparison.Ordinal));
    }

    [Fact]
    public void Counters_of_DCGM_with_times_go_before_readings()
    {
        // 60,000 J in 100 s are 600 W, whatever the readings say.
        MeasuredPower power = Logs.Read("""
            DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-a"} 100 1770411300000
            DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-a"} 1000000 1770411300000
            DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-a"} 100 1770411400000
            DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-a"} 61000000 1770411400000

            """).Power!.Between()!;

        Assert.Equal((PowerSource.Counter, 600d, 100d, 60_000d), (power.Source, power.Watts, power.DeviceSeconds, power.Joules));
    }

    [Theory]
    [InlineData(Logs.NvidiaSmi)]
    [InlineData("timestamp, uuid, power.draw [W]\n2026/02/06 20:55:00.000, GPU-a, 600.00\n2026/02/06 20:55:10.000, GPU-a, 640.00\n2026/02/06 20:55:20.000, GPU-a, 680.00\n")]
    [InlineData("power.draw.average [W], timestamp, pci.bus_id\n600.00 W, 2026/02/06 20:55:00.000, 00000000:53:00.0\n640.00 W, 2026/02/06 20:55:10.000, 00000000:53:00.0\n680.00 W, 2026/02/06 20:55:20.000, 00000000:53:00.0\n")]
    public void Nvidia_smi_gives_the_mean_over_time(string text)
    {
        TelemetryFile file = Logs.Read(text);
        MeasuredPower power = file.Power!.Between()!;

        // Trapezoids: (600 + 640)/2 · 10 s + (640 + 680)/2 · 10 s = 12,800 J in 20 s.
        Assert.Equal((TelemetryKind.NvidiaSmi, 1, 640d, 20d, 12_800d), (file.Kind, power.Devices, power.Watts, power.DeviceSeconds, power.Joules));
    }

    [Fact]
    public void A_break_of_the_meter_is_not_bridged()
    {
        PowerLog log = new();
        foreach (int second in (int[])[0, 10, 20, 620, 630])
        {
            log.AddPower("a", 1_770_411_300 + second, second < 100 ? 600 : 100);
        }

        // 20 s at 600 W and 10 s at 100 W; the ten minutes between are not known.
        MeasuredPower power = log.Between()!;
        Assert.Equal((30d, 13_000d), (power.DeviceSeconds, power.Joules));
    }

    [Fact]
    public void Only_the_time_of_the_steps_counts()
    {
        PowerLog log = new();
        for (int minute = 0; minute < 120; minute++)
        {
            log.AddPower("a", 1_770_411_600 + (60 * minute), minute < 60 ? 100 : 700);
        }

        MeasuredPower power = log.Between(1_770_411_600 + (70 * 60), 1_770_411_600 + (100 * 60))!;
        Assert.Equal(700, power.Watts, 9);
        Assert.Null(log.Between(0, 1_000_000));
    }

    [Fact]
    public void Prometheus_gives_power_of_each_device()
    {
        TelemetryFile file = Logs.Read(Logs.PrometheusPower);
        MeasuredPower power = file.Power!.Between()!;

        // (610 · 15 + 630.25 · 15 + 500 · 30) / 60 s.
        Assert.Equal((TelemetryKind.PrometheusRange, 2, 60d), (file.Kind, power.Devices, power.DeviceSeconds));
        Assert.Equal((9150 + 9453.75 + 15_000) / 60, power.Watts, 9);
    }

    [Fact]
    public void Prometheus_counters_are_in_millijoules()
    {
        MeasuredPower power = Logs.Read(Logs.PrometheusEnergy).Power!.Between()!;

        Assert.Equal((PowerSource.Counter, 600d, 18_000d), (power.Source, power.Watts, power.Joules));
    }

    [Fact]
    public void A_long_answer_of_Prometheus_is_read_in_pieces()
    {
        StringBuilder text = new("""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"DCGM_FI_DEV_POWER_USAGE","UUID":"a"},"values":[""");
        for (int i = 0; i < 20_000; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(System.Globalization.CultureInfo.InvariantCulture, $"[{1_770_411_300 + (15 * i)},\"{600 + (i % 2)}\"]");
        }

        MeasuredPower power = Logs.Read(text.Append("]}]}}").ToString()).Power!.Between()!;

        Assert.Equal(600.5, power.Watts, 9);
        Assert.Equal(15d * 19_999, power.DeviceSeconds);
    }

    [Fact]
    public void Slurm_gives_time_devices_and_energy_of_nodes()
    {
        TelemetryFile file = Logs.Read(Logs.Sacct);

        Assert.Equal(TelemetryKind.SlurmAccounting, file.Kind);
        Assert.Equal([("38113", "FAILED", 2102d, 16, 2, 40_543_125d), ("38120", "RUNNING", 93_600d, 16, 2, 1_829_952_000d)],
            file.Jobs.Select(job => (job.Id, job.State, job.ElapsedSeconds, job.Devices!.Value, job.Nodes!.Value, job.NodeJoules!.Value)));

        MeasuredPower power = file.Power!.Between()!;
        Assert.Equal((PowerBoundary.Nodes, PowerSource.Total), (power.Boundary, power.Source));
        Assert.Equal((40_543_125d + 1_829_952_000) / (16 * (2102d + 93_600)), power.Watts, 9);
    }

    [Fact]
    public void Slurm_without_energy_still_gives_time()
    {
        TelemetryFile file = Logs.Read("JobIDRaw|ElapsedRaw|AllocTRES|\n7|3600|cpu=8,gres/gpu:a100=4,gres/gpu:v100=2,node=1|\n");

        Assert.Equal((3600d, 6, null), (file.Jobs[0].ElapsedSeconds, file.Jobs[0].Devices!.Value, file.Power));
    }

    [Theory]
    [InlineData(Logs.CodeCarbon2, 600, 14_400)]   // 2.4 kWh in an hour on 4 devices
    [InlineData(Logs.CodeCarbon3, 600, 3600)]     // 0.72 kWh / 1.2 in half an hour on 2 devices
    public void CodeCarbon_gives_the_mean_of_the_accelerators(string text, double watts, double deviceSeconds)
    {
        TelemetryFile file = Logs.Read(text);
        MeasuredPower power = file.Power!.Between()!;

        Assert.Equal((TelemetryKind.CodeCarbon, PowerBoundary.Devices, deviceSeconds), (file.Kind, power.Boundary, power.DeviceSeconds));
        Assert.Equal(watts, power.Watts, 6);
    }

    [Theory]
    [InlineData("DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 99\n", "file:1: has no reading of power; expected: DCGM_FI_DEV_POWER_USAGE")]
    [InlineData("DCGM_FI_DEV_POWER_USAGE{gpu=\"0\"} many\nDCGM_FI_DEV_POWER_USAGE{gpu=\"0\"} 5\n", "file:1: DCGM_FI_DEV_POWER_USAGE: is broken; expected: NAME{LABEL=\"VALUE\",…} NUMBER")]
    [InlineData("DCGM_FI_DEV_POWER_USAGE{gpu=\"0} 5\nx\n", "file:1: DCGM_FI_DEV_POWER_USAGE: is broken")]
    [InlineData("timestamp, index, power.draw [W]\n2026/02/06 20:55:00.000, 0, hot\n2026/02/06 20:55:00.000, 0, 3 W\n", "file:2: power.draw: 'hot' is no power; expected: such as 412.30 W, 412.30 or [N/A]")]
    [InlineData("timestamp, index, power.draw [W]\n2026/02/06 20:55:00.000, 0, [N/A]\n", "file:1: has no reading of power.draw")]
    [InlineData("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"x\"}", "file:1: status: is 'error'; expected: success")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}", "file:1: data.resultType: is 'vector'; expected: matrix")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}", "file:1: has no values; expected: ")]
    [InlineData("{\"status\":\"success\",\n\"data\":{", "file:2: is broken JSON at byte ")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"up\"},\"values\":[[1,\"1\"]]}]}}", "file:1: metric.__name__: is 'up'; expected: DCGM_FI_DEV_POWER_USAGE")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1,\"1\"]]}]}}", "file:1: metric.__name__: has no name, as the result of a function; expected: ")]
    [InlineData("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"DCGM_FI_DEV_POWER_USAGE\"},\"values\":[[1e300,\"1\"]]}]}}", "file:1: values: hold '1'; expected: pairs of a time and a number in quotes")]
    [InlineData("JobID|ElapsedRaw\n1|1e300\n", "file:2: ElapsedRaw: '1e300' is no duration; expected: seconds")]
    [InlineData("JobID|State\n1|COMPLETED\n", "file:1: has no column Elapsed; expected: Elapsed or ElapsedRaw")]
    [InlineData("JobID|Elapsed\n1|an hour\n", "file:2: Elapsed: 'an hour' is no duration; expected: [days-]hours:minutes:seconds")]
    [InlineData("JobID|Elapsed|ConsumedEnergyRaw\n1|01:00:00|much\n", "file:2: ConsumedEnergyRaw: 'much' is no energy; expected: joules")]
    [InlineData("timestamp,emissions,energy_consumed,duration\n", "file:1: has no column run_id; expected: those of CodeCarbon")]
    public void What_is_broken_is_told_in_one_line(string text, string start) => Assert.StartsWith(start, Logs.Refusal(text), StringComparison.Ordinal);
}
