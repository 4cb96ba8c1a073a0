namespace CarbonScaling.Telemetry;

/// <summary>Makes robust figures of the steps of logs.</summary>
public static class StepMeasurement
{
    private const double OutlierDeviations = 5;
    private const double OutlierShare = 0.1;
    private const double LeastGapSeconds = 10;
    private const double LeastGapSteps = 5;
    private const int LeastSegment = 3;
    private const int DriftBlocks = 200;
    private const int LevelBlocks = 10;
    private const double Significance = 0.01;
    private const double LeastChange = 0.01;

    // Standard error of a median over that of a mean, and the least that is believed: neither is a clock the only influence.
    private const double MedianEfficiency = 1.2533141373155;
    private const double LeastLevelSpread = 0.005;

    /// <summary>The figures.</summary>
    /// <param name="logs">The logs of one run; in the order of their times where all have times, else as given.</param>
    /// <param name="basis">What the run is.</param>
    /// <returns>Null where no log has a step.</returns>
    public static MeasuredSteps? Of(IReadOnlyList<StepLog> logs, StepBasis basis)
    {
        ArgumentNullException.ThrowIfNull(logs);
        ArgumentNullException.ThrowIfNull(basis);
        StepLog[] filled = [.. logs.Where(static log => log.Samples.Count > 0)];
        if (filled.Length == 0)
        {
            return null;
        }

        if (Array.TrueForAll(filled, static log => log.Samples[0].Time is not null))
        {
            filled = [.. filled.OrderBy(static log => log.Samples[0].Time)];
        }

        List<Entry> entries = EntriesOf(filled, basis);
        (Entry[] kept, int outliers) = WithoutWarmUp(entries);
        double[] seconds = [.. kept.Select(static entry => entry.Seconds)];
        double[] ordered = [.. seconds.Order()];
        double median = Robust.Quantile(ordered, 0.5);
        StepDrift? drift = DriftOf(kept, seconds);
        double[] current = drift is { Moved: true } moved ? [.. kept.Where(entry => entry.Order >= OrderOf(kept, moved)).Select(static entry => entry.Seconds)] : seconds;
        double level = Robust.Median(current);
        (List<StepGap> gaps, double? start, double? end) = GapsOf(entries, median);
        double steps = kept.Sum(static entry => (double)entry.Count);
        (double? watts, double wattsSpread) = WattsOf(kept);
        double? perStep = TokensPerStep(kept, basis);
        return new()
        {
            Entries = entries.Count,
            StepsRun = entries.Sum(static entry => entry.Count),
            FirstStep = entries.Min(static entry => entry.Step - entry.Count + 1),
            LastStep = entries[^1].Step,
            WarmUp = entries.Count - kept.Length,
            Outliers = outliers,
            MedianSeconds = median,
            MeanSeconds = kept.Sum(static entry => entry.Seconds * entry.Count) / steps,
            LowSeconds = Robust.Quantile(ordered, 0.05),
            HighSeconds = Robust.Quantile(ordered, 0.95),
            Spread = Robust.Deviation(seconds, median) / median,
            CurrentSeconds = level,
            CurrentSpread = LevelSpread(current, level),
            TokensPerStep = perStep,
            TokensPerSecondPerDevice = (perStep ?? basis.TokensPerStep) / (median * basis.Devices),
            TokensSoFar = entries[^1].Sample.ConsumedSequences * basis.SequenceLength
                ?? entries[^1].Step * (perStep ?? basis.TokensPerStep),
            Restarts = entries.Count(static entry => entry.Starts) - 1,
            StepsDoneAgain = DoneAgain(entries),
            SecondsInSteps = entries.Sum(static entry => entry.Seconds * entry.Count),
            WallSeconds = end - start,
            Gaps = gaps,
            Start = start,
            End = end,
            Drift = drift,
            Watts = watts,
            WattsSpread = wattsSpread,
            PlannedSteps = filled.Select(static log => log.PlannedSteps).LastOrDefault(static planned => planned is not null),
        };
    }

    // An entry is the mean over the steps since the one before; the first of a segment is taken to cover as many as the next.
    private static List<Entry> EntriesOf(StepLog[] logs, StepBasis basis)
    {
        List<Entry> entries = [];
        foreach (StepLog log in logs)
        {
            bool starts = true;
            IReadOnlyList<StepSample> samples = log.Samples;
            for (int i = 0; i < samples.Count; i++)
            {
                StepSample sample = samples[i];
                long before = starts ? 0 : entries[^1].Step;
                if (!starts && sample.Step == before)
                {
                    continue;
                }

                starts |= sample.Step < before;
                long next = i + 1 < samples.Count ? samples[i + 1].Step - sample.Step : 1;
                long count = starts ? Math.Clamp(next, 1, Math.Max(1, sample.Step)) : sample.Step - before;
                double seconds = sample.Seconds ?? (sample.Tokens ?? basis.TokensPerStep) / (sample.TokensPerSecondPerDevice!.Value * basis.Devices);
                entries.Add(new(sample, entries.Count, count, seconds, starts));
                starts = false;
            }
        }

        return entries;
    }

