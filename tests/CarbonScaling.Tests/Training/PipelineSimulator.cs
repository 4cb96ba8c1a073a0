using CarbonScaling.Training;

namespace CarbonScaling.Tests.Training;

/// <summary>How activations and gradients travel between stages.</summary>
internal enum TransferMode
{
    /// <summary>A message arrives its latency after the pass that made it; stages compute meanwhile.</summary>
    Overlapped,

    /// <summary>
    /// Sends and receives are calls between passes. A transfer starts when both ends have called and a call ends with its
    /// last transfer, so both ends are occupied. Transfers of one call in the same direction share the link.
    /// </summary>
    Blocking,
}

/// <summary>A pipeline to be simulated.</summary>
/// <param name="Kind">The schedule.</param>
/// <param name="MicroBatches">Micro-batches.</param>
/// <param name="Forward">Time of a forward pass by stage and chunk.</param>
/// <param name="Backward">Time of a backward pass by stage and chunk.</param>
/// <param name="Transfer">Time of a transfer that has the link for itself.</param>
/// <param name="Mode">How transfers are made.</param>
internal sealed record SimulatedPipeline(
    PipelineScheduleKind Kind, int MicroBatches, double[][] Forward, double[][] Backward, double Transfer, TransferMode Mode)
{
    public int Stages => Forward.Length;

    public int Chunks => Forward[0].Length;
}

/// <summary>What came of a simulation.</summary>
/// <param name="Makespan">When the last stage to finish has finished.</param>
/// <param name="Busy">Time of each stage spent in passes.</param>
/// <param name="InFlight">Most activations each stage held at once, in micro-batches of a whole stage.</param>
internal sealed record SimulatedRun(double Makespan, double[] Busy, double[] InFlight);

/// <summary>Runs the fixed program of every stage: each step as soon as the stage is free and what it needs has come.</summary>
internal sealed class PipelineSimulator
{
    private readonly SimulatedPipeline _pipeline;
    private readonly PipelineSimulatorStep[][] _programs;
    private readonly int[] _position;
    private readonly bool[] _called;
    private readonly double[] _free;
    private readonly double[] _busy;
    private readonly int[] _held;
    private readonly int[] _mostHeld;
    private readonly double?[] _passEnd;
    private readonly Dictionary<PipelineMessage, Rendezvous> _transfers = [];

    private PipelineSimulator(SimulatedPipeline pipeline)
    {
        _pipeline = pipeline;
        int stages = pipeline.Stages;
        _programs = [.. Enumerable.Range(0, stages).Select(stage => PipelineSimulatorProgram.Of(pipeline, stage))];
        _position = new int[stages];
        _called = new bool[stages];
        _free = new double[stages];
        _busy = new double[stages];
        _held = new int[stages];
        _mostHeld = new int[stages];
        _passEnd = new double?[2 * stages * pipeline.Chunks * pipeline.MicroBatches];
    }

    public static SimulatedRun Run(SimulatedPipeline pipeline)
    {
        PipelineSimulator simulator = new(pipeline);
        while (simulator.Advance())
        {
        }

        for (int stage = 0; stage < pipeline.Stages; stage++)
        {
            if (simulator._position[stage] < simulator._programs[stage].Length)
            {
                throw new InvalidOperationException($"Stage {stage} waits for ever at step {simulator._position[stage]}.");
            }
        }

        return new(
            simulator._free.Max(), simulator._busy, [.. simulator._mostHeld.Select(held => held / (double)pipeline.Chunks)]);
    }

    private bool Advance()
    {
        bool advanced = false;
        for (int stage = 0; stage < _programs.Length; stage++)
        {
            while (_position[stage] < _programs[stage].Length && TryStep(stage, _programs[stage][_position[stage]]))
            {
                _position[stage]++;
                advanced = true;
            }
        }

        return advanced;
    }

    private bool TryStep(int stage, PipelineSimulatorStep step) =>
        step.IsPass ? TryPass(stage, step) : TryExchange(stage, step);

    private bool TryPass(int stage, PipelineSimulatorStep step)
    {
        int chunk = (step.Chunk * _pipeline.Stages) + stage;
        int lastChunk = (_pipeline.Stages * _pipeline.Chunks) - 1;
        double start = _free[stage];
        int before = step.IsBackward ? chunk + 1 : chunk - 1;
        if (before >= 0 && before <= lastChunk)
        {
            if (_passEnd[IndexOf(step.IsBackward, before, step.MicroBatch)] is not { } sent)
            {
                return false;
            }

            start = Math.Max(start, _pipeline.Mode == TransferMode.Overlapped ? sent + _pipeline.Transfer : sent);
        }

        if (step.IsBackward && _passEnd[IndexOf(false, chunk, step.MicroBatch)] is null)
        {
            throw new InvalidOperationException("A backward pass is scheduled before its forward pass.");
        }

        double[][] times = step.IsBackward ? _pipeline.Backward : _pipeline.Forward;
        double time = times[stage][step.Chunk];
        _held[stage] += step.IsBackward ? -1 : 1;
        _mostHeld[stage] = Math.Max(_mostHeld[stage], _held[stage]);
        _busy[stage] += time;
        _free[stage] = start + time;
        _passEnd[IndexOf(step.IsBackward, chunk, step.MicroBatch)] = _free[stage];
        return true;
    }

    private bool TryExchange(int stage, PipelineSimulatorStep step)
    {
        if (!_called[stage])
        {
            _called[stage] = true;
            foreach (PipelineMessage message in step.Sends)
            {
                Call(message).Sender = new(_free[stage], step.Sends.Count);
            }

            foreach (PipelineMessage message in step.Receives)
            {
                Call(message).Receiver = new(_free[stage], step.Receives.Count);
            }
        }

        double end = _free[stage];
        foreach (PipelineMessage message in step.Sends.Concat(step.Receives))
        {
            if (Call(message).End(_pipeline.Transfer) is not { } arrived)
            {
                return false;
            }

            end = Math.Max(end, arrived);
        }

        _free[stage] = end;
        _called[stage] = false;
        return true;
    }

    private Rendezvous Call(PipelineMessage message)
    {
        if (!_transfers.TryGetValue(message, out Rendezvous? transfer))
        {
            _transfers[message] = transfer = new();
        }

        return transfer;
    }

    private int IndexOf(bool backward, int chunk, int microBatch) =>
        (((backward ? _pipeline.Stages * _pipeline.Chunks : 0) + chunk) * _pipeline.MicroBatches) + microBatch;

    private readonly record struct Caller(double Time, int Messages);

    private sealed class Rendezvous
    {
        public Caller? Sender { get; set; }

        public Caller? Receiver { get; set; }

        public double? End(double transfer) =>
            Sender is { } sender && Receiver is { } receiver
                ? Math.Max(sender.Time, receiver.Time) + (transfer * Math.Max(sender.Messages, receiver.Messages))
                : null;
    }
}
