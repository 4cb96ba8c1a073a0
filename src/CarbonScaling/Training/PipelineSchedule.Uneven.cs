using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

public static partial class PipelineSchedule
{
    /// <summary>Micro-batches, as multiples of the stages, after which every other one adds a pass of the slowest stage.</summary>
    private const int Transient = 4;

    /// <summary>Makespan of a pipeline whose stages all differ, such as one across pools of different accelerators.</summary>
    /// <remarks>
    /// <para>
    /// Eq. PIPE-9: GPipe: Σ(F + B) + 2Σx + (m−1)·(max(F + x⁻ + x⁺) + max(B + x⁻ + x⁺)), x⁻ and x⁺ the transfers to both
    /// neighbours. 1F1B: the recursion end(pass) = max(end of the pass before it on its stage, end of the pass that it needs)
    /// + pass, with the order of passes of 1F1B and (x⁻ + x⁺)/2 in every pass, over the first 4p micro-batches; each further
    /// one adds F + B of the slowest stage.
    /// </para>
    /// <para>
    /// Exact for passes in this order and transfers that occupy both ends. The micro-batches beyond the first 4p add exactly
    /// that where no other stage comes near the slowest, and never more: a bound from above else. One more micro-batch in the
    /// middle of a step delays no stage by more than the slowest takes for it.
    /// </para>
    /// </remarks>
    /// <param name="kind">GPipe or 1F1B.</param>
    /// <param name="forward">Forward pass of each stage.</param>
    /// <param name="backward">Backward pass of each stage.</param>
    /// <param name="transfers">Transfer from each stage to the next.</param>
    /// <param name="microBatches">Micro-batches m of a step.</param>
    /// <returns>The makespan in seconds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another schedule.</exception>
    public static T Uneven<T>(
        PipelineScheduleKind kind, ReadOnlySpan<T> forward, ReadOnlySpan<T> backward, ReadOnlySpan<T> transfers, int microBatches)
        where T : struct, IReal<T>
    {
        T makespan = kind switch
        {
            PipelineScheduleKind.GPipe => UnevenGPipe(forward, backward, transfers, microBatches),
            PipelineScheduleKind.OneForwardOneBackward => UnevenOneForwardOneBackward(forward, backward, transfers, microBatches),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such schedule of uneven stages."),
        };
        return T.Name(makespan, Equations.UnevenMakespan);
    }

    private static T UnevenGPipe<T>(
        ReadOnlySpan<T> forward, ReadOnlySpan<T> backward, ReadOnlySpan<T> transfers, int microBatches)
        where T : struct, IReal<T>
    {
        T passage = T.Literal(0);
        T slowestForward = T.Literal(0);
        T slowestBackward = T.Literal(0);
        for (int stage = 0; stage < forward.Length; stage++)
        {
            T link = Links(transfers, stage);
            passage += forward[stage] + backward[stage] + link;
            slowestForward = T.Max(slowestForward, forward[stage] + link);
            slowestBackward = T.Max(slowestBackward, backward[stage] + link);
        }

        return passage + (T.Literal(microBatches - 1) * (slowestForward + slowestBackward));
    }

    private static T UnevenOneForwardOneBackward<T>(
        ReadOnlySpan<T> forward, ReadOnlySpan<T> backward, ReadOnlySpan<T> transfers, int microBatches)
        where T : struct, IReal<T>
    {
        T half = T.Literal(0.5);
        T slowest = T.Literal(0);
        T[] forwards = new T[forward.Length];
        T[] backwards = new T[forward.Length];
        for (int stage = 0; stage < forward.Length; stage++)
        {
            T link = half * Links(transfers, stage);
            forwards[stage] = forward[stage] + link;
            backwards[stage] = backward[stage] + link;
            slowest = T.Max(slowest, forwards[stage] + backwards[stage]);
        }

        int followed = (int)Math.Min(microBatches, (long)Transient * forward.Length);
        return PassRecursion<T>.Makespan(forwards, backwards, followed) + (T.Literal(microBatches - followed) * slowest);
    }

    // Transfers of a stage to both of its neighbours.
    private static T Links<T>(ReadOnlySpan<T> transfers, int stage)
        where T : struct, IReal<T>
    {
        T before = stage > 0 ? transfers[stage - 1] : T.Literal(0);
        return stage < transfers.Length ? before + transfers[stage] : before;
    }

    /// <summary>Passes in the order of 1F1B, each as soon as its stage is free and what it needs has come.</summary>
    private readonly ref struct PassRecursion<T>
        where T : struct, IReal<T>
    {
        private readonly ReadOnlySpan<T> _forward;
        private readonly ReadOnlySpan<T> _backward;
        private readonly int _microBatches;
        private readonly T[] _forwardEnds;
        private readonly T[] _backwardEnds;
        private readonly T[] _free;
        private readonly int[] _forwards;
        private readonly int[] _backwards;

        private PassRecursion(ReadOnlySpan<T> forward, ReadOnlySpan<T> backward, int microBatches)
        {
            int stages = forward.Length;
            _forward = forward;
            _backward = backward;
            _microBatches = microBatches;
            _forwardEnds = new T[stages * microBatches];
            _backwardEnds = new T[stages * microBatches];
            _free = new T[stages];
            _forwards = new int[stages];
            _backwards = new int[stages];
        }

        /// <summary>When the last pass ends.</summary>
        public static T Makespan(ReadOnlySpan<T> forward, ReadOnlySpan<T> backward, int microBatches)
        {
            PassRecursion<T> recursion = new(forward, backward, microBatches);
            bool advanced = true;
            while (advanced)
            {
                advanced = false;
                for (int stage = 0; stage < forward.Length; stage++)
                {
                    while (recursion.TryPass(stage))
                    {
                        advanced = true;
                    }
                }
            }

            // The first stage ends last: every other one waits for it or sends it its last gradient.
            return recursion._free[0];
        }

        private bool TryPass(int stage)
        {
            // Forward passes run ahead of the backward ones by the stages behind, and by one while one is at work.
            int ahead = _forward.Length - stage;
            bool isForward = _forwards[stage] < Math.Min(_microBatches, _backwards[stage] + ahead);
            return isForward ? TryForward(stage) : TryBackward(stage);
        }

        private bool TryForward(int stage)
        {
            int microBatch = _forwards[stage];
            T start = _free[stage];
            if (stage > 0)
            {
                if (_forwards[stage - 1] <= microBatch)
                {
                    return false;
                }

                start = T.Max(start, _forwardEnds[((stage - 1) * _microBatches) + microBatch]);
            }

            _free[stage] = start + _forward[stage];
            _forwardEnds[(stage * _microBatches) + microBatch] = _free[stage];
            _forwards[stage]++;
            return true;
        }

        private bool TryBackward(int stage)
        {
            int microBatch = _backwards[stage];
            if (microBatch == _microBatches)
            {
                return false;
            }

            T start = _free[stage];
            if (stage < _forward.Length - 1)
            {
                if (_backwards[stage + 1] <= microBatch)
                {
                    return false;
                }

                start = T.Max(start, _backwardEnds[((stage + 1) * _microBatches) + microBatch]);
            }

            _free[stage] = start + _backward[stage];
            _backwardEnds[(stage * _microBatches) + microBatch] = _free[stage];
            _backwards[stage]++;
            return true;
        }
    }
}
