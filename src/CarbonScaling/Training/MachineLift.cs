using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Takes the inputs of the training equations from a job's catalog entries and parameters.</summary>
public static class MachineLift
{
    /// <summary>The device and the software.</summary>
    public static MachineInputs<T> Machine<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        Accelerator device = job.Cluster.System.Accelerator;
        ModelParameters parameters = job.Parameters;
        T bandwidth = T.Input(device.MemoryBandwidth);
        NumberFormat wide = job.Format == NumberFormat.Fp32 ? NumberFormat.Fp32 : device.SixteenBit;
        return new(
            Gemm<T>(job, job.Format, bandwidth),
            Gemm<T>(job, wide, bandwidth),
            Attention<T>(job),
            new(
                new(bandwidth * T.Input(parameters[$"memory.efficiency.{device.Generation}"])),
                new(T.Input(parameters["memory.kernelLatency"])),
                T.Input(parameters["elementwise.kernelsForward"])),
            Stack<T>(job),
            Network<T>(job),
            new(
                new(T.Input(parameters["optimizer.fullBytes"])),
                new(T.Input(parameters["optimizer.shardedBytes"]))),
            T.Input(job.Cluster.System.DevicesPerNode),
            new(
                T.Input(parameters["moe.loadDeviation"]),
                job.Routing.Imbalance is { } imbalance ? T.Input(imbalance) : null,
                T.Input(parameters["moe.hiddenExchangeShare"])),
            new(
                new BytesPerSecond<T>(T.Input(job.Cluster.System.HostLinkBandwidth)) * T.Input(parameters["host.linkEfficiency"]),
                new(T.Input(parameters["host.memoryBandwidth"]))));
    }

    /// <summary>The collectives of some ranks inside a scale-up domain; null where there is one rank.</summary>
    /// <param name="job">The job.</param>
    /// <param name="localRanks">Ranks in a domain.</param>
    public static LocalLinks<T>? Links<T>(TrainingJob job, int localRanks)
        where T : struct, IReal<T> => localRanks < 2
        ? null
        : new(
            Collective<T>(job, "allReduce", localRanks),
            Collective<T>(job, "allGather", localRanks),
            Collective<T>(job, "reduceScatter", localRanks),
            Collective<T>(job, "allToAll", localRanks));

    /// <summary>A group of ranks; its links follow from its place.</summary>
    /// <param name="job">The job.</param>
    /// <param name="place">Where it lies.</param>
    /// <param name="ranks">Ranks as a number of the equations.</param>
    /// <param name="links">Its collectives inside a domain.</param>
    public static GroupInputs<T> Group<T>(TrainingJob job, GroupPlace place, T ranks, LocalLinks<T>? links)
        where T : struct, IReal<T>
    {
        Figure local = new("placement.localRanks", place.LocalRanks, "1", job.Cluster.System.ScaleUpDomain.Source, FigureStatus.Computed);
        return new(place.Tier, ranks, place.Tier <= FabricTier.ScaleUp ? ranks : T.Input(local), links);
    }

    /// <summary>The name by which parameters know a software stack.</summary>
    public static string NameOf(SoftwareStack stack) => stack switch
    {
        SoftwareStack.Megatron2022 => "megatron-2022",
        SoftwareStack.MegatronCore => "megatron-core",
        SoftwareStack.Jax => "jax",
        _ => "fsdp",
    };

    private static GemmInputs<T> Gemm<T>(TrainingJob job, NumberFormat format, T bandwidth)
        where T : struct, IReal<T>
    {
        Accelerator device = job.Cluster.System.Accelerator;
        ModelParameters parameters = job.Parameters;
        (string precision, double operandBytes, double resultBytes) = format switch
        {
            NumberFormat.Fp8 => ("fp8", 1, 2),
            NumberFormat.Fp32 => ("fp32", 4, 4),
            _ => ("16bit", 2, 2),
        };
        string prefix = $"gemm.{device.Generation}.{precision}";
        return new(
            new(T.Input(device.Peaks[format])),
            T.Input(parameters[prefix + ".efficiency"]),
            T.Input(parameters["gemm.backward.efficiencyRatio"]),
            new(T.Input(parameters[prefix + ".launch"])),
            T.Input(parameters[prefix + ".memoryFactor"]),
            new(bandwidth),
            T.Literal(operandBytes),
            T.Literal(resultBytes));
    }

    private static AttentionInputs<T>? Attention<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        if (job.Software.Attention == AttentionKernel.Unfused)
        {
            return null;
        }

        ModelParameters parameters = job.Parameters;
        string prefix = AttentionPrefix(job.Cluster.System.Accelerator.Generation, job.Software.Attention);
        return new(
            T.Input(parameters[prefix + ".efficiency"]),
            T.Input(parameters[prefix + ".halfSequence"]),
            T.Input(parameters[prefix + ".backwardRatio"]),
            T.Input(parameters["attention.backwardFlops"]));
    }

    /// <summary>The name by which parameters know a fused attention kernel on a device generation.</summary>
    public static string AttentionPrefix(string generation, AttentionKernel kernel)
    {
        int number = kernel switch { AttentionKernel.Flash1 => 1, AttentionKernel.Flash2 => 2, _ => 3 };
        return $"attention.{generation}.flash{number}";
    }

    private static StackInputs<T> Stack<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        ModelParameters parameters = job.Parameters;
        string prefix = "stack." + NameOf(job.Software.Stack);
        return new(
            new(T.Input(parameters[prefix + ".hostFloorForward"])),
            new(T.Input(parameters[prefix + ".hostFloorMixture"])),
            T.Input(parameters[prefix + ".hostFloorBackwardRatio"]),
            new(T.Input(parameters[prefix + ".weightGradientAccumulationBytes"])),
            new(T.Input(parameters[prefix + ".gradientBytes"])),
            new(T.Input(parameters[prefix + ".gradientReductionBytes"])),
            T.Input(parameters["overlap.interference"]),
            T.Input(parameters["step.straggling"]),
            new(T.Input(parameters["step.constant"])),
            new(T.Input(parameters["dataParallel.bucketBytes"])),
            new(T.Input(parameters["dataParallel.bucketBytesPerRank"])));
    }

    private static NetworkInputs<T> Network<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        NodeSystem system = job.Cluster.System;
        ModelParameters parameters = job.Parameters;
        BytesPerSecond<T> nic = new(T.Input(system.NicBandwidth) / T.Input(job.Cluster.Oversubscription));
        string own = $"collective.scaleOut.{system.ScaleOut.Id}.efficiency";
        Figure efficiency = parameters[parameters.Has(own) ? own : "collective.scaleOut.efficiency"];
        Figure localBandwidth = system.ScaleUp.Bandwidth
            ?? throw new InvalidOperationException($"The scale-up fabric '{system.ScaleUp.Id}' states no bandwidth.");
        return new(
            nic * T.Input(efficiency),
            new(T.Input(parameters["collective.scaleOut.latency"])),
            T.Input(parameters["collective.scaleOut.rootLatency"]),
            new(T.Input(parameters["pointToPoint.scaleOut.latency"])),
            nic * T.Input(parameters["pointToPoint.scaleOut.efficiency"]),
            new(T.Input(parameters["pointToPoint.scaleUp.latency"])),
            new BytesPerSecond<T>(T.Input(localBandwidth)) * T.Input(parameters["pointToPoint.scaleUp.efficiency"]));
    }

    private static CollectiveInputs<T> Collective<T>(TrainingJob job, string operation, int localRanks)
        where T : struct, IReal<T>
    {
        // Measured at 2, 4, 8 (and 16) ranks; a group in between takes the measurement below it. Where no all-to-all was
        // measured, it moves what an all-gather does.
        ModelParameters parameters = job.Parameters;
        operation = parameters.Has(Prefix(2) + ".latency") ? operation : "allGather";
        int measured = 2;
        while (measured * 2 <= localRanks && parameters.Has(Prefix(measured * 2) + ".latency"))
        {
            measured *= 2;
        }

        return new(
            new(T.Input(parameters[Prefix(measured) + ".latency"])),
            T.Input(parameters[Prefix(measured) + ".rootLatency"]),
            new(T.Input(parameters[Prefix(measured) + ".busBandwidth"])));

        string Prefix(int ranks) => $"collective.{job.Cluster.System.ScaleUp.Id}.{operation}.{ranks}";
    }
}
