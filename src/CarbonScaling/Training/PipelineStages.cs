using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Passes of one micro-batch through the stages of a pipeline, in seconds, and the counts of its schedule.</summary>
/// <remarks>
/// The stages between first and last may differ in layers; the fullest of them are expected next to the first stage.
/// With chunks, what a first or last stage has more or less than a stage between is expected in the first chunk of the
/// first stage (the embedding) and in the last chunk of the last stage (the head).
/// </remarks>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="FirstForward">Forward pass of the first stage, over all its chunks.</param>
/// <param name="FirstBackward">Backward pass of the first stage.</param>
/// <param name="MiddleForward">Forward pass of the fullest stage between first and last; zero where there is none.</param>
/// <param name="MiddleBackward">Backward pass of that stage; zero where there is none.</param>
/// <param name="LastForward">Forward pass of the last stage.</param>
/// <param name="LastBackward">Backward pass of the last stage.</param>
/// <param name="MiddleForwardSum">Forward passes of all stages between first and last together.</param>
/// <param name="MiddleBackwardSum">Backward passes of all stages between first and last together.</param>
/// <param name="Stages">Stages p, two or more.</param>
/// <param name="MicroBatches">Micro-batches m of a step.</param>
/// <param name="VirtualStages">Chunks v of a stage; used by the interleaved schedule alone.</param>
/// <param name="Transfer">One transfer x of a micro-batch's activations, or of their gradients, to a neighbour.</param>
/// <param name="FirstWeight">Weight gradient's part of the backward pass of the first stage.</param>
/// <param name="MiddleWeight">The same of the fullest stage between first and last; zero where there is none.</param>
/// <param name="LastWeight">The same of the last stage.</param>
/// <param name="MiddleWeightSum">The same of all stages between first and last together.</param>
/// <param name="FirstHidden">
/// What a forward and a backward pass of the first stage take less in one combined pass than one after the other,
/// because each hides the communication of the other; used by DualPipe alone.
/// </param>
/// <param name="MiddleHidden">The same of the fullest stage between first and last; zero where there is none.</param>
/// <param name="LastHidden">The same of the last stage.</param>
/// <param name="MiddleHiddenSum">The same of all stages between first and last together.</param>
public readonly record struct PipelineStages<T>(
    T FirstForward,
    T FirstBackward,
    T MiddleForward,
    T MiddleBackward,
    T LastForward,
    T LastBackward,
    T MiddleForwardSum,
    T MiddleBackwardSum,
    T Stages,
    T MicroBatches,
    T VirtualStages,
    T Transfer,
    T FirstWeight,
    T MiddleWeight,
    T LastWeight,
    T MiddleWeightSum,
    T FirstHidden,
    T MiddleHidden,
    T LastHidden,
    T MiddleHiddenSum)
    where T : struct, IReal<T>
{
    internal T First => FirstForward + FirstBackward;

    internal T Middle => MiddleForward + MiddleBackward;

    internal T Last => LastForward + LastBackward;

    internal T MiddleSum => MiddleForwardSum + MiddleBackwardSum;

    internal T FirstInput => FirstBackward - FirstWeight;

    internal T MiddleInput => MiddleBackward - MiddleWeight;

    internal T LastInput => LastBackward - LastWeight;

    internal T MiddleInputSum => MiddleBackwardSum - MiddleWeightSum;

    /// <summary>The same pipeline with time of every pass spent on transfers.</summary>
    /// <param name="atEnd">Time of a pass on the first and on the last stage.</param>
    /// <param name="between">Time of a pass on a stage between them.</param>
    internal PipelineStages<T> Occupied(T atEnd, T between)
    {
        T count = Stages - T.Literal(2);
        T one = between * T.Min(T.Literal(1), count);
        T all = between * count;
        return this with
        {
            FirstForward = FirstForward + atEnd,
            FirstBackward = FirstBackward + atEnd,
            MiddleForward = MiddleForward + one,
            MiddleBackward = MiddleBackward + one,
            LastForward = LastForward + atEnd,
            LastBackward = LastBackward + atEnd,
            MiddleForwardSum = MiddleForwardSum + all,
            MiddleBackwardSum = MiddleBackwardSum + all,
        };
    }
}
