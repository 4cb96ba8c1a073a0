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
    /// B &gt; F. Against an event simulator of the published order (p from 2 to 16, m from 2p to 4p, B from 0.9F to 2.6F, W
    /// from 0.5F to F, x up to F/10, up to 0.8F hidden): exact for equal stages, off by −0.5 to 0 % with x up to 0.3F; by −1
    /// to 0 % (0.1 % on average) with an embedding and a head, by −2.5 to 0 % (0.1 %) with one layer less on both ends, by
    /// −5 to 0 % (0.2 %) with ends of 0.3 to 4 times a stage between, and by −15 to +7 % (0.9 %) with one less on some
    /// stages between too, the worst with two layers to a stage. Transfers that nothing hides, equal stages: by one x.
    /// Needs an even p and an even m ≥ 2p.
    /// </para>
    /// <para>DeepSeek-AI 2024 (DeepSeek-V3 technical report), section 3.2.1, and the order of its published code.</para>
    /// </remarks>
    /// <param name="stages">The pipeline; a device holds two of its stages.</param>
    /// <param name="overlapsTransfers">Whether a combined pass hides the transfers of what it made.</param>
    /// <returns>The makespan in seconds.</returns>
    public static T DualPipe<T>(in PipelineStages<T> stages, bool overlapsTransfers)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T two = T.Literal(2);
        T devices = stages.Stages;
        T transfer = stages.Transfer;
        T half = T.Literal(0.5) * devices;
        T share = one / T.Max(one, devices - two);

        // The mean stage between first and last, and combined passes.
        T forward = stages.MiddleForwardSum * share;
        T backward = stages.MiddleBackwardSum * share;
        T weight = stages.MiddleWeightSum * share;
        T saved = stages.MiddleHiddenSum * share;
        T combined = forward + backward - saved;
        T round = T.Max(combined, backward);
        T hidden = T.Literal(0.5) * (stages.FirstHidden + stages.LastHidden);
        T outer = stages.LastForward + stages.FirstBackward - hidden;
        InnerStage<T> inner = new(half, forward, backward - weight, weight, combined, round, outer);

        T start = inner.Start(stages);
        T work = T.Literal(0.5) * stages.MicroBatches * (stages.First + stages.Last);
        T fullest = FullestInnerDevice(stages) - saved;
        T steady = (stages.MicroBatches - devices - one) * fullest;
        T several = T.Max(
            T.Max(inner.OnOuterDevices(stages, work, start, hidden), inner.OnInnerDevices(stages, start + steady)),
            stages.MicroBatches * fullest);
        T makespan = T.WhereGreater(
            devices, two, several, work - ((stages.MicroBatches - T.Literal(3)) * hidden) + (T.Literal(3) * transfer));
        if (!overlapsTransfers)
        {
            makespan += transfer * ((stages.MicroBatches * (devices - one) / devices) - half - two);
        }

        return T.Name(makespan, Equations.DualPipeMakespan);
    }

    /// <summary>Passes of one micro-batch on the fullest of the devices of DualPipe that hold no end of the model.</summary>
    /// <remarks>
    /// It holds two full stages where more than half of the stages between first and last are full ones, else a full one
    /// and one with less, which is taken to be like the first stage.
    /// </remarks>
    /// <param name="stages">The pipeline.</param>
    internal static T FullestInnerDevice<T>(in PipelineStages<T> stages)
        where T : struct, IReal<T>
    {
        T half = T.Literal(0.5) * stages.Stages;
        T less = T.Min(stages.First, stages.Middle);
        T fewer = ((half - T.Literal(0.5)) * stages.Middle) + ((half - T.Literal(1.5)) * less);
        return T.WhereGreater(stages.MiddleSum, fewer, stages.Middle, T.Literal(0.5) * (stages.Middle + less));
    }

    /// <summary>The mean stage between first and last of DualPipe, and its place among the others.</summary>
    /// <param name="Half">Half of the devices.</param>
    /// <param name="Forward">Its forward pass.</param>
    /// <param name="Input">Its input-gradient pass.</param>
    /// <param name="Weight">Its weight-gradient pass.</param>
    /// <param name="Combined">A forward and a backward pass of an inner device in one.</param>
    /// <param name="Round">What a round of passes between the devices takes at each of them at the end.</param>
    /// <param name="Outer">A forward pass of the last stage and a backward pass of the first one in one.</param>
    private readonly record struct InnerStage<T>(T Half, T Forward, T Input, T Weight, T Combined, T Round, T Outer)
        where T : struct, IReal<T>
    {
        private T Backward => Input + Weight;

        private T Inner => Half - T.Literal(1);

        private T Hops => (T.Literal(2) * Half) - T.Literal(1);

        /// <summary>The end of the first backward pass of the innermost devices.</summary>
        public T Start(in PipelineStages<T> stages)
        {
            T transfer = stages.Transfer;
            T throughOuter = (Inner * (Forward + Input)) - Input + stages.LastForward + stages.LastInput + (Hops * transfer);
            return stages.FirstForward + (Inner * (Forward + transfer)) + Backward + transfer
                + T.Max(Half * ((T.Literal(2) * Forward) + transfer), throughOuter);
        }

        /// <summary>The longest way that stays on the outer devices between their first and their last combined pass.</summary>
        /// <param name="stages">The pipeline.</param>
        /// <param name="work">All passes of an outer device, none of them combined.</param>
        /// <param name="start">The end of the first backward pass of the innermost devices.</param>
        /// <param name="hidden">What a combined pass of an outer device hides.</param>
        public T OnOuterDevices(in PipelineStages<T> stages, T work, T start, T hidden)
        {
            T none = T.Literal(0);
            T one = T.Literal(1);
            T two = T.Literal(2);
            T devices = stages.Stages;
            T transfer = stages.Transfer;
            T until = (devices * stages.FirstForward) + ((Half + one) * stages.LastForward) + (Half * stages.LastBackward)
                + stages.FirstBackward - (two * hidden);
            T filling = T.Max(
                T.Max(none, (two * Inner * (Forward - stages.FirstForward)) + (Hops * transfer)),
                start + (Inner * Combined) + Outer - until);
            T lastRound = T.Max(none, Inner * ((two * Round) - Outer - stages.LastBackward));
            T draining = T.Max(none, (Inner * ((two * Input) - stages.FirstBackward)) + (Hops * transfer));
            T ending = Half * (Backward + transfer - stages.FirstBackward);
            return work - ((stages.MicroBatches - (T.Literal(3) * Half) + one) * hidden)
                + filling + lastRound + T.Max(draining, ending);
        }

        /// <summary>The longest way that stays on the innermost devices until their last combined pass.</summary>
        /// <param name="stages">The pipeline.</param>
        /// <param name="combinedPasses">The end of that pass.</param>
        public T OnInnerDevices(in PipelineStages<T> stages, T combinedPasses)
        {
            T transfer = stages.Transfer;
            T fewer = Inner - T.Literal(1);
            T back = combinedPasses + (fewer * Round) + Outer + stages.LastBackward + (Half * (Input + transfer))
                + T.Max((fewer * Input) + (Inner * transfer) + stages.FirstBackward, Half * Weight);
            T withoutOuter = combinedPasses + (fewer * Combined) + (stages.Stages * Input) + (T.Literal(4) * Weight)
                + ((Hops - T.Literal(2)) * transfer);
            return T.Max(back, withoutOuter);
        }
    }
}
