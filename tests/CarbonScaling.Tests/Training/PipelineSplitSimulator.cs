namespace CarbonScaling.Tests.Training;

/// <summary>What a pass computes.</summary>
internal enum SplitPassKind
{
    /// <summary>The outputs.</summary>
    Forward,

    /// <summary>The gradient of the inputs.</summary>
    Input,

    /// <summary>The gradient of the weights.</summary>
    Weight,

    /// <summary>Both gradients; the gradient of the inputs leaves with the end of the pass.</summary>
    Backward,
}

/// <summary>A pass of one micro-batch through one part of the model.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Direction">The copy of the model that it belongs to: 0, or 1 for the one that runs the other way.</param>
/// <param name="Part">The part of the model, counted from the embedding.</param>
/// <param name="MicroBatch">The micro-batch of this direction.</param>
internal readonly record struct SplitPass(SplitPassKind Kind, int Direction, int Part, int MicroBatch);

/// <summary>Times of the passes through one part of the model.</summary>
/// <param name="Forward">The forward pass.</param>
/// <param name="Input">The gradient of the inputs.</param>
/// <param name="Weight">The gradient of the weights.</param>
/// <param name="Hidden">What a forward and a backward pass take less when they are combined.</param>
internal readonly record struct PartTimes(double Forward, double Input, double Weight, double Hidden)
{
    public double Sum => Forward + Input + Weight;

    public static PartTimes operator +(PartTimes left, PartTimes right) => new(
        left.Forward + right.Forward, left.Input + right.Input, left.Weight + right.Weight, left.Hidden + right.Hidden);

    public static PartTimes operator *(double factor, PartTimes times) => new(
        factor * times.Forward, factor * times.Input, factor * times.Weight, factor * times.Hidden);
}

/// <summary>A pipeline whose backward passes are split.</summary>
/// <param name="Programs">The steps of each device in their order; two passes of a step are combined to one.</param>
/// <param name="Parts">The parts of the model in their order.</param>
/// <param name="Transfer">From the end of a pass until what it made is at another device.</param>
/// <param name="HidesTransfers">Whether what a combined pass made is there with its end.</param>
internal sealed record SplitPipeline(SplitPass[][][] Programs, PartTimes[] Parts, double Transfer, bool HidesTransfers);

/// <summary>
/// Runs the programs: each step as soon as the device is free and what its passes need has come. Knows nothing of the
/// schedules but their orders.
/// </summary>
internal sealed class PipelineSplitSimulator
{
    private const int Settling = 2;
    private const int Measured = 4;

    private readonly SplitPipeline _pipeline;
    private readonly double[] _free;
    private readonly Dictionary<Message, Made> _made = [];

    private PipelineSplitSimulator(SplitPipeline pipeline)
    {
        _pipeline = pipeline;
        _free = new double[pipeline.Programs.Length];
    }

    /// <summary>When the last device has finished a step that all began at once.</summary>
    public static double Makespan(SplitPipeline pipeline)
    {
        PipelineSplitSimulator simulator = new(pipeline);
        simulator.Step();
        return simulator._free.Max();
    }

    /// <summary>Time from step to step when every device begins the next one as soon as it has finished its own part.</summary>
    public static double Period(SplitPipeline pipeline)
    {
        PipelineSplitSimulator simulator = new(pipeline);
        for (int step = 0; step < Settling; step++)
        {
            simulator.Step();
        }

        double settled = simulator._free.Max();
        for (int step = 0; step < Measured; step++)
        {
            simulator.Step();
        }

        return (simulator._free.Max() - settled) / Measured;
    }

    /// <summary>Time of all passes of each device.</summary>
    public static double[] Busy(SplitPipeline pipeline) =>
        [.. pipeline.Programs.Select(program => program.Sum(step => DurationOf(pipeline, step)))];

    /// <summary>Most activations that a device holds at once, each from its forward pass to <paramref name="until"/>.</summary>
    public static int[] Held(SplitPass[][][] programs, SplitPassKind until) =>
        [.. programs.Select(program => MostHeld(program, until))];

    private static int MostHeld(SplitPass[][] program, SplitPassKind until)
    {
        int held = 0;
        int most = 0;
        foreach (SplitPass[] step in program)
        {
            held += step.Count(pass => pass.Kind == SplitPassKind.Forward);
            most = Math.Max(most, held);
            held -= step.Count(pass => pass.Kind == until || pass.Kind == SplitPassKind.Backward);
        }

        return held == 0 ? most : throw new InvalidOperationException($"{held} activations are left over.");
    }

    private static double DurationOf(SplitPipeline pipeline, SplitPass[] step)
    {
        double time = 0;
        foreach (SplitPass pass in step)
        {
            PartTimes times = pipeline.Parts[pass.Part];
            time += pass.Kind switch
            {
                SplitPassKind.Forward => times.Forward,
                SplitPassKind.Input => times.Input,
                SplitPassKind.Weight => times.Weight,
                _ => times.Input + times.Weight,
            };

            // Two passes hide half of what each of their parts could hide on its own.
            time -= step.Length > 1 ? times.Hidden / 2 : 0;
        }

        return time;
    }

    private void Step()
    {
        _made.Clear();
        int[] position = new int[_free.Length];
        for (bool advanced = true; advanced;)
        {
            advanced = false;
            for (int device = 0; device < _free.Length; device++)
            {
                SplitPass[][] program = _pipeline.Programs[device];
                while (position[device] < program.Length && TryRun(device, program[position[device]]))
                {
                    position[device]++;
                    advanced = true;
                }
            }
        }

        for (int device = 0; device < _free.Length; device++)
        {
            if (position[device] < _pipeline.Programs[device].Length)
            {
                throw new InvalidOperationException($"Device {device} waits for ever at step {position[device]}.");
            }
        }
    }

    private bool TryRun(int device, SplitPass[] step)
    {
        double start = _free[device];
        foreach (SplitPass pass in step)
        {
            if (Arrival(device, pass) is not { } there)
            {
                return false;
            }

            start = Math.Max(start, there);
        }

        double end = start + DurationOf(_pipeline, step);
        double arrival = step.Length > 1 && _pipeline.HidesTransfers ? end : end + _pipeline.Transfer;
        _free[device] = end;
        foreach (SplitPass pass in step)
        {
            if (pass.Kind != SplitPassKind.Weight)
            {
                _made.Add(new(pass.Kind != SplitPassKind.Forward, pass.Direction, pass.Part, pass.MicroBatch), new(device, end, arrival));
            }
        }

        return true;
    }

    // When what a pass needs from another part is there. What it needs of its own part was made before, or the order is wrong.
    private double? Arrival(int device, SplitPass pass)
    {
        (bool forward, int before) = pass.Kind == SplitPassKind.Forward ? (true, pass.Part - 1) : (false, pass.Part + 1);
        if (!forward)
        {
            _ = _made[new(false, pass.Direction, pass.Part, pass.MicroBatch)];
        }

        if (pass.Kind == SplitPassKind.Weight)
        {
            _ = _made[new(true, pass.Direction, pass.Part, pass.MicroBatch)];
            return 0;
        }

        if (before < 0 || before >= _pipeline.Parts.Length)
        {
            return 0;
        }

        return _made.TryGetValue(new(!forward, pass.Direction, before, pass.MicroBatch), out Made made)
            ? made.Device == device ? made.End : made.Arrival
            : null;
    }

    private readonly record struct Message(bool IsGradient, int Direction, int Part, int MicroBatch);

    private readonly record struct Made(int Device, double End, double Arrival);
}
