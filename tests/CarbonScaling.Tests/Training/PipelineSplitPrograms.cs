using CarbonScaling.Training;

namespace CarbonScaling.Tests.Training;

/// <summary>The published orders of passes of schedules that split the backward pass.</summary>
internal static class PipelineSplitPrograms
{
    public static SplitPass[][][] Of(PipelineScheduleKind kind, int devices, int microBatches) =>
        [.. Enumerable.Range(0, devices).Select(device => kind switch
        {
            PipelineScheduleKind.ZeroBubbleH1 => HandCrafted(devices, microBatches, device, 1),
            PipelineScheduleKind.ZeroBubbleH2 => HandCrafted(devices, microBatches, device, 2),
            PipelineScheduleKind.ZeroBubbleV => V(devices, microBatches, device),
            PipelineScheduleKind.DualPipe => new DualPipeProgram(devices, microBatches, device).Steps(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        })];

    /// <summary>
    /// ZB-H1 and ZB-H2 as drawn by their authors (Qi et al. 2024, figure 3): with every forward pass goes the input
    /// gradient of the micro-batch that is then back and the weight gradient of the one that is back on the first stage.
    /// </summary>
    private static SplitPass[][] HandCrafted(int devices, int microBatches, int device, int ahead)
    {
        int behind = ahead * (devices - 1 - device);
        int depth = ahead * (devices - 1);
        List<SplitPass[]> steps = [];
        void Add(SplitPassKind kind, int microBatch)
        {
            if (microBatch >= 0 && microBatch < microBatches)
            {
                steps.Add([new(kind, 0, device, microBatch)]);
            }
        }

        for (int round = 0; round < microBatches + depth; round++)
        {
            Add(SplitPassKind.Forward, round);
            Add(SplitPassKind.Input, round - behind);
            Add(SplitPassKind.Weight, round - depth);
        }

        return [.. steps];
    }

    /// <summary>
    /// ZBV as in its authors' code: the forward passes of chunk 0 that fill the V, both chunks in turn, then one forward,
    /// one input gradient and one weight gradient of each chunk in turn, and at the end the weight gradients last.
    /// </summary>
    private static SplitPass[][] V(int devices, int microBatches, int device)
    {
        List<SplitPass[]> steps = [];
        int[,] next = new int[3, 2];
        void Add(SplitPassKind kind, int chunk) =>
            steps.Add([new(kind, 0, chunk == 0 ? device : (2 * devices) - 1 - device, next[(int)kind, chunk]++)]);
        void Backward(int chunk)
        {
            Add(SplitPassKind.Input, chunk);
            Add(SplitPassKind.Weight, chunk);
        }

        for (int count = 0; count < (2 * (devices - device)) - 1; count++)
        {
            Add(SplitPassKind.Forward, 0);
        }

        for (int count = 0; count < device; count++)
        {
            Add(SplitPassKind.Forward, 1);
            Add(SplitPassKind.Forward, 0);
        }

        for (int count = 0; count < devices - device; count++)
        {
            Add(SplitPassKind.Forward, 1);
            Backward(1);
        }

        while (next[0, 1] < microBatches)
        {
            if (next[0, 0] < microBatches)
            {
                Add(SplitPassKind.Forward, 0);
            }

            Backward(0);
            Add(SplitPassKind.Forward, 1);
            Backward(1);
        }

        for (int count = 0; count < device; count++)
        {
            Add(SplitPassKind.Input, 0);
            Add(SplitPassKind.Input, 1);
        }

        for (int count = 0; count < devices - device; count++)
        {
            Backward(0);
        }

        foreach (int chunk in (int[])[1, 0])
        {
            while (next[2, chunk] < microBatches)
            {
                Add(SplitPassKind.Weight, chunk);
            }
        }

        return [.. steps];
    }

    /// <summary>
    /// DualPipe as in its authors' code. Phase 0 of a device is the direction that reaches it first, phase 1 the other one.
    /// </summary>
    private sealed class DualPipeProgram(int devices, int microBatches, int device)
    {
        private readonly int _half = devices / 2;
        private readonly int _fromEnd = Math.Min(device, devices - 1 - device);
        private readonly int[] _forward = new int[2];
        private readonly int[] _backward = new int[2];
        private readonly Queue<SplitPass> _weights = new();
        private readonly List<SplitPass[]> _steps = [];

        public SplitPass[][] Steps()
        {
            int toMiddle = _half - _fromEnd - 1;
            Repeat(2 * toMiddle, () => _steps.Add([Forward(0)]));
            Repeat(_fromEnd + 1, () =>
            {
                _steps.Add([Forward(0)]);
                _steps.Add([Forward(1)]);
            });
            Repeat(toMiddle, () =>
            {
                Input(1);
                Weight();
                _steps.Add([Forward(1)]);
            });
            for (int round = 0; round < (microBatches / 2) - devices + _fromEnd + 1; round++)
            {
                // The first pair of the middle devices is not combined.
                SplitPass[] pair = [Forward(0), Backward(1)];
                _steps.AddRange(round == 0 && toMiddle == 0 ? pair.Select(pass => new[] { pass }) : [pair]);
                _steps.Add([Forward(1), Backward(0)]);
            }

            Repeat(toMiddle, () =>
            {
                _steps.Add([Backward(1)]);
                _steps.Add([Forward(1), Backward(0)]);
            });
            BothDirections();
            Repeat(toMiddle, () =>
            {
                Weight();
                Input(0);
            });
            Repeat(_fromEnd + 1, Weight);
            return [.. _steps];
        }

        // The second half of these passes leaves the weights for later.
        private void BothDirections()
        {
            int rounds = _fromEnd + 1;
            for (int pass = 0; pass < 2 * rounds; pass++)
            {
                if (pass < rounds)
                {
                    _steps.Add([Backward(1 - (pass % 2))]);
                }
                else
                {
                    Input(1 - (pass % 2));
                }
            }
        }

        private static void Repeat(int times, Action action)
        {
            for (int count = 0; count < times; count++)
            {
                action();
            }
        }

        private SplitPass Forward(int phase) => Pass(SplitPassKind.Forward, phase, _forward);

        private SplitPass Backward(int phase) => Pass(SplitPassKind.Backward, phase, _backward);

        private void Input(int phase)
        {
            SplitPass pass = Pass(SplitPassKind.Input, phase, _backward);
            _weights.Enqueue(pass with { Kind = SplitPassKind.Weight });
            _steps.Add([pass]);
        }

        private void Weight() => _steps.Add([_weights.Dequeue()]);

        private SplitPass Pass(SplitPassKind kind, int phase, int[] counts)
        {
            int direction = device < _half ? phase : 1 - phase;
            return new(kind, direction, direction == 0 ? device : devices - 1 - device, counts[direction]++);
        }
    }
}
