using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Where the time of a pass of one micro-batch goes, on one device.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
public sealed record PassTime<T>
    where T : struct, IReal<T>
{
    /// <summary>No time at all.</summary>
    public static PassTime<T> Zero { get; } = new();

    /// <summary>Matrix products.</summary>
    public Seconds<T> Products { get; init; } = Seconds<T>.Zero;

    /// <summary>Attention.</summary>
    public Seconds<T> Attention { get; init; } = Seconds<T>.Zero;

    /// <summary>Kernels that only move data.</summary>
    public Seconds<T> Memory { get; init; } = Seconds<T>.Zero;

    /// <summary>Exposed tensor-parallel communication.</summary>
    public Seconds<T> TensorCommunication { get; init; } = Seconds<T>.Zero;

    /// <summary>Exposed context-parallel communication.</summary>
    public Seconds<T> ContextCommunication { get; init; } = Seconds<T>.Zero;

    /// <summary>Exposed communication with experts.</summary>
    public Seconds<T> ExpertCommunication { get; init; } = Seconds<T>.Zero;

    /// <summary>Exposed communication of sharded weights and gradients.</summary>
    public Seconds<T> DataCommunication { get; init; } = Seconds<T>.Zero;

    /// <summary>Exposed copies to and from the host.</summary>
    public Seconds<T> HostCopies { get; init; } = Seconds<T>.Zero;

    /// <summary>Waiting for the host to launch kernels.</summary>
    public Seconds<T> HostStall { get; init; } = Seconds<T>.Zero;

    /// <summary>Time in which the device computes.</summary>
    public Seconds<T> Compute => Products + Attention + Memory;

    /// <summary>Exposed communication of all kinds.</summary>
    public Seconds<T> Communication =>
        TensorCommunication + ContextCommunication + ExpertCommunication + DataCommunication + HostCopies;

    /// <summary>All of it.</summary>
    public Seconds<T> Total => Compute + Communication + HostStall;

    /// <summary>Adds part by part.</summary>
    public static PassTime<T> operator +(PassTime<T> left, PassTime<T> right) => new()
    {
        Products = left.Products + right.Products,
        Attention = left.Attention + right.Attention,
        Memory = left.Memory + right.Memory,
        TensorCommunication = left.TensorCommunication + right.TensorCommunication,
        ContextCommunication = left.ContextCommunication + right.ContextCommunication,
        ExpertCommunication = left.ExpertCommunication + right.ExpertCommunication,
        DataCommunication = left.DataCommunication + right.DataCommunication,
        HostCopies = left.HostCopies + right.HostCopies,
        HostStall = left.HostStall + right.HostStall,
    };

    /// <summary>Scales part by part.</summary>
    public static PassTime<T> operator *(PassTime<T> time, T factor) => new()
    {
        Products = time.Products * factor,
        Attention = time.Attention * factor,
        Memory = time.Memory * factor,
        TensorCommunication = time.TensorCommunication * factor,
        ContextCommunication = time.ContextCommunication * factor,
        ExpertCommunication = time.ExpertCommunication * factor,
        DataCommunication = time.DataCommunication * factor,
        HostCopies = time.HostCopies * factor,
        HostStall = time.HostStall * factor,
    };
}

/// <summary>The forward and the backward pass of one micro-batch through a layer, the embedding or the head.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Forward">Time of the forward pass.</param>
/// <param name="Backward">Time of the backward pass, with the parts of a layer that it computes again.</param>
/// <param name="WeightGradient">What of the backward pass forms gradients of weights and can wait.</param>
/// <param name="ForwardParts">Where the time of the forward pass goes.</param>
/// <param name="Both">Where the time of both goes.</param>
public sealed record PassPair<T>(
    Seconds<T> Forward, Seconds<T> Backward, Seconds<T> WeightGradient, PassTime<T> ForwardParts, PassTime<T> Both)
    where T : struct, IReal<T>
{
    /// <summary>No time at all.</summary>
    internal static PassPair<T> Zero { get; } =
        new(Seconds<T>.Zero, Seconds<T>.Zero, Seconds<T>.Zero, PassTime<T>.Zero, PassTime<T>.Zero);

    /// <summary>What both take less where they run beside each other for different micro-batches.</summary>
    public Seconds<T> Hidden { get; init; } = Seconds<T>.Zero;

    internal static PassPair<T> Of(PassTime<T> forward, PassTime<T> backward, Seconds<T> weightGradient) =>
        new(forward.Total, backward.Total, weightGradient, forward, forward + backward);

    internal PassPair<T> Named(Equation equation) =>
        this with { Forward = Forward.Named(equation), Backward = Backward.Named(equation) };

    /// <summary>Adds one after the other.</summary>
    public static PassPair<T> operator +(PassPair<T> left, PassPair<T> right) => new(
        left.Forward + right.Forward,
        left.Backward + right.Backward,
        left.WeightGradient + right.WeightGradient,
        left.ForwardParts + right.ForwardParts,
        left.Both + right.Both)
    { Hidden = left.Hidden + right.Hidden };

    /// <summary>So many of them.</summary>
    public static PassPair<T> operator *(PassPair<T> pair, T factor) => new(
        pair.Forward * factor,
        pair.Backward * factor,
        pair.WeightGradient * factor,
        pair.ForwardParts * factor,
        pair.Both * factor)
    { Hidden = pair.Hidden * factor };
}
