using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
    /// <summary>Makespan of DualPipe, whose micro-batches enter from both ends and overlap in combined passes.</summary>
    /// <remarks>
    /// <para>
    /// Device i holds stages i and p−1−i, so that the outer devices hold embedding and head, and runs m/2 micro-batches
    /// through each. Most forward passes are combined with a backward pass of the other direction to one pass C of
    /// F + B + W less what both hide. With h = p/2, a and z the first and the last stage, f, b, w and c the passes of the
    /// mean stage between, c' the combined pass of the fullest inner device, and e = m − 2h − 1, the longest of:
    /// </para>
    /// <para>
    /// Eq. PIPE-8: s = F_a + (h−1)·(f + x) + max(2h·f + h·x, (h−1)·f + F_z + B_z + (h−2)·b + (2h−1)·x) + b + w + x is the end
    /// of the first backward pass of the innermost device and y = s + (h−1)·c + C_0 that of the first combined pass back on
    /// the outer device, C_0 = F_z + B_a + W_a less what is hidden. (1) the work of the outer device,
    /// m/2·(τ_a + τ_z) less (m − 3h + 1) times what it hides, with max(0, 2(h−1)·(f − F_a) + (p−1)·x, y − its work until then)
    /// to fill, max(0, (h−1)·(2·max(c, b + w) − C_0 − B_z − W_z)) for the last round of combined passes, and either
    /// max(0, 2(h−1)·b + (p−1)·x − (h−1)·(B_a + W_a)) to drain or h·(b + w + x − B_a − W_a) to end on an inner device;
    /// (2) s + e·c' + (h−2)·max(c, b + w) + C_0 + B_z + W_z + h·(b + x), the work of the innermost devices, and from there to the
    /// end on an outer device, (h−2)·b + (h−1)·x + B_a + W_a, or on an inner one, h·w; (3) s + e·c' + (h−2)·c + 2h·b + 4w +
    /// (2h−3)·x, which does not come back to the outer device. Two stages: (1) alone, with m − 3 combined passes and 3x.
    /// Transfers of a combined pass are hidden in it, else m·(p−1)/p − h − 2 times x is added.
    /// </para>
    /// <para>
    /// Equal stages, p ≥ 4 and no transfers, with C = τ: m·τ + max((p−2)·F, (h−2)·F + (h−1)·B) + (h−1)·max(0, B−W). Published
    /// is (h−1)·(C + B − 2W), B the input gradient alone, which is the same for F = B = W and up to a tenth more for
    /// B &gt; F. Against an event simulator of the published order (p from 2 to 16, m from 2p to 4p, B from 0.9F to 1.6F, W
    /// from 0.5F to F, x up to F/10, up to 0.8F hidden): exact for equal stages with x up to 0.3F; off by −2 to 0 % (0.1 %
    /// on average) with an embedding and a head, by −2.5 to 0 % (0.1 %) with one layer less on both ends, by −3 to 0 %
    /// (0.2 %) with ends of 0.3 to 4 times a stage between, and by −7 to +6 % (1.2 %) with one less on some stages between
    /// too. Transfers that nothing hides, equal stages: by one x. Needs an even p and an even m ≥ 2p.
    /// </para>
    /// <para>DeepSeek-AI 2024 (DeepSeek-V3 technical report), section 3.2.1, and the order of its published code.</para>
    /// </remarks>
    /// <param name="stages">The pipeline; a device holds two of its stages.</param>
    /// <param name="overlapsTransfers">Whether a combined pass hides the transfers of what it made.</param>
    /// <returns>The makespan in seconds.</returns>
    public static T DualPipe<T>(in PipelineStages<T> stages, bool overlapsTransfers)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T one = T.Literal(1);
        T two = T.Literal(2);
        T devices = stages.Stages;
        T microBatches = stages.MicroBatches;
        T transfer = stages.Transfer;
        T half = T.Literal(0.5) * devices;
        T inner = half - one;
        T hops = devices - one;
        T share = one / T.Max(one, devices - two);

        // The mean stage between first and last, and combined passes.
        T forward = stages.MiddleForwardSum * share;
        T input = stages.MiddleInputSum * share;
        T backward = stages.MiddleBackwardSum * share;
        T weight = stages.MiddleWeightSum * share;
        T saved = stages.MiddleHiddenSum * share;
        T combined = forward + backward - saved;
        T steady = FullestInnerDevice(stages, half) - saved;
        T round = T.Max(combined, backward);
        T hidden = T.Literal(0.5) * (stages.FirstHidden + stages.LastHidden);
        T outer = stages.LastForward + stages.FirstBackward - hidden;
        T turn = outer + stages.LastBackward;

        // The innermost devices until the end of their first backward pass.
        T throughOuter = (inner * forward) + stages.LastForward + stages.LastInput + ((inner - one) * input)
            + (hops * transfer);
        T start = stages.FirstForward + (inner * (forward + transfer)) + backward + transfer
            + T.Max(half * ((two * forward) + transfer), throughOuter);

        // The outer devices.
        T work = T.Literal(0.5) * microBatches * (stages.First + stages.Last);
        T until = (devices * stages.FirstForward) + ((half + one) * stages.LastForward) + (half * stages.LastBackward)
            + stages.FirstBackward - (two * hidden);
        T filling = T.Max(
            T.Max(none, (two * inner * (forward - stages.FirstForward)) + (hops * transfer)),
            start + (inner * combined) + outer - until);
        T lastRound = T.Max(none, inner * ((two * round) - turn));
        T draining = T.Max(none, (two * inner * input) + (hops * transfer) - (inner * stages.FirstBackward));
        T ending = half * (input + weight + transfer - stages.FirstBackward);
        T throughOuterDevices = work - ((microBatches - (T.Literal(3) * half) + one) * hidden)
            + filling + lastRound + T.Max(draining, ending);

        // The innermost devices.
        T combinedPasses = start + ((microBatches - devices - one) * steady);
        T back = combinedPasses + ((inner - one) * round) + turn + (half * (input + transfer))
            + T.Max(((inner - one) * input) + (inner * transfer) + stages.FirstBackward, half * weight);
        T withoutOuter = combinedPasses + ((inner - one) * combined) + (devices * input) + (T.Literal(4) * weight)
            + ((hops - two) * transfer);

        T makespan = T.Max(throughOuterDevices, T.Max(back, withoutOuter));
        makespan = T.WhereGreater(
            devices, two, makespan, work - ((microBatches - T.Literal(3)) * hidden) + (T.Literal(3) * transfer));
        T exposed = overlapsTransfers
            ? none
            : transfer * ((microBatches * hops / devices) - half - two);
        return T.Name(makespan + exposed, Equations.DualPipeMakespan);
    }

    // Passes of one micro-batch on the fullest of the inner devices, which holds two full stages where more than half of
    // the stages between are full ones; a stage that is not full is like the first one.
    private static T FullestInnerDevice<T>(in PipelineStages<T> stages, T half)
        where T : struct, IReal<T>
    {
        T less = T.Min(stages.First, stages.Middle);
        T fewer = ((half - T.Literal(0.5)) * stages.Middle) + ((half - T.Literal(1.5)) * less);
        return T.WhereGreater(stages.MiddleSum, fewer, stages.Middle, T.Literal(0.5) * (stages.Middle + less));
    }
}
