using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
    /// <summary>Makespan of the zero-bubble schedule ZBV, whose devices hold two chunks each, in the shape of a V.</summary>
    /// <remarks>
    /// <para>
    /// Device i holds chunks i and 2p−1−i of 2p, the first device thus the embedding (chunk a) and the head (chunk z); all
    /// chunks between (passes f, b, w) are alike. With h = p−1, τ the passes of a whole device, the longest of:
    /// </para>
    /// <para>
    /// Eq. PIPE-7: (1) the work of the first device with its two waits, m·(τ_a + τ_z) + max(0, 2h·(f + x − F_a)) +
    /// max(0, 2h·(b + x) − W_z − h·(B_a + W_a)); (2) the same up to its last chunk z, then down to the last device,
    /// (p·b + (2p−1)·w + h·x); (3) the work of the last device, s + 2m·(f + b + w), where s = F_a + (h−1)·f + h·x +
    /// max(0, F_z + B_z − 2f + 2x + (h−1)·(b − f + 2x)) + (h−1)·(max(0, f − b) + 2x) is its start, its wait for the first
    /// backward pass and its last round trip to the second device; (4) back from it to the first device after the last
    /// input gradient, s + 2m·(f + b) + (2m − 2h − 1)·w + (h−1)·b + h·x + B_a + W_a, or to the second one, 3w − x instead
    /// of B_a + W_a; or (5) after the last forward pass, s + 2m·f + (2m − 2p)·(b + w) + (h−1)·f + h·x + τ_z +
    /// p·(B_a + W_a). From step to step with post-validation, (2) and (3) drop out for the work 2m·(f + b + w) of any
    /// device, and (4) to the second device counts from its own start, without F_a + x.
    /// </para>
    /// <para>
    /// Equal chunks, F ≤ B, W ≤ B and no transfers: m·τ + (p−1)·max(B/2, B−W), and m·τ + (p−1)·(B−W) from step to step.
    /// Published is no bubble, for F = B = W and with post-validation. Against an event simulator of the published order
    /// (p from 2 to 16, m from 2p−1 to 4p, B from 0.9F to 1.6F, W from 0.5F to F): exact for equal chunks without
    /// transfers, off by −0.2 to 0 % with x up to 0.6 forward passes of a chunk; with x up to a fifth of such a pass by
    /// −1 to 0 % with an embedding of up to 0.3 and a head of up to 3 layers, by −3 to 0 % (0.1 % on average) with one
    /// layer less in the first and in the last chunk, and by −4 to 0 % (0.3 %) with a first chunk of 0.3 to 1.3 and a last
    /// one of 0.3 to 4 times a chunk between. Of two stages the lesser is taken for one of two plain chunks. Needs m ≥ 2p−1.
    /// </para>
    /// <para>Qi et al. 2024 (Zero Bubble Pipeline Parallelism), section 6, and the order of its published code.</para>
    /// </remarks>
    /// <param name="stages">
    /// The pipeline as for an interleaved schedule of two chunks: what the first and the last stage have more or less than
    /// a stage between is in the first and in the last chunk of the model.
    /// </param>
    /// <param name="postValidates">Whether stages start their next step without waiting for the others.</param>
    /// <returns>The makespan in seconds, or the time from step to step where stages do not wait.</returns>
    public static T ZeroBubbleV<T>(in PipelineStages<T> stages, bool postValidates)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T one = T.Literal(1);
        T two = T.Literal(2);
        T devices = stages.Stages;
        T microBatches = stages.MicroBatches;
        T transfer = stages.Transfer;
        T hops = devices - one;
        T inner = hops - one;
        T way = hops * transfer;

        // The chunks a, z and those between.
        T forward = PlainChunk(devices, stages.FirstForward, stages.MiddleForward, stages.LastForward);
        T input = PlainChunk(devices, stages.FirstInput, stages.MiddleInput, stages.LastInput);
        T weight = PlainChunk(devices, stages.FirstWeight, stages.MiddleWeight, stages.LastWeight);
        T firstForward = T.Max(none, stages.FirstForward - forward);
        T firstBackward = T.Max(none, stages.FirstBackward - input - weight);
        T lastForward = T.Max(none, stages.LastForward - forward);
        T lastInput = T.Max(none, stages.LastInput - input);
        T lastWeight = T.Max(none, stages.LastWeight - weight);
        T last = lastForward + lastInput + lastWeight;

        // Through the first device.
        T filling = T.Max(none, two * hops * (forward + transfer - firstForward));
        T busy = filling + (microBatches * (firstForward + firstBackward + last));
        T draining = T.Max(none, (two * hops * (input + transfer)) - lastWeight - (hops * firstBackward));
        T first = busy + draining;

        // Through the last device.
        T turn = lastForward + lastInput + (two * (transfer - forward)) + (inner * (input - forward + (two * transfer)));
        T start = firstForward + (inner * forward) + way + T.Max(none, turn);
        T pairs = two * microBatches;
        T held = inner * (T.Max(none, forward - input) + (two * transfer));
        T passes = start + held + (pairs * (forward + input));
        T back = passes + ((pairs - (two * hops) - one) * weight) + (inner * input) + way;
        T backForward = start + (pairs * forward) + ((pairs - (two * devices)) * (input + weight)) + (inner * forward) + way
            + last + (devices * firstBackward);
        T onFirst = T.Max(T.Max(first, backForward), back + firstBackward);

        T onSecond = back - transfer + (T.Literal(3) * weight);
        T onOthers = postValidates
            ? T.Max(onSecond - firstForward - transfer, pairs * (forward + input + weight))
            : T.Max(
                T.Max(onSecond, passes + (pairs * weight)),
                busy - lastWeight - (devices * firstBackward) + (devices * input) + (((two * devices) - one) * weight) + way);
        return T.Name(T.Max(onFirst, onOthers), Equations.ZeroBubbleVMakespan);
    }

    private static T PlainChunk<T>(T stages, T first, T middle, T last)
        where T : struct, IReal<T> =>
        T.Literal(0.5) * T.WhereGreater(stages, T.Literal(2), middle, T.Min(first, last));
}
