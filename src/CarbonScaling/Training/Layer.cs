using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of one transformer layer on one micro-batch.</summary>
public static class Layer
{
    /// <summary>Forward and backward pass, with what the backward pass computes again.</summary>
    /// <remarks>Eq. LAYER-2: products + attention + data movement + exposed communication, at least the host floor.</remarks>
    public static PassPair<T> Cost<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PassTime<T> forward = ForwardOnDevice(layer, machine);
        PassTime<T> backward = BackwardOnDevice(layer, machine);
        Seconds<T> forwardFloor = machine.Stack.FloorForward;
        Seconds<T> backwardFloor = forwardFloor * machine.Stack.FloorBackwardRatio;
        switch (layer.Options.Recomputation)
        {
            case Recomputation.Full:
                backward += forward;
                backwardFloor += forwardFloor;
                break;
            case Recomputation.Selective:
                backward = backward with { Attention = backward.Attention + forward.Attention };
                break;
            default:
                break;
        }

        PassPair<T> passes = PassPair<T>.Of(AtLeast(forward, forwardFloor), AtLeast(backward, backwardFloor));
        return passes with
        {
            Forward = passes.Forward.Named(Equations.LayerTime),
            Backward = passes.Backward.Named(Equations.LayerTime),
        };
    }

    private static PassTime<T> ForwardOnDevice<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => PassTime<T>.Zero with
        {
            Products = LayerProducts<T>.Forward(layer, machine.Products).Total,
            Attention = AttentionCore.Forward(layer, machine),
            Memory = Elementwise.Forward(layer, machine),
            TensorCommunication = TensorParallel.Forward(layer, machine),
        };

    private static PassTime<T> BackwardOnDevice<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        LayerProducts<T> products = LayerProducts<T>.Backward(layer, machine.Products);
        return PassTime<T>.Zero with
        {
            Products = T.Literal(2) * products.Total,
            Attention = AttentionCore.Backward(layer, machine),
            Memory = Elementwise.Backward(layer, machine) + Elementwise.AccumulateGradients(layer, machine),
            TensorCommunication = TensorParallel.Backward(layer, products, machine),
        };
    }

    // Eq. LAYER-1: the host launches the kernels of a layer in a fixed time; a device that is faster waits for it.
    private static PassTime<T> AtLeast<T>(PassTime<T> time, Seconds<T> floor)
        where T : struct, IReal<T>
    {
        Seconds<T> stall = Seconds<T>.Max(Seconds<T>.Zero, floor - time.Total).Named(Equations.HostStall);
        return time with { HostStall = stall };
    }
}
