using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Inputs of the training equations in round numbers, to be changed with <c>with</c>.</summary>
internal static class Hand
{
    /// <summary>Ranks that are alone.</summary>
    public static readonly GroupInputs<Scalar> Alone = new(FabricTier.None, new(1), new(1), null);

    /// <summary>100 TFLOP/s, half of it in products without launch and memory time; 1 TB/s; operands of 2 B.</summary>
    public static readonly GemmInputs<Scalar> Products = new(
        new(new(100e12)), new(0.5), new(1), default, new(0), new(new(1e12)), new(2), new(2));

    /// <summary>Between nodes 10 GB/s per device and 20 µs for each doubling; a transfer 15 µs and 8 GB/s, in a domain 9 µs and 50 GB/s.</summary>
    public static readonly NetworkInputs<Scalar> Network = new(
        new(new(10e9)), new(new(20e-6)), new(0), new(new(15e-6)), new(new(8e9)), new(new(9e-6)), new(new(50e9)));

    /// <summary>Fused attention at 60 % from 500 tokens; kernels of 1 µs, ten in a pass; no host floor; a tenth of interference.</summary>
    public static readonly MachineInputs<Scalar> Machine = new(
        Products,
        Products,
        new(new(0.6), new(500), new(0.8), new(2.5)),
        new(new(new(1e12)), new(new(1e-6)), new(10)),
        new(default, default, default, new(0), new(1.5), new(new(8)), new(new(4)), new(new(4)), new(0.1), new(0), default, new(new(1e7)), default),
        Network,
        new(new(new(12)), new(new(34))),
        new(8),
        new(new(0), null, new(0)),
        new(new(new(50e9)), new(new(100e9))));

    /// <summary>Llama-like: h 1000, f 4000, 10 heads of 100 over 2 key-value heads, one layer, V 1000.</summary>
    public static readonly Transformer Model = new()
    {
        Id = "round",
        Name = "round numbers",
        Traits = new(),
        Layers = Of(1),
        Hidden = Of(1000),
        FeedForward = Of(4000),
        Heads = Of(10),
        KeyValueHeads = Of(2),
        HeadDimension = Of(100),
        Vocabulary = Of(1000),
        Positions = Of(0),
    };

    /// <summary>A number that is nobody's.</summary>
    public static Figure Of(double value) => new("round", value, "1", "scenario", FigureStatus.Given);

    /// <summary>One micro-batch of 16-bit activations on a rank that is alone in every group.</summary>
    public static LayerInputs<Scalar> Layer(Transformer model, double sequence, double microBatch, double tensor = 1) => new()
    {
        Model = model.Lift<Scalar>(),
        SequenceLength = new(sequence),
        MicroBatch = new(microBatch),
        Tensor = new(tensor),
        Context = new(1),
        Expert = new(1),
        ExpertTensor = new(1),
        TensorGroup = Alone,
        ContextGroup = Alone,
        ExpertGroup = Alone,
        ExpertTensorGroup = Alone,
        ElementBytes = new(2),
        ProductBytes = new(2),
        DispatchBytes = new(2),
        Options = new() { Attention = AttentionKernel.Flash2 },
    };

    /// <summary>The numbers of a plan of one stage.</summary>
    public static PlanInputs<Scalar> Plan(double layers, double microBatches = 1) => PlanInputs<Scalar>.From(number => new(number switch
    {
        PlanNumber.FirstLayers => layers,
        PlanNumber.MicroBatches => microBatches,
        PlanNumber.MiddleLayers or PlanNumber.LastLayers or PlanNumber.MiddleLayerTotal => 0,
        PlanNumber.LeadingLayers or PlanNumber.RecomputedLayers => 0,
        _ => 1,
    }));

    /// <summary>The same ranks for all that is exchanged but routed experts, of which there are none.</summary>
    public static ExchangeGroups<Scalar> Exchange(GroupInputs<Scalar> group) => new(group, group, group, Alone, Alone);

    /// <summary>Collectives that all take the same.</summary>
    public static LocalLinks<Scalar> Links(CollectiveInputs<Scalar> all) => new(all, all, all, all);
}
