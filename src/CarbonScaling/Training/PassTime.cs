using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Where the time of a pass of one micro-batch goes, on one device.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Products">Matrix products.</param>
/// <param name="Attention">Attention.</param>
/// <param name="Memory">Kernels that only move data.</param>
/// <param name="TensorCommunication">Exposed tensor-parallel communication.</param>
/// <param name="DataCommunication">Exposed communication of sharded weights and gradients.</param>
/// <param name="HostStall">Waiting for the host to launch kernels.</param>
public sealed record PassTime<T>(
    Seconds<T> Products,
    Seconds<T> Attention,
    Seconds<T> Memory,
    Seconds<T> TensorCommunication,
    Seconds<T> DataCommunication,
    Seconds<T> HostStall)
    where T : struct, IReal<T>
{
    /// <summary>No time at all.</summary>
    public static PassTime<T> Zero
    {
        get
        {
            Seconds<T> none = Seconds<T>.Zero;
            return new(none, none, none, none, none, none);
        }
    }

    /// <summary>Time in which the device computes.</summary>
    public Seconds<T> Compute => Products + Attention + Memory;

    /// <summary>Exposed communication of both kinds.</summary>
    public Seconds<T> Communication => TensorCommunication + DataCommunication;

    /// <summary>All of it.</summary>
    public Seconds<T> Total => Compute + TensorCommunication + DataCommunication + HostStall;

    /// <summary>Adds part by part.</summary>
    public static PassTime<T> operator +(PassTime<T> left, PassTime<T> right) => new(
        left.Products + right.Products,
        left.Attention + right.Attention,
        left.Memory + right.Memory,
        left.TensorCommunication + right.TensorCommunication,
        left.DataCommunication + right.DataCommunication,
        left.HostStall + right.HostStall);

    /// <summary>Scales part by part.</summary>
    public static PassTime<T> operator *(PassTime<T> time, T factor) => new(
        time.Products * factor,
        time.Attention * factor,
        time.Memory * factor,
        time.TensorCommunication * factor,
        time.DataCommunication * factor,
        time.HostStall * factor);
}

/// <summary>The forward and the backward pass of one micro-batch through a layer, the embedding or the head.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Forward">Time of the forward pass.</param>
/// <param name="Backward">Time of the backward pass, with what it computes again.</param>
/// <param name="Both">Where the time of both goes.</param>
public sealed record PassPair<T>(Seconds<T> Forward, Seconds<T> Backward, PassTime<T> Both)
    where T : struct, IReal<T>
{
    internal static PassPair<T> Of(PassTime<T> forward, PassTime<T> backward) =>
        new(forward.Total, backward.Total, forward + backward);
}
