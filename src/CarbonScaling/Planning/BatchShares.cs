using System.Numerics;

namespace CarbonScaling.Planning;

/// <summary>How many micro-batches the replicas of each pool take, so that the slowest pool is as fast as can be.</summary>
internal static class BatchShares
{
    /// <summary>The shares, exact for steps that take longer with more micro-batches.</summary>
    /// <param name="replicas">Replicas D of each pool.</param>
    /// <param name="microBatches">Micro-batches of a step, over all replicas: Σ D·m.</param>
    /// <param name="multiple">What the micro-batches m of a replica are a multiple of.</param>
    /// <param name="time">The step of a pool by its index and its m.</param>
    /// <returns>The m of each pool, at least one multiple; null where no shares sum to the micro-batches.</returns>
    public static int[]? Find(IReadOnlyList<int> replicas, long microBatches, int multiple, Func<int, int, double> time)
    {
        Search search = new(replicas, multiple, time);
        if (microBatches % multiple != 0)
        {
            return null;
        }

        search.Try(0, microBatches / multiple, new int[replicas.Count], double.NegativeInfinity);
        return search.Best?.Select(share => share * multiple).ToArray();
    }

    private sealed class Search(IReadOnlyList<int> replicas, int multiple, Func<int, int, double> time)
    {
        private readonly Dictionary<(int Pool, int Share), double> _known = [];
        private double _least = double.PositiveInfinity;

        public int[]? Best { get; private set; }

        // Tries each share of the pools but the last two, whose best shares follow from each other.
        public void Try(int pool, long left, int[] shares, double slowest)
        {
            switch (replicas.Count - pool)
            {
                case 1:
                    if (left % replicas[pool] == 0 && left >= replicas[pool])
                    {
                        shares[pool] = (int)(left / replicas[pool]);
                        Keep(shares, Math.Max(slowest, TimeOf(pool, shares[pool])));
                    }

                    break;
                case 2:
                    TryPair(pool, left, shares, slowest);
                    break;
                default:
                    for (int share = 1; (long)share * replicas[pool] < left; share++)
                    {
                        double reached = Math.Max(slowest, TimeOf(pool, share));
                        if (reached >= _least)
                        {
                            break;
                        }

                        shares[pool] = share;
                        Try(pool + 1, left - ((long)share * replicas[pool]), shares, reached);
                    }

                    break;
            }
        }

        // Solutions of D1·x + D2·y = left in x, y ≥ 1 lie on a line: along it the first pool slows down and the second
        // speeds up, so the slower of them is least where they cross.
        private void TryPair(int pool, long left, int[] shares, double slowest)
        {
            long first = replicas[pool];
            long second = replicas[pool + 1];
            long common = (long)BigInteger.GreatestCommonDivisor(first, second);
            if (left % common != 0)
            {
                return;
            }

            long stride = second / common;
            long start = 1;
            while (start <= stride && (left - (first * start)) % second != 0)
            {
                start++;
            }

            long end = (left - second) / first;
            if (start > stride || start > end)
            {
                return;
            }

            int low = 0;
            int high = (int)((end - start) / stride);
            while (low < high)
            {
                int middle = low + ((high - low) / 2);
                (int x, int y) = At(middle);
                if (TimeOf(pool, x) >= TimeOf(pool + 1, y))
                {
                    high = middle;
                }
                else
                {
                    low = middle + 1;
                }
            }

            for (int place = Math.Max(0, low - 1); place <= low; place++)
            {
                (shares[pool], shares[pool + 1]) = At(place);
                double pair = Math.Max(TimeOf(pool, shares[pool]), TimeOf(pool + 1, shares[pool + 1]));
                Keep(shares, Math.Max(slowest, pair));
            }

            (int X, int Y) At(int place)
            {
                long x = start + (place * stride);
                return ((int)x, (int)((left - (first * x)) / second));
            }
        }

        private void Keep(int[] shares, double slowest)
        {
            if (slowest < _least)
            {
                _least = slowest;
                Best = [.. shares];
            }
        }

        private double TimeOf(int pool, int share)
        {
            if (!_known.TryGetValue((pool, share), out double seconds))
            {
                seconds = time(pool, share * multiple);
                _known[(pool, share)] = seconds;
            }

            return seconds;
        }
    }
}
