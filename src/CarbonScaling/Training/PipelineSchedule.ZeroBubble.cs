using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
    /// <summary>Makespan of the zero-bubble schedule ZB-H1: 1F1B whose weight gradients fill its bubble.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-5: max over the stages k = 0, 1, p−2, p−1 of d_k + w_k + m·τ_k, the work of k, and of d_k + w_k +
    /// m·(F_k + B_k) + max(0, m−1−k)·W_k + Σ_{i&lt;k} B_i + k·x + W_0, back from k to the first stage, where
    /// d_k = Σ_{i&lt;k} F_i + k·x, w_k = max(0, Σ_{i&gt;k} (F_i + B_i) + 2(p−1−k)·x − (p−1−k)·F_k) is the wait for the first
    /// backward pass, and w_{p−1} what the round trips through all stages or through all but the first take longer than
    /// the passes of the last stage meanwhile. Stage 1 is the fullest of those between first and last, stage p−2 is their
    /// mean. From step to step with post-validation, the work of k counts without d_k.
    /// </para>
    /// <para>
    /// Equal stages and no transfers: m·τ + (p−1)·max(F, B, F+B−W). Published is (p−1)·(F+B−W), which holds where W is the
    /// shortest pass. Against an event simulator (p from 2 to 16, m from p to 2p, B from 0.8F to 1.5F, W from 0.5F to
    /// 1.1F): exact for equal stages with 2x ≤ W; with x up to F/10 off by −0.5 to 0 % with an embedding and a head, by
    /// −3 to 0 % (0.3 % on average) with one layer less on both ends, by −5 to 0 % (0.3 %) with one less on some stages
    /// between too, and by −5 to 0 % (0.2 %) with ends of 0.3 to 4 times a stage between. Needs m ≥ p.
    /// </para>
    /// <para>Qi et al. 2024 (Zero Bubble Pipeline Parallelism), sections 2 and 4, figure 3 and table 2.</para>
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    /// <param name="postValidates">Whether stages start their next step without waiting for the others.</param>
    /// <returns>The makespan in seconds, or the time from step to step where stages do not wait.</returns>
    public static T ZeroBubbleH1<T>(in PipelineStages<T> stages, bool postValidates)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T hops = stages.Stages - T.Literal(1);
        T between = hops - T.Literal(1);
        T last = stages.LastForward + stages.LastInput;
        T way = stages.MiddleForwardSum + stages.MiddleInputSum + (T.Literal(2) * between * stages.Transfer);

        // The stages hold just as many micro-batches as fill the pipeline, so that the one after those comes when the
        // first one is back: on the first stage micro-batch p, on the second one micro-batch p − 1.
        T throughAll = stages.First + way + (T.Literal(2) * stages.Transfer) - (hops * last) - stages.LastWeight;
        T throughOthers = way - (between * last);
        T held = T.Max(throughOthers, T.WhereGreater(stages.MicroBatches, stages.Stages, throughAll, none));
        T makespan = WithWeightPasses(stages, T.Literal(1), T.Max(none, held), postValidates);
        return T.Name(makespan, Equations.ZeroBubbleH1Makespan);
    }

    /// <summary>Makespan of the zero-bubble schedule ZB-H2: twice as many micro-batches in flight, no bubble left inside.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-6: as PIPE-5 with 2(p−1−k)·F_k in w_k, max(0, m−1−2k)·W_k on the way back and w_{p−1} = 0.
    /// </para>
    /// <para>
    /// Equal stages and no transfers: m·τ + (p−1)·max(F, B−F, F+B−2W), and from step to step with post-validation
    /// m·τ + (p−1)·max(0, B−F, F+B−2W). Published is the latter with F+B−2W alone; without post-validation the last stage
    /// begins (p−1)·F after the first and every step waits for it, which leaves little of what ZB-H2 has over ZB-H1.
    /// Against an event simulator (p from 2 to 16, m from 2p−1 on, B from 0.8F to 1.5F, W from 0.5F to 1.1F): exact for
    /// equal stages with x up to 0.3F; with x up to F/10 exact with an embedding and a head, off by −3 to 0 % (0.1 % on
    /// average) with one layer less on both ends, by −7 to +0.5 % (0.3 %) with one less on some stages between too, and by
    /// −2 to 0 % (0.1 %) with ends of 0.3 to 4 times a stage between. Needs m ≥ 2p−1.
    /// </para>
    /// <para>Qi et al. 2024 (Zero Bubble Pipeline Parallelism), sections 2 and 4, figure 3 and table 2.</para>
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    /// <param name="postValidates">Whether stages start their next step without waiting for the others.</param>
    /// <returns>The makespan in seconds, or the time from step to step where stages do not wait.</returns>
    public static T ZeroBubbleH2<T>(in PipelineStages<T> stages, bool postValidates)
        where T : struct, IReal<T> =>
        T.Name(WithWeightPasses(stages, T.Literal(2), T.Literal(0), postValidates), Equations.ZeroBubbleH2Makespan);

    /// <summary>The longest way through a pipeline whose stages keep their weight gradients for later.</summary>
    /// <param name="stages">The pipeline.</param>
    /// <param name="ahead">Forward passes that a stage makes before its first backward pass, for every stage behind it.</param>
    /// <param name="held">What the last stage waits for micro-batches.</param>
    /// <param name="postValidates">Whether stages start their next step without waiting for the others.</param>
    private static T WithWeightPasses<T>(in PipelineStages<T> stages, T ahead, T held, bool postValidates)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T hops = stages.Stages - one;
        T between = hops - one;
        T share = one / T.Max(one, between);
        T transfer = stages.Transfer;
        T microBatches = stages.MicroBatches;
        T meanForward = stages.MiddleForwardSum * share;
        T meanInput = stages.MiddleInputSum * share;
        T meanWeight = stages.MiddleWeightSum * share;
        T passes = stages.MiddleForward + stages.MiddleInput;
        T lastPasses = stages.LastForward + stages.LastInput;
        T behindFirst = stages.MiddleForwardSum + stages.MiddleInputSum + lastPasses;

        // Until the last input gradient, on each of the stages.
        T first = FirstWait(behindFirst, hops, transfer, ahead * stages.FirstForward) + (microBatches * stages.First);
        T second = FirstWait(behindFirst - passes, between, transfer, ahead * stages.MiddleForward) + (microBatches * passes);
        T lastButOne = FirstWait(lastPasses, one, transfer, ahead * meanForward) + (microBatches * (meanForward + meanInput));
        T last = held + (microBatches * lastPasses);

        T toSecond = stages.FirstForward + transfer;
        T toLastButOne = stages.FirstForward + stages.MiddleForwardSum - meanForward + (between * transfer);
        T toLast = stages.FirstForward + stages.MiddleForwardSum + (hops * transfer);

        T done = microBatches - one;
        T fromSecond = toSecond + second + (T.Max(T.Literal(0), done - ahead) * stages.MiddleWeight) + transfer;
        T fromLastButOne = toLastButOne + lastButOne + (T.Max(T.Literal(0), done - (ahead * between)) * meanWeight)
            + stages.MiddleInputSum - meanInput + (between * transfer);
        T fromLast = toLast + last + (T.Max(T.Literal(0), done - (ahead * hops)) * stages.LastWeight)
            + stages.MiddleInputSum + (hops * transfer);
        T onFirst = T.Max(first, T.Max(T.Max(fromSecond, fromLastButOne), fromLast) + stages.FirstBackward);

        T allSecond = second + (microBatches * stages.MiddleWeight);
        T allLastButOne = lastButOne + (microBatches * meanWeight);
        T allLast = last + (microBatches * stages.LastWeight);
        T onOthers = postValidates
            ? T.Max(T.Max(allSecond, allLastButOne), allLast)
            : T.Max(T.Max(toSecond + allSecond, toLastButOne + allLastButOne), toLast + allLast);
        return T.Max(onFirst, onOthers);
    }

    /// <summary>What a stage waits for its first backward pass.</summary>
    /// <param name="behind">Forward and input-gradient passes of the stages behind it.</param>
    /// <param name="hops">How many stages these are.</param>
    /// <param name="transfer">One transfer.</param>
    /// <param name="ahead">Forward passes that it makes meanwhile, for every stage behind it, in seconds.</param>
    private static T FirstWait<T>(T behind, T hops, T transfer, T ahead)
        where T : struct, IReal<T> =>
        T.Max(T.Literal(0), behind + (hops * ((T.Literal(2) * transfer) - ahead)));
}