    private static (Entry[] Kept, int Outliers) WithoutWarmUp(List<Entry> entries)
    {
        double[] settled = [.. entries.Where(static entry => !entry.Starts).Select(static entry => entry.Seconds)];
        if (settled.Length == 0)
        {
            settled = [.. entries.Select(static entry => entry.Seconds)];
        }

        double median = Robust.Median(settled);
        double bound = Math.Max(OutlierDeviations * Robust.Deviation(settled, median), OutlierShare * median);
        List<Entry> kept = [];
        bool warming = false;
        for (int i = 0; i < entries.Count; i++)
        {
            Entry entry = entries[i];
            int length = 1;
            while (entry.Starts && length < LeastSegment && i + length < entries.Count && !entries[i + length].Starts)
            {
                length++;
            }

            bool first = entry.Starts && length >= LeastSegment;
            warming = first || (warming && !entry.Starts && entry.Seconds - median > bound);
            if (!warming)
            {
                kept.Add(entry);
            }
        }

        Entry[] all = kept.Count > 0 ? [.. kept] : [.. entries];
        return (all, all.Count(entry => Math.Abs(entry.Seconds - median) > bound));
    }

    private static StepDrift? DriftOf(Entry[] kept, double[] seconds)
    {
        double[] blocks = Robust.BlockMedians(seconds, DriftBlocks);
        if (ChangePoint.Of(blocks) is not { } change)
        {
            return null;
        }

        Entry first = kept[(int)((long)change.Index * kept.Length / blocks.Length)];
        bool moved = change.Significance < Significance && Math.Abs((change.After / change.Before) - 1) >= LeastChange;
        return new(moved, change.Significance, first.Step - first.Count + 1, first.Sample.Time, change.Before, change.After);
    }

    private static int OrderOf(Entry[] kept, StepDrift drift) =>
        kept.Last(entry => entry.Step - entry.Count + 1 == drift.FromStep).Order;

    private static double LevelSpread(double[] seconds, double level)
    {
        double error = MedianEfficiency * Robust.Deviation(seconds, level) / level / Math.Sqrt(seconds.Length);
        double[] blocks = Robust.BlockMedians(seconds, LevelBlocks);
        double wander = blocks.Length == LevelBlocks ? Robust.Deviation(blocks, Robust.Median(blocks)) / level : 0;
        return Math.Max(LeastLevelSpread, Math.Max(error, wander));
    }

    private static (List<StepGap> Gaps, double? Start, double? End) GapsOf(List<Entry> entries, double median)
    {
        List<StepGap> gaps = [];
        if (entries[0].Sample.Time is not { } firstEnd || entries[^1].Sample.Time is not { } end)
        {
            return (gaps, null, null);
        }

        double least = Math.Max(LeastGapSeconds, LeastGapSteps * median);
        double last = firstEnd;
        for (int i = 1; i < entries.Count; i++)
        {
            if (entries[i].Sample.Time is not { } time)
            {
                continue;
            }

            double unexplained = time - last - (entries[i].Seconds * entries[i].Count);
            if (unexplained > least)
            {
                gaps.Add(new(entries[i - 1].Step, unexplained, entries[i].Starts));
            }

            last = time;
        }

        double start = firstEnd - (entries[0].Seconds * entries[0].Count);
        return end > start ? (gaps, start, end) : ([], null, null);
    }

    private static long DoneAgain(List<Entry> entries)
    {
        long again = 0;
        long reached = 0;
        foreach (Entry entry in entries)
        {
            long from = entry.Step - entry.Count + 1;
            again += Math.Max(0, Math.Min(reached, entry.Step) - from + 1);
            reached = Math.Max(reached, entry.Step);
        }

        return again;
    }

    private static double? TokensPerStep(Entry[] kept, StepBasis basis)
    {
        double[] tokens =
        [
            .. kept.Select(entry => entry.Sample.Tokens ?? (entry.Sample.BatchSequences * basis.SequenceLength))
                .Where(static tokens => tokens is not null)
                .Select(static tokens => tokens!.Value),
        ];
        return tokens.Length == 0 ? null : Robust.Median(tokens);
    }

    private static (double? Mean, double Spread) WattsOf(Entry[] kept)
    {
        Entry[] measured = [.. kept.Where(static entry => entry.Sample.Watts is not null)];
        if (measured.Length == 0)
        {
            return (null, 0);
        }

        double seconds = measured.Sum(static entry => entry.Seconds * entry.Count);
        double mean = measured.Sum(static entry => entry.Sample.Watts!.Value * entry.Seconds * entry.Count) / seconds;
        double variance = measured.Average(entry => (entry.Sample.Watts!.Value - mean) * (entry.Sample.Watts!.Value - mean));
        return (mean, Math.Sqrt(variance));
    }

    private sealed record Entry(StepSample Sample, int Order, long Count, double Seconds, bool Starts)
    {
        public long Step => Sample.Step;
    }
}
