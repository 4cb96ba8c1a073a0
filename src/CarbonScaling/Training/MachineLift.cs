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
                new(bandwidth * T.Input(DeviceParameters.Of(parameters, "memory.efficiency", device))
                    / (Slowdown<T>(job) * T.Input(parameters[$"stack.{NameOf(job.Software.Stack)}.traffic"]))),
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

    /// <summary>The collectives of a group inside a scale-up domain; null where no two of its ranks share one.</summary>
    /// <param name="job">The job.</param>
    /// <param name="place">Where the group lies.</param>
    public static LocalLinks<T>? Links<T>(TrainingJob job, GroupPlace place)
        where T : struct, IReal<T> =>
        place.LocalRanks < 2 ? null : ScaleUpLift.Links<T>(job, place.LocalRanks, place.Stride);

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
        SoftwareStack.DeepSpeed => "deepspeed",
        SoftwareStack.MegatronCore => "megatron-core",
        SoftwareStack.Jax => "jax",
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
            T.Input(DeviceParameters.Of(parameters, "gemm", device, precision + ".efficiency")) / Slowdown<T>(job),
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
            T.Input(DeviceParameters.Of(parameters, "attention", device, kernel + ".efficiency")) / Slowdown<T>(job),
            T.Input(DeviceParameters.Of(parameters, "attention", device, kernel + ".halfSequence")),
            T.Input(DeviceParameters.Of(parameters, "attention", device, kernel + ".backwardRatio")),
            T.Input(parameters["attention.backwardFlops"]));
    }

    // What kernels take in a training step over what they take alone, one after another.
    private static T Slowdown<T>(TrainingJob job)
        where T : struct, IReal<T> => T.Input(job.Parameters[$"stack.{NameOf(job.Software.Stack)}.slowdown"]);

    private static StackInputs<T> Stack<T>(TrainingJob job)
        where T : struct, IReal<T>
    {
        ModelParameters parameters = job.Parameters;
        string prefix = "stack." + NameOf(job.Software.Stack);
        T accumulation = T.Input(parameters[prefix + ".weightGradientAccumulationBytes"]);
        T held = T.Input(parameters[prefix + ".gradientBytes"]);
        T reduced = T.Input(parameters[prefix + ".gradientReductionBytes"]);
        if (job.Storage.Gradients is { } storage)
        {
            // Fully sharded stacks keep the gradient of a shard in the type of its weights; the others sum in what they send.
            reduced = T.Input(new("training.storage.gradients", storage == GradientStorage.Fp32 ? 4 : 2, "B", "given", FigureStatus.Given));
            if (job.Software.Stack is not (SoftwareStack.Fsdp or SoftwareStack.Jax))
            {
                accumulation = accumulation * reduced / held;
                held = reduced;
            }
        }

        return new(
            new(T.Input(parameters[prefix + ".hostFloorForward"])),
            new(T.Input(parameters[prefix + ".hostFloorMixture"])),
            new(T.Input(parameters[prefix + ".mixtureSynchronisation"])),
            T.Input(parameters[prefix + ".launchesPerExpert"]),
            T.Input(parameters[prefix + ".hostFloorBackwardRatio"]),
            new(accumulation),
            new(held),
            new(reduced),
            T.Input(parameters[prefix + ".interference"]),
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
        BytesPerSecond<T> nic = Collectives.SharedRate(
            new(T.Input(system.NicBandwidth)), T.Input(job.Cluster.Oversubscription), T.Input(job.Cluster.Contention));
        Figure pair = system.PairBandwidth
            ?? throw new InvalidOperationException($"The scale-up fabric '{system.ScaleUp.Id}' states no bandwidth.");
        return new(
            nic * Between("collective", "efficiency"),
            new(Between("collective", "latency")),
            Between("collective", "rootLatency"),
            new(Between("pointToPoint", "latency")),
            nic * Between("pointToPoint", "efficiency"),
            new(T.Input(DeviceParameters.OfFabric(parameters, "pointToPoint", system, "latency"))),
            new BytesPerSecond<T>(T.Input(pair)) * T.Input(DeviceParameters.OfFabric(parameters, "pointToPoint", system, "efficiency")));

        // A network that was measured apart has its own parameters; the others share theirs.
        T Between(string family, string name)
        {
            string own = $"{family}.scaleOut.{system.ScaleOut.Id}.{name}";
            return T.Input(parameters[parameters.Has(own) ? own : $"{family}.scaleOut.{name}"]);
        }
    }
}
