using System.Text;
using CarbonScaling.Scenarios;
using CarbonScaling.Telemetry;

namespace CarbonScaling.Tests.Telemetry;

/// <summary>Telemetry by hand, in the form that each program documents or writes.</summary>
internal static class Logs
{
    /// <summary>Megatron-LM of 2025 with --log-throughput, after the lines that go before training.</summary>
    public const string Megatron = """
        [Rank 0] (after 1 iterations) memory (MB) | allocated: 10770.3 | max allocated: 15754.8 | reserved: 16334.0 | max reserved: 16334.0
         [2025-08-01 07:19:37] iteration        1/    5000 | consumed samples:          128 | elapsed time per iteration (ms): 19138.8 | throughput per GPU (TFLOP/s/GPU): 80.2 | learning rate: 6.976744E-08 | global batch size:   128 | lm loss: 1.043863E+01 | loss scale: 1.0 | grad norm: 26.203 | number of skipped iterations:   0 | number of nan iterations:   0 |
         [2025-08-01 07:19:50] iteration        2/    5000 | consumed samples:          256 | elapsed time per iteration (ms): 12936.1 | throughput per GPU (TFLOP/s/GPU): 118.7 | learning rate: 1.395349E-07 | global batch size:   128 | lm loss: 1.044022E+01 | loss scale: 1.0 | grad norm: 26.305 | number of skipped iterations:   0 | number of nan iterations:   0 |
        saving checkpoint at iteration       2 to /checkpoints in torch_dist format
        validation loss at iteration 2 | lm loss value: 1.043E+01 | lm loss PPL: 3.4E+04 |
         [2025-08-01 07:20:03] iteration        3/    5000 | consumed samples:          384 | elapsed time per iteration (ms): 12900.0 | throughput per GPU (TFLOP/s/GPU): 119.0 | learning rate: 2.1E-07 | global batch size:   128 | lm loss: 1.04E+01 | loss scale: 1.0 | grad norm: 26.1 | number of skipped iterations:   0 | number of nan iterations:   0 |

        """;

    /// <summary>Megatron-LM of 2026 with --log-energy.</summary>
    public const string MegatronWithPower = """
         [2026-02-06 20:55:02.918469] iteration      292/95367431 | consumed samples:         9344 | elapsed time per iteration (ms): 3075.7 | throughput per GPU (TFLOP/s/GPU): 478.0 | energy per GPU (J/iter/GPU): 1992.5 | power per GPU (W/GPU): 647.8 | learning rate: 9.568256E-08 | global batch size:    32 | lm loss: 2.401035E-02 | loss scale: 1.0 | grad norm: 1.797 |
         [2026-02-06 20:55:05.956222] iteration      293/95367431 | consumed samples:         9376 | elapsed time per iteration (ms): 3037.2 | throughput per GPU (TFLOP/s/GPU): 484.0 | energy per GPU (J/iter/GPU): 1982.6 | power per GPU (W/GPU): 652.8 | learning rate: 9.601024E-08 | global batch size:    32 | lm loss: 2.386082E-02 | loss scale: 1.0 | grad norm: 1.797 |

        """;

    /// <summary>Megatron-LM of 2020: no time, no samples, values without colons.</summary>
    public const string OldMegatron = """
         iteration      100/  320000 | elapsed time per iteration (ms): 557.2 | learning rate 1.500E-04 | lm loss 6.803E+00 | loss scale 65536.0 |
         iteration      200/  320000 | elapsed time per iteration (ms): 551.0 | learning rate 1.500E-04 | lm loss 6.2E+00 | loss scale 65536.0 |

        """;

    /// <summary>Megatron-DeepSpeed of BLOOM: seconds.</summary>
    public const string MegatronDeepSpeed = """
         iteration       10/  115311 | consumed samples:        20480 | consumed tokens:     41943040 | elapsed time per iteration (s): 104.31 | learning rate: 5.7E-06 | global batch size:  2048 | lm loss: 2.1E+00 | grad norm: 0.2 | num zeros: 0.0 | number of skipped iterations:   0 | number of nan iterations:   0 | samples per second: 19.634 | TFLOPs: 149.77 |

        """;

