using CarbonScaling.Training;

namespace CarbonScaling.Tests.Training;

/// <summary>Activations or gradients on their way to a neighbour.</summary>
/// <param name="IsGradient">Whether a backward pass made them.</param>
/// <param name="Chunk">The chunk that made them, counted along the model.</param>
/// <param name="MicroBatch">The micro-batch.</param>
internal readonly record struct PipelineMessage(bool IsGradient, int Chunk, int MicroBatch);

/// <summary>A pass, or a call that sends and receives.</summary>
/// <param name="IsPass">Whether it is a pass.</param>
/// <param name="IsBackward">Whether the pass is a backward one.</param>
/// <param name="Chunk">The chunk of the pass, counted on its stage.</param>
/// <param name="MicroBatch">The micro-batch of the pass.</param>
/// <param name="Sends">What a call sends.</param>
/// <param name="Receives">What a call receives.</param>
internal sealed record PipelineSimulatorStep(
    bool IsPass,
    bool IsBackward,
    int Chunk,
    int MicroBatch,
    IReadOnlyCollection<PipelineMessage> Sends,
    IReadOnlyCollection<PipelineMessage> Receives);

/// <summary>
/// The steps of one stage in their order, as Megatron-LM runs them. Passes are numbered in the order in which the stage
/// runs those of their direction; the interleaved order takes the micro-batches in groups as large as the pipeline
/// through one chunk after the other.
/// </summary>
internal sealed class PipelineSimulatorProgram
{
    private readonly SimulatedPipeline _pipeline;
    private readonly int _stage;
    private readonly int _passes;
    private readonly List<PipelineSimulatorStep> _steps = [];

    private PipelineSimulatorProgram(SimulatedPipeline pipeline, int stage)
    {
        _pipeline = pipeline;
        _stage = stage;
        _passes = pipeline.MicroBatches * pipeline.Chunks;
    }

    public static PipelineSimulatorStep[] Of(SimulatedPipeline pipeline, int stage)
    {
        PipelineSimulatorProgram program = new(pipeline, stage);
        switch (pipeline.Kind)
        {
            case PipelineScheduleKind.GPipe:
                program.GPipe();
                break;
            case PipelineScheduleKind.OneForwardOneBackward:
                program.OneForwardOneBackward();
                break;
            default:
                program.Interleaved();
                break;
        }

        return [.. program._steps];
    }

    private void GPipe()
    {
        for (int k = 0; k < _passes; k++)
        {
            Exchange(receiveForward: k);
            Forward(k);
            Exchange(sendForward: k);
        }

        for (int k = 0; k < _passes; k++)
        {
            Exchange(receiveBackward: k);
            Backward(k);
            Exchange(sendBackward: k);
        }
    }

    private void OneForwardOneBackward()
    {
        int warmUp = Math.Min(_passes, _pipeline.Stages - 1 - _stage);
        int steady = _passes - warmUp;
        for (int k = 0; k < warmUp; k++)
        {
            Exchange(receiveForward: k);
            Forward(k);
            Exchange(sendForward: k);
        }

        Exchange(receiveForward: warmUp);
        for (int k = 0; k < steady; k++)
        {
            Forward(warmUp + k);
            Exchange(sendForward: warmUp + k, receiveBackward: k);
            Backward(k);
            Exchange(sendBackward: k, receiveForward: warmUp + k + 1);
        }

        for (int k = steady; k < _passes; k++)
        {
            Exchange(receiveBackward: k);
            Backward(k);
            Exchange(sendBackward: k);
        }
    }

    private void Interleaved()
    {
        int stages = _pipeline.Stages;
        int warmUp = Math.Min(_passes, (2 * (stages - 1 - _stage)) + ((_pipeline.Chunks - 1) * stages));
        int steady = _passes - warmUp;
        Exchange(receiveForward: 0);
        for (int k = 0; k < warmUp; k++)
        {
            Forward(k);
            bool last = k == warmUp - 1;
            Exchange(sendForward: k, receiveForward: k + 1, receiveBackward: last && steady > 0 ? 0 : -1);
        }

        for (int k = 0; k < steady; k++)
        {
            Forward(warmUp + k);
            Backward(k);
            Exchange(sendForward: warmUp + k, sendBackward: k, receiveForward: warmUp + k + 1, receiveBackward: k + 1);
        }

        if (steady == 0)
        {
            Exchange(receiveBackward: 0);
        }

        for (int k = steady; k < _passes; k++)
        {
            Backward(k);
            Exchange(sendBackward: k, receiveBackward: k + 1);
        }
    }

    private void Forward(int pass) => Pass(backward: false, pass);

    private void Backward(int pass) => Pass(backward: true, pass);

    private void Pass(bool backward, int pass)
    {
        (int chunk, int microBatch) = PlaceOf(backward, pass);
        _steps.Add(new(IsPass: true, backward, chunk, microBatch, [], []));
    }

    /// <summary>A call, where there is anything to call for; passes beyond the last one have no messages.</summary>
    private void Exchange(int sendForward = -1, int sendBackward = -1, int receiveForward = -1, int receiveBackward = -1)
    {
        if (_pipeline.Mode != TransferMode.Blocking)
        {
            return;
        }

        PipelineMessage?[] sends = [Sent(backward: false, sendForward), Sent(backward: true, sendBackward)];
        PipelineMessage?[] receives = [Received(backward: false, receiveForward), Received(backward: true, receiveBackward)];
        PipelineSimulatorStep step = new(
            IsPass: false, IsBackward: false, 0, 0, [.. sends.OfType<PipelineMessage>()], [.. receives.OfType<PipelineMessage>()]);
        if (step.Sends.Count + step.Receives.Count > 0)
        {
            _steps.Add(step);
        }
    }

    private PipelineMessage? Sent(bool backward, int pass)
    {
        if (pass < 0 || pass >= _passes)
        {
            return null;
        }

        (int chunk, int microBatch) = PlaceOf(backward, pass);
        int made = (chunk * _pipeline.Stages) + _stage;
        return made == (backward ? 0 : LastChunk) ? null : new(backward, made, microBatch);
    }

    private PipelineMessage? Received(bool backward, int pass)
    {
        if (pass < 0 || pass >= _passes)
        {
            return null;
        }

        (int chunk, int microBatch) = PlaceOf(backward, pass);
        int used = (chunk * _pipeline.Stages) + _stage;
        return used == (backward ? LastChunk : 0) ? null : new(backward, backward ? used + 1 : used - 1, microBatch);
    }

    private int LastChunk => (_pipeline.Stages * _pipeline.Chunks) - 1;

    private (int Chunk, int MicroBatch) PlaceOf(bool backward, int pass)
    {
        int stages = _pipeline.Stages;
        int chunks = _pipeline.Chunks;
        (int group, int inGroup) = Math.DivRem(pass, stages * chunks);
        (int chunk, int microBatch) = Math.DivRem(inGroup, stages);
        return (backward ? chunks - 1 - chunk : chunk, (group * stages) + microBatch);
    }
}
