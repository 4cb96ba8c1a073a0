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
                new(bandwidth * T.Input(DeviceParameters.Of(parameters, "memory.efficiency", device))),
                new(T.Input(parameters["memory.kernelLatency"])),
                T.Input(parameters["elementwise.kernelsForward"])),
            Stack<T>(job),
            Network<T>(job),
            new(
                new(T.Input(parameters["optimizer.fullBytes"])),
                new(T.Input(parameters["optimizer.shardedBytes"]))),
            T.Input(job.Cluster.System.DevicesPerNode));
    }

    /// <summary>A group of ranks; its links follow from its place.</summary>
    /// <param name="job">The job.</param>
    /// <param name="tier">Levels that the group spans.</param>
    /// <param name="localRanks">Ranks in a domain.</param>
    /// <param name="ranks">Ranks as a number of the equations.</param>
    /// <param name="stride">Devices from one rank to the next: 1 for tensor parallel, t for data parallel.</param>
    public static GroupInputs<T> Group<T>(TrainingJob job, FabricTier tier, int localRanks, T ranks, int stride = 1)
        where T : struct, IReal<T>
    {
        Figure place = new("placement.localRanks", localRanks, "1", job.Cluster.System.ScaleUpDomain.Source, FigureStatus.Computed);
        T local = tier == FabricTier.ScaleUp ? ranks : T.Input(place);
        return new(
            tier,
            ranks,
            local,
            localRanks < 2 ? null : ScaleUpLift.Links<T>(job, localRanks, stride));
    }

    /// <summary>The name by which parameters know a software stack.</summary>
    public static string NameOf(SoftwareStack stack) => stack switch
    {
        SoftwareStack.Megatron2022 => "megatron-2022",
        SoftwareStack.MegatronCore => "megatron-core",
        _ => "fsdp",
    };

    private static GemmInputs<T> Gemm<T>(TrainingJob job, NumberFormat format, T bandwidth)
        where T : struct, IReal<T>
    {
        Accelerator device = job.Cluster.System.Accelerator;
        ModelParameters parameters = job.Parameters;
        string precision = format.ParameterName();
        return new(
            new(T.Input(device.Peaks[format])),
            T.Input(DeviceParameters.Of(parameters, "gemm", device, precision + ".efficiency")),
            T.Input(parameters["gemm.backward.efficiencyRatio"]),
            new(T.Input(DeviceParameters.Of(parameters, "gemm", device, precision + ".launch"))),
            T.Input(DeviceParameters.Of(parameters, "gemm", device, precision + ".memoryFactor")),
            new(bandwidth),
            T.Literal(format.OperandBytes()),
            T.Literal(format.ResultBytes()),
            format.IsQuantised() ? new Bytes<T>(T.Input(parameters["gemm.quantisationBytes." + precision])) : null);
    }

    private static AttentionInputs<T>? Attention<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        if (job.Software.Attention == AttentionKernel.Unfused)
        {
            return null;
        }

        ModelParameters parameters = job.Parameters;
        Accelerator device = job.Cluster.System.Accelerator;
        string kernel = DeviceParameters.NameOf(job.Software.Attention);
        return new(
            T.Input(DeviceParameters.Of(parameters, "attention", device, kernel + ".efficiency")),
            T.Input(DeviceParameters.Of(parameters, "attention", device, kernel + ".halfSequence")),
            T.Input(DeviceParameters.Of(parameters, "attention", device, kernel + ".backwardRatio")),
            T.Input(parameters["attention.backwardFlops"]));
    }

    private static StackInputs<T> Stack<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        ModelParameters parameters = job.Parameters;
        string prefix = "stack." + NameOf(job.Software.Stack);
        return new(
            new(T.Input(parameters[prefix + ".hostFloorForward"])),
            T.Input(parameters[prefix + ".hostFloorBackwardRatio"]),
            new(T.Input(parameters[prefix + ".weightGradientAccumulationBytes"])),
            new(T.Input(parameters[prefix + ".gradientBytes"])),
            new(T.Input(parameters[prefix + ".gradientReductionBytes"])),
            T.Input(parameters["overlap.interference"]),
            T.Input(parameters["step.straggling"]),
            new(T.Input(parameters["step.constant"])),
            new(T.Input(parameters["dataParallel.bucketBytes"])));
    }

    private static NetworkInputs<T> Network<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        NodeSystem system = job.Cluster.System;
        ModelParameters parameters = job.Parameters;
        BytesPerSecond<T> nic = new(T.Input(system.NicBandwidth) / T.Input(job.Cluster.Oversubscription));
        string network = "scaleOut." + system.ScaleOut.Id;
        string local = "scaleUp." + system.ScaleUp.Id;
        Figure pair = system.PairBandwidth
            ?? throw new InvalidOperationException($"The scale-up fabric '{system.ScaleUp.Id}' states no bandwidth.");
        return new(
            nic * Own("collective", "scaleOut", network, "efficiency"),
            new(Own("collective", "scaleOut", network, "latency")),
            Own("collective", "scaleOut", network, "rootLatency"),
            new(Own("pointToPoint", "scaleOut", network, "latency")),
            nic * Own("pointToPoint", "scaleOut", network, "efficiency"),
            new(Own("pointToPoint", "scaleUp", local, "latency")),
            new BytesPerSecond<T>(T.Input(pair)) * Own("pointToPoint", "scaleUp", local, "efficiency"));

        // A fabric that was measured apart has its own parameters; the others share those of their level.
        T Own(string family, string level, string fabric, string name)
        {
            string own = $"{family}.{fabric}.{name}";
            return T.Input(parameters[parameters.Has(own) ? own : $"{family}.{level}.{name}"]);
        }
    }
}