    /// <summary>torchtitan with colours, and a line of a validation.</summary>
    public const string Torchtitan =
        "[titan] 2026-02-11 00:53:31,900 - root - INFO - Applied FSDP to the model\n"
        + "\u001b[2m[titan] 2026-02-11 00:54:17,768\u001b[0m - root - INFO - \u001b[31mstep:  1  \u001b[32mloss: 12.85991  \u001b[38;5;208mgrad_norm:  2.1345  \u001b[36mmemory: 19.45GiB(30.39%)  \u001b[34mtps: 1,941  \u001b[36mtflops: 18.37  \u001b[35mmfu: 6.16%\u001b[0m\n"
        + "[titan] 2026-02-11 00:54:17,777 - root - WARNING - Dataset c4_test is being re-looped\n"
        + "[titan] 2026-02-11 00:54:40,545 - root - INFO - \u001b[31mstep: 10  \u001b[32mloss: 12.66468  \u001b[38;5;208mgrad_norm:  2.1721  \u001b[36mmemory: 19.45GiB(30.39%)  \u001b[34mtps: 5,902  \u001b[36mtflops: 56.01  \u001b[35mmfu: 18.78%\u001b[0m\n"
        + "[titan] 2026-02-11 00:54:50,545 - root - INFO - \u001b[33mvalidate step: 10  \u001b[32mloss: 12.5  \u001b[36mmemory: 19.45GiB(30.39%)  \u001b[34mtps: 9,000\u001b[0m\n"
        + "[titan] 2026-02-11 00:55:08,317 - root - INFO - step: 20  loss: 12.37955  grad_norm:  2.1435  memory: 19.45GiB(30.39%)  tps: 5,914  tflops: 56.12  mfu: N/A\n";

    /// <summary>The DCGM exporter, scraped once; a device whose power is not known.</summary>
    public const string Dcgm = """
        # HELP DCGM_FI_DEV_SM_CLOCK SM clock frequency (in MHz).
        # TYPE DCGM_FI_DEV_SM_CLOCK gauge
        DCGM_FI_DEV_SM_CLOCK{gpu="0",UUID="GPU-15704b32",pci_bus_id="00000000:53:00.0",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="node-1",DCGM_FI_DRIVER_VERSION="580.105.08"} 1980
        # HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
        # TYPE DCGM_FI_DEV_POWER_USAGE gauge
        DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-15704b32",pci_bus_id="00000000:53:00.0",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="node-1",container="a, \"b\"",pod=""} 612.692000
        DCGM_FI_DEV_POWER_USAGE{gpu="1", UUID="GPU-edc718f8", modelName="NVIDIA H100 80GB HBM3"} 640.308000
        DCGM_FI_DEV_POWER_USAGE{gpu="2",UUID="GPU-00000000"} 140737488355328.000000
        # HELP DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION Total energy consumption since boot (in mJ).
        # TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-15704b32"} 15347724978

        """;

    /// <summary>nvidia-smi with units.</summary>
    public const string NvidiaSmi = """
        timestamp, index, power.draw [W]
        2026/02/06 20:55:00.000, 0, 600.00 W
        2026/02/06 20:55:00.003, 1, [N/A]
        2026/02/06 20:55:10.000, 0, 640.00 W
        2026/02/06 20:55:20.000, 0, 680.00 W

        """;

