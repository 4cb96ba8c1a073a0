using CarbonScaling.Training;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Training;

/// <summary>A pipeline for the simulator and the same one for the closed forms.</summary>
internal sealed record PipelineSplitCase(PipelineScheduleKind Kind, SplitPipeline Simulated, PipelineStages<Scalar> Stages)
{
    public double Simulate(bool postValidates) =>
        postValidates ? PipelineSplitSimulator.Period(Simulated) : PipelineSplitSimulator.Makespan(Simulated);

    public double Predict(bool postValidates) =>
        PipelineSchedule.Makespan(Kind, Simulated.HidesTransfers, Stages, postValidates).Value;

    /// <summary>By how much the closed form is off, relative to the simulation.</summary>
    public double Error(bool postValidates) => (Predict(postValidates) / Simulate(postValidates)) - 1;
}

/// <summary>Makes pipelines whose backward passes are split. A layer's forward pass takes 1.</summary>
/// <param name="Kind">The schedule.</param>
/// <param name="Layout">How layers are split.</param>
/// <param name="Stages">Stages, which are the devices.</param>
/// <param name="MicroBatches">Micro-batches.</param>
/// <param name="Layers">Layers of a stage, of ZBV those of a chunk.</param>
/// <param name="Layer">Passes of a layer.</param>
/// <param name="Embedding">Passes of the embedding, or in a free layout of the first part of the model.</param>
/// <param name="Head">Passes of the head, or in a free layout of the last part of the model.</param>
/// <param name="Fuller">Share of the stages between first and last that have all layers.</param>
/// <param name="Transfer">A transfer, relative to the forward pass of a stage or chunk.</param>
/// <param name="HidesTransfers">Whether combined passes hide their transfers.</param>
internal sealed record PipelineSplitRecipe(
    PipelineScheduleKind Kind,
    PipelineLayout Layout,
    int Stages,
    int MicroBatches,
    int Layers,
    PartTimes Layer,
    PartTimes Embedding,
    PartTimes Head,
    double Fuller,
    double Transfer,
    bool HidesTransfers = true)
{
    public PipelineSplitCase Make()
    {
        int chunks = Kind == PipelineScheduleKind.ZeroBubbleV ? 2 : 1;
        PartTimes[] parts = Parts(Stages * chunks);
        double transfer = Transfer * Layers;
        PartTimes plain = Layers * Layer;
        PartTimes first = chunks == 1 ? parts[0] : parts[0] + plain;
        PartTimes last = chunks == 1 ? parts[^1] : plain + parts[^1];
        PartTimes[] middles = chunks == 1 ? parts[1..^1] : [.. Enumerable.Repeat(2 * plain, Stages - 2)];
        PartTimes middle = middles.FirstOrDefault();
        PartTimes sum = middles.Aggregate(default(PartTimes), (left, right) => left + right);
        return new(
            Kind,
            new(PipelineSplitPrograms.Of(Kind, Stages, MicroBatches), parts, transfer, HidesTransfers),
            new(
                new(first.Forward),
                new(first.Input + first.Weight),
                new(middle.Forward),
                new(middle.Input + middle.Weight),
                new(last.Forward),
                new(last.Input + last.Weight),
                new(sum.Forward),
                new(sum.Input + sum.Weight),
                new(Stages),
                new(MicroBatches),
                new(chunks),
                new(transfer),
                new(first.Weight),
                new(middle.Weight),
                new(last.Weight),
                new(sum.Weight),
                new(first.Hidden),
                new(middle.Hidden),
                new(last.Hidden),
                new(sum.Hidden)));
    }

    /// <summary>All numbers on which a schedule depends, at random, within what the schedule asks for.</summary>
    /// <param name="kind">The schedule.</param>
    /// <param name="layout">How layers are split.</param>
    /// <param name="transfer">The longest transfer, relative to the forward pass of a stage or chunk.</param>
    /// <param name="plain">Whether there is neither embedding nor head.</param>
    public static Gen<PipelineSplitRecipe> Any(PipelineScheduleKind kind, PipelineLayout layout, double transfer, bool plain = false)
    {
        bool free = layout == PipelineLayout.Free;
        bool dual = kind == PipelineScheduleKind.DualPipe;
        bool v = kind == PipelineScheduleKind.ZeroBubbleV;
        int fewest = layout == PipelineLayout.FullerFirst ? 4 : v && layout != PipelineLayout.Even ? 3 : 2;
        double heaviestFirst = kind is PipelineScheduleKind.ZeroBubbleH1 or PipelineScheduleKind.ZeroBubbleH2 ? 4 : 1.3;
        return
            from p in dual ? Gen.Int[(fewest + 1) / 2, 8].Select(half => 2 * half) : Gen.Int[fewest, 16]
            from m in Fills(kind, p)
            from l in free ? Gen.Const(1) : Gen.Int[2, 8]
            from layer in Passes(1, 1, dual ? 0.8 : 0)
            from embedding in free ? Passes(0.3, heaviestFirst, 0) : Passes(0, 0.3, 0)
            from head in free ? Passes(0.3, 4, 0) : Passes(0.2, 3, 0)
            from fuller in Gen.Double.Unit
            from x in Gen.Double.Unit
            select new PipelineSplitRecipe(
                kind, layout, p, m, l, layer, plain ? default : embedding, plain ? default : head, fuller, transfer * x);
    }

    private static Gen<int> Fills(PipelineScheduleKind kind, int stages) => kind switch
    {
        PipelineScheduleKind.ZeroBubbleH1 => Gen.Int[stages, 2 * stages],
        PipelineScheduleKind.DualPipe => Gen.Int[stages, 2 * stages].Select(half => 2 * half),
        _ => Gen.Int[(2 * stages) - 1, 4 * stages],
    };

    private static Gen<PartTimes> Passes(double low, double high, double hidden) =>
        from forward in Between(low, high)
        from input in Between(0.9, 1.6)
        from weight in Between(0.5, 1)
        from part in Gen.Double.Unit
        select new PartTimes(forward, forward * input, forward * weight, forward * hidden * part);

    private static Gen<double> Between(double low, double high) => Gen.Double.Unit.Select(unit => low + (unit * (high - low)));

    private PartTimes[] Parts(int count)
    {
        PartTimes[] parts = [.. Enumerable.Repeat(Layers * Layer, count)];
        if (Layout == PipelineLayout.Free)
        {
            parts[0] = Embedding;
            parts[^1] = Head;
            return parts;
        }

        double less = Layout == PipelineLayout.Even ? 0 : -1;
        parts[0] += Embedding + (less * Layer);
        parts[^1] += Head + (less * Layer);
        int fuller = Layout == PipelineLayout.FullerFirst ? 1 + (int)(Fuller * (count - 2)) : count;
        for (int part = fuller + 1; part < count - 1; part++)
        {
            parts[part] += -1 * Layer;
        }

        return parts;
    }
}
