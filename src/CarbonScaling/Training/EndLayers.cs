using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the embedding on the first stage and of the head on the last, on one micro-batch.</summary>
public static class EndLayers
{
    /// <summary>Looks up the embedding and, in the backward pass, adds to its gradient.</summary>
    /// <remarks>Eq. END-1: the residual stream read and written once each way, and summed over the tensor-parallel ranks.</remarks>
    public static PassPair<T> Embedding<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> residual = TensorParallel.Residual(layer);
        Seconds<T> move = Elementwise.Kernel(T.Literal(2) * residual, machine.Memory).Named(Equations.EmbeddingTime);
        PassTime<T> forward = PassTime<T>.Zero with { Memory = move, TensorCommunication = Reduce(residual, layer, machine) };
        PassTime<T> backward = PassTime<T>.Zero with { Memory = move, TensorCommunication = Gather(residual, layer, machine) };
        return PassPair<T>.Of(forward, backward, Seconds<T>.Zero);
    }

    /// <summary>Computes the logits and the loss and, in the backward pass, their gradients.</summary>
    /// <remarks>
    /// Eq. END-2: a 16-bit product of T×h by h×V/t, two of them backward, and the loss in 32 bits: a logit is read (2 B),
    /// written (4), read for its maximum, its sum and its loss (8), and its gradient written (2).
    /// </remarks>
    public static PassPair<T> Head<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T columns = layer.Model.Vocabulary / layer.Tensor;
        T one = T.Literal(1);
        Bytes<T> residual = TensorParallel.Residual(layer);
        Bytes<T> logits = new(layer.Tokens * columns);
        Seconds<T> product = Gemm.Forward(layer.Tokens, columns, layer.Model.Hidden, one, machine.SixteenBitProducts);
        Seconds<T> gradient = Gemm.Backward(layer.Tokens, columns, layer.Model.Hidden, one, machine.SixteenBitProducts);
        Seconds<T> accumulate = machine.Stack.AccumulationBytes * (ParameterCount.Head(layer.Model) / layer.Tensor)
            / machine.Memory.Bandwidth;
        PassTime<T> forward = PassTime<T>.Zero with
        {
            Products = product,
            Memory = Elementwise.Kernel(T.Literal(14) * logits, machine.Memory).Named(Equations.LossTime),
            TensorCommunication = Gather(residual, layer, machine),
        };
        PassTime<T> backward = PassTime<T>.Zero with
        {
            Products = T.Literal(2) * gradient,
            Memory = Elementwise.Kernel(T.Literal(2) * logits, machine.Memory) + accumulate,
            TensorCommunication = Reduce(residual, layer, machine),
        };
        return PassPair<T>.Of(forward, backward, gradient + accumulate);
    }

    /// <summary>The head with the prediction modules before it, each a projection, a layer and the head once more.</summary>
    /// <remarks>Eq. END-3: head + D·(projection + layer + head) (DeepSeek-V3, section 2.2).</remarks>
    public static PassPair<T> WithPrediction<T>(
        PassPair<T> head, PassPair<T> body, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (!layer.Model.HasPrediction)
        {
            return head;
        }

        T hidden = layer.Model.Hidden;
        T width = T.Literal(2) * hidden / layer.Tensor;
        Seconds<T> forward = Gemm.Forward(layer.Tokens, hidden, width, T.Literal(1), machine.Products);
        Seconds<T> backward = Gemm.Backward(layer.Tokens, hidden, width, T.Literal(1), machine.Products);
        PassPair<T> projection = PassPair<T>.Of(
            PassTime<T>.Zero with { Products = forward },
            PassTime<T>.Zero with { Products = T.Literal(2) * backward },
            backward);
        return (head + ((projection + body + head) * layer.Model.PredictionLayers)).Named(Equations.PredictionTime);
    }

    private static Seconds<T> Reduce<T>(Bytes<T> residual, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => layer.Options.SequenceParallel
        ? Collectives.ReduceScatter(residual, layer.TensorGroup, machine.Network)
        : Collectives.AllReduce(residual, layer.TensorGroup, machine.Network);

    private static Seconds<T> Gather<T>(Bytes<T> residual, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => layer.Options.SequenceParallel
        ? Collectives.AllGather(residual, layer.TensorGroup, machine.Network)
        : Seconds<T>.Zero;
}