    /// <summary>Prometheus, power of two devices every 15 s.</summary>
    public const string PrometheusPower = """
        {"status":"success","data":{"resultType":"matrix","result":[
          {"metric":{"__name__":"DCGM_FI_DEV_POWER_USAGE","Hostname":"node-1","UUID":"GPU-a","gpu":"0","instance":"10.0.0.5:9400","job":"dcgm"},
           "values":[[1770411300,"600"],[1770411315,"620"],[1770411330,"640.5"]]},
          {"metric":{"__name__":"DCGM_FI_DEV_POWER_USAGE","Hostname":"node-1","UUID":"GPU-b","gpu":"1","instance":"10.0.0.5:9400","job":"dcgm"},
           "values":[[1770411300,"500"],[1770411315,"500"],[1770411330,"500"]]}]}}
        """;

    /// <summary>Prometheus, the counter of energy: 9,000 J in 15 s are 600 W.</summary>
    public const string PrometheusEnergy = """
        {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION","UUID":"GPU-a"},"values":[[1770411300.5,"15347724978"],[1770411315.5,"15356724978"],[1770411330.5,"15365724978"]]}]}}
        """;

    /// <summary>Slurm, two jobs of one run: the first failed, and keeps its energy with its parts.</summary>
    public const string Sacct = """
        JobID|State|Start|Elapsed|AllocNodes|AllocTRES|ConsumedEnergyRaw
        38113|FAILED|2026-02-06T08:00:00|00:35:02|2|billing=448,cpu=448,gres/gpu:h100=16,gres/gpu=16,mem=4000G,node=2|
        38113.batch|FAILED|2026-02-06T08:00:00|00:35:02|1|cpu=224,gres/gpu=8,mem=2000G,node=1|5094129
        38113.extern|COMPLETED|2026-02-06T08:00:00|00:35:02|2|billing=448,cpu=448,gres/gpu=16,mem=4000G,node=2|40543125
        38113.0|CANCELLED by 1000|2026-02-06T08:00:10|00:34:52|2|cpu=448,gres/gpu=16,mem=4000G,node=2|40536917
        38120|RUNNING|2026-02-06T09:00:00|1-02:00:00|2|billing=448,cpu=448,gres/gpu=16,mem=4000G,node=2|1829952000
        38121|PENDING|Unknown|00:00:00|0||18446744073709551614

        """;

    /// <summary>CodeCarbon 2.7: rows are cumulative.</summary>
    public const string CodeCarbon2 = """
        timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,on_cloud,pue
        2025-10-11T09:20:20,run,845a8f50,5b0fa12a,1800,0.1,2.5e-05,112.5,2400,188.8,0.05,1.2,0.09,1.34,Canada,CAN,,,,Linux,3.12.11,2.7.1,96,"AMD EPYC 7643, 48-Core",4,4 x NVIDIA H100,,,503.5,machine,N,1.0
        2025-10-11T10:20:20,run,845a8f50,5b0fa12a,3600,0.2,2.5e-05,112.5,2400,188.8,0.10,2.4,0.18,2.68,Canada,CAN,,,,Linux,3.12.11,2.7.1,96,"AMD EPYC 7643, 48-Core",4,4 x NVIDIA H100,,,503.5,machine,N,1.0

        """;

    /// <summary>CodeCarbon 3.3 with a PUE, which its energies hold.</summary>
    public const string CodeCarbon3 = """
        timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,water_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,cpu_utilization_percent,gpu_utilization_percent,ram_utilization_percent,ram_used_gb,on_cloud,pue,wue
        2026-08-12T19:37:29,run,3b540626,5b0fa12a,1800.0,0.4,7.1e-07,8.8,1200,6.0,0.01,0.72,0.01,0.74,0.0,Spain,ESP,madrid,,,Linux,3.13.13,3.3.0,10,CPU,2,2 x NVIDIA H100,-3.7,40.4,24.0,machine,0.0,99,64.2,9.1,N,1.2,0.0

        """;

    /// <summary>Reads a text.</summary>
    public static TelemetryFile Read(string text, string name = "file")
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return TelemetryReader.Read(stream, name);
    }

    /// <summary>The one line that refuses a text.</summary>
    public static string Refusal(string text) => Assert.Single(Assert.Throws<ScenarioException>(() => Read(text)).Problems).ToString();
}
