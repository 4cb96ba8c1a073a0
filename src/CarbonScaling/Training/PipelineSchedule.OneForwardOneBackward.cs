using System.Runtime.CompilerServices;
using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
    /// <summary>Makespan of the 1F1B schedule (PipeDream-flush) with blocking transfers.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-2: max over the stages k = 0, 1, p−2, p−1 of Σ_{i&lt;k} τ_i + m·τ_k + w(F_k) + w(B_k), for m ≤ p−k with
    /// the greater of the two waits instead of their sum, where
    /// w(z) = max(0, Σ_{k&lt;i&lt;p−1} τ_i + max(τ_{p−1} − (W−1)·z, −max(0, W−2)·z)), W = min(m, p−k), w = 0 for the last
    /// stage. Stage 1 is the fullest of those between first and last, stage p−2 is their mean. F and B include x/2 per
    /// neighbour: a hop costs 2x of a micro-batch's way down and back, and 2x of every micro-batch on a stage with two
    /// neighbours.
    /// </para>
    /// <para>
    /// Derived: k waits twice, for its first and for its last backward pass, where the way to the end and back takes
    /// longer than the other W−1 passes that k has for that time. Against an event simulator (p from 2 to 16, B from 1.5F
    /// to 3F, x up to F/10): exact for equal stages and any m; for m ≥ p off by −0.3 to 0 % with one layer less on both
    /// ends, by −5 to 0 % (0.1 % on average) with one less on some stages between too, by −1.5 to 0 % with ends of 0.3 to
    /// 4 times a stage between, and about half of that for m ≥ 2p; for m &lt; p by −9 to +3 % (0.2 % on average). With x up to
    /// F/2 it is −6 to 0 % for m ≥ p. Transfers that do not block take up to 7 % less.
    /// </para>
    /// <para>Narayanan et al. 2021 for the schedule; the uniform case is (m + p − 1)·τ.</para>
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    /// <returns>The makespan in seconds.</returns>
    public static T OneForwardOneBackward<T>(in PipelineStages<T> stages)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T two = T.Literal(2);
        T depth = stages.Stages;
        T microBatches = stages.MicroBatches;
        T count = depth - two;
        T share = one / T.Max(one, count);

        // Passes with the transfers that occupy their stage.
        T atEnd = T.Literal(0.5) * stages.Transfer;
        T between = stages.Transfer * T.Min(one, count);
        T allBetween = stages.Transfer * count;
        T firstForward = stages.FirstForward + atEnd;
        T firstBackward = stages.FirstBackward + atEnd;
        T middleForward = stages.MiddleForward + between;
        T middleBackward = stages.MiddleBackward + between;
        T lastPasses = stages.LastForward + atEnd + stages.LastBackward + atEnd;
        T forwardSum = stages.MiddleForwardSum + allBetween;
        T backwardSum = stages.MiddleBackwardSum + allBetween;
        T sum = forwardSum + backwardSum;

        T first = OnStage(microBatches, firstForward, firstBackward, sum, lastPasses, depth);
        T others = sum - (middleForward + middleBackward);
        T second = OnStage(microBatches, middleForward, middleBackward, others, lastPasses, depth - one);
        T lastButOne = sum - (sum * share)
            + OnStage(microBatches, forwardSum * share, backwardSum * share, T.Literal(0), lastPasses, two);
        T last = sum + (microBatches * lastPasses);
        T behindFirst = firstForward + firstBackward + T.Max(T.Max(second, lastButOne), last);
        return T.Name(T.Max(first, behindFirst), Equations.OneForwardOneBackwardMakespan);
    }

    // Inlined, as a call would pass every vector through memory: it halves the time of the search's innermost equation.
    /// <summary>From the start of a stage's first forward pass to the end of its last backward pass.</summary>
    /// <param name="microBatches">Micro-batches of a step.</param>
    /// <param name="forward">Forward pass of the stage.</param>
    /// <param name="backward">Backward pass of the stage.</param>
    /// <param name="between">Passes of the stages between this one and the last one.</param>
    /// <param name="last">Passes of the last stage.</param>
    /// <param name="depth">Stages from this one on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OnStage<T>(T microBatches, T forward, T backward, T between, T last, T depth)
        where T : struct, IReal<T>
    {
        T window = T.Min(microBatches, depth);
        T filling = Wait(forward, window, between, last);
        T draining = Wait(backward, window, between, last);
        T waits = T.WhereGreater(microBatches, depth, filling + draining, T.Max(filling, draining));
        return (microBatches * (forward + backward)) + waits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Wait<T>(T pass, T window, T between, T last)
        where T : struct, IReal<T>
    {
        T toTheEnd = last - ((window - T.Literal(1)) * pass);
        T shortOfTheEnd = -(T.Max(T.Literal(0), window - T.Literal(2)) * pass);
        return T.Max(T.Literal(0), between + T.Max(toTheEnd, shortOfTheEnd));
    }
}
