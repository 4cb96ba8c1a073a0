using CarbonScaling.Training;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Training;

/// <summary>How a case splits its layers.</summary>
internal enum PipelineLayout
{
    /// <summary>All stages have equal layers.</summary>
    Even,

    /// <summary>The first and the last stage have one layer less.</summary>
    EndsOneLess,

    /// <summary>The later ones of the stages between first and last have one layer less; the ends too.</summary>
    FullerFirst,

    /// <summary>Stages between are equal; the first and the last one take any time from 0.3 to 4 times as long.</summary>
    Free,
}

/// <summary>A pipeline for the simulator and the same one for the closed forms.</summary>
internal sealed record PipelineCase(SimulatedPipeline Simulated, PipelineStages<Scalar> Stages)
{
    public double Simulate() => PipelineSimulator.Run(Simulated).Makespan;

    public double Predict() =>
        PipelineSchedule.Makespan(Simulated.Kind, Simulated.Mode == TransferMode.Overlapped, Stages).Value;

    /// <summary>By how much the closed form is off, relative to the simulation.</summary>
    public double Error() => (Predict() / Simulate()) - 1;

    /// <summary>Time of the passes of the busiest stage.</summary>
    public double Busiest() => Simulated.Forward
        .Zip(Simulated.Backward, (forward, backward) => forward.Sum() + backward.Sum())
        .Max() * Simulated.MicroBatches;
}

/// <summary>Makes pipelines. A layer's forward pass takes 1.</summary>
/// <param name="Kind">The schedule.</param>
/// <param name="Layout">How layers are split.</param>
/// <param name="Stages">Stages.</param>
/// <param name="MicroBatches">Micro-batches.</param>
/// <param name="Chunks">Chunks of a stage.</param>
/// <param name="Layers">Layers of a chunk.</param>
/// <param name="Backward">Backward pass of a layer.</param>
/// <param name="First">Passes of the embedding, or in a free layout of the first stage.</param>
/// <param name="Last">Passes of the head, or in a free layout of the last stage.</param>
/// <param name="Fuller">Share of the stages between first and last that have all layers.</param>
/// <param name="Transfer">A transfer, relative to the forward pass of a chunk.</param>
/// <param name="Mode">How transfers are made.</param>
internal sealed record PipelineRecipe(
    PipelineScheduleKind Kind,
    PipelineLayout Layout,
    int Stages,
    int MicroBatches,
    int Chunks,
    int Layers,
    double Backward,
    (double Forward, double Backward) First,
    (double Forward, double Backward) Last,
    double Fuller,
    double Transfer,
    TransferMode Mode)
{
    public PipelineCase Make()
    {
        double[][] forward = Times(1, First.Forward, Last.Forward);
        double[][] backward = Times(Backward, First.Backward, Last.Backward);
        double transfer = Transfer * Layers;
        return new(
            new(Kind, MicroBatches, forward, backward, transfer, Mode),
            new(
                new(forward[0].Sum()),
                new(backward[0].Sum()),
                new(Middles(forward).DefaultIfEmpty(0).Max()),
                new(Middles(backward).DefaultIfEmpty(0).Max()),
                new(forward[^1].Sum()),
                new(backward[^1].Sum()),
                new(Middles(forward).Sum()),
                new(Middles(backward).Sum()),
                new(Stages),
                new(MicroBatches),
                new(Chunks),
                new(transfer),
                new(0),
                new(0),
                new(0),
                new(0),
                new(0),
                new(0),
                new(0),
                new(0)));
    }

    /// <summary>All numbers on which a schedule depends, at random.</summary>
    /// <param name="kind">The schedule.</param>
    /// <param name="layout">How layers are split.</param>
    /// <param name="mode">How transfers are made.</param>
    /// <param name="transfer">The longest transfer, relative to the forward pass of a chunk.</param>
    /// <param name="stages">From this many stages on, up to 16.</param>
    /// <param name="fill">How often the micro-batches fill the pipeline: from this often on, up to twice as often.</param>
    public static Gen<PipelineRecipe> Any(
        PipelineScheduleKind kind, PipelineLayout layout, TransferMode mode, double transfer, int stages = 2, double fill = 1)
    {
        bool interleaved = kind == PipelineScheduleKind.Interleaved;
        (double low, double high) = layout == PipelineLayout.Free ? (0.3, 4.0) : (0.0, 0.3);
        (double lastLow, double lastHigh) = layout == PipelineLayout.Free ? (0.3, 4.0) : (0.2, 3.0);
        Gen<int> layers = layout == PipelineLayout.Free ? Gen.Const(1) : Gen.Int[2, 8];
        return
            from p in Gen.Int[stages, 16]
            from m in Between(fill * p, Math.Max(fill * 2 * p, 1))
            from v in interleaved ? Gen.Int[2, 8] : Gen.Const(1)
            from l in layers
            from ratio in Between(1.5, 3)
            from first in Between(low, high)
            from firstRatio in Between(1.5, 3)
            from last in Between(lastLow, lastHigh)
            from lastRatio in Between(1.5, 3)
            from fuller in Gen.Double.Unit
            from x in Gen.Double.Unit
            select new PipelineRecipe(
                kind,
                layout,
                p,
                interleaved ? Math.Max((int)m / p, 1) * p : Math.Max((int)m, 1),
                v,
                l,
                ratio,
                (first, first * firstRatio),
                (last, last * lastRatio),
                fuller,
                transfer * x,
                mode);
    }

    private static Gen<double> Between(double low, double high) => Gen.Double.Unit.Select(unit => low + (unit * (high - low)));

    private static IEnumerable<double> Middles(double[][] times) => times[1..^1].Select(stage => stage.Sum());

    private double[][] Times(double layer, double first, double last)
    {
        double[][] times = [.. Enumerable.Range(0, Stages).Select(_ => Enumerable.Repeat(layer * Layers, Chunks).ToArray())];
        if (Layout == PipelineLayout.Free)
        {
            times[0][0] = first;
            times[^1][^1] = last;
            return times;
        }

        double less = Layout == PipelineLayout.Even ? 0 : layer;
        times[0][0] += first - less;
        times[^1][^1] += last - less;
        int fuller = Layout == PipelineLayout.FullerFirst ? 1 + (int)(Fuller * (Stages - 2)) : Stages;
        for (int stage = fuller + 1; stage < Stages - 1; stage++)
        {
            times[stage][0] -= layer;
        }

        return times;
    }
}
