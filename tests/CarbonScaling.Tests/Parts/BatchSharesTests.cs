using CarbonScaling.Planning;
using CsCheck;

namespace CarbonScaling.Tests.Parts;

/// <summary>Shares of the batch and of the layers, against trying all of them.</summary>
public sealed class BatchSharesTests
{
    private static readonly Gen<(int[] Replicas, double[] Base, double[] Slope, int MicroBatches, int Multiple)> Cases =
        from pools in Gen.Int[1, 3]
        from replicas in Gen.Int[1, 6].Array[pools]
        from start in Gen.Double[0, 5].Array[pools]
        from slope in Gen.Double[0.1, 3].Array[pools]
        from multiple in Gen.Int[1, 3]
        from microBatches in Gen.Int[1, 60]
        select (replicas, start, slope, microBatches, multiple);

    [Fact]
    public void The_slowest_pool_is_as_fast_as_any_shares_make_it() => Cases.Sample(one =>
    {
        double Time(int pool, int share) => one.Base[pool] + (one.Slope[pool] * share);
        int[]? found = BatchShares.Find(one.Replicas, one.MicroBatches, one.Multiple, Time);
        double best = Best(one.Replicas, one.MicroBatches, one.Multiple, Time, 0);
        if (found is null)
        {
            Assert.Equal(double.PositiveInfinity, best);
            return;
        }

        Assert.Equal(one.MicroBatches, found.Zip(one.Replicas, (share, replicas) => share * replicas).Sum());
        Assert.All(found, share => Assert.True(share > 0 && share % one.Multiple == 0));
        Assert.Equal(best, found.Select((share, pool) => Time(pool, share)).Max(), 1e-12 * best);
    });

    [Fact]
    public void The_slowest_stage_is_as_fast_as_any_split_makes_it() =>
        (from stages in Gen.Int[2, 4]
         from perLayer in Gen.Double[0.5, 3].Array[stages]
         from first in Gen.Double[0, 2]
         from last in Gen.Double[0, 4]
         from extra in Gen.Int[0, 8]
         select (perLayer, first, last, layers: stages + extra)).Sample(one =>
        {
            double[] beside = new double[one.perLayer.Length];
            beside[0] = one.first;
            beside[^1] += one.last;
            int[] found = StageShares.Find(one.layers, one.perLayer, beside);

            Assert.Equal(one.layers, found.Sum());
            Assert.All(found, share => Assert.True(share > 0));
            double slowest = found.Select((share, stage) => beside[stage] + (one.perLayer[stage] * share)).Max();
            Assert.Equal(Least(one.layers, one.perLayer, beside, 0), slowest, 1e-12 * slowest);
        });

    [Fact]
    public void Half_the_speed_takes_half_the_work()
    {
        Assert.Equal([8, 16], BatchShares.Find([4, 4], 96, 1, (pool, share) => share * (pool == 0 ? 2 : 1))!);
        Assert.Equal([4, 8], StageShares.Find(12, [2, 1], [0, 0]));
    }

    private static double Best(int[] replicas, int left, int multiple, Func<int, int, double> time, int pool)
    {
        if (pool == replicas.Length)
        {
            return left == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        double best = double.PositiveInfinity;
        for (int share = multiple; share * replicas[pool] <= left; share += multiple)
        {
            double others = Best(replicas, left - (share * replicas[pool]), multiple, time, pool + 1);
            best = Math.Min(best, Math.Max(time(pool, share), others));
        }

        return best;
    }

    private static double Least(int left, double[] perLayer, double[] beside, int stage)
    {
        if (stage == perLayer.Length)
        {
            return left == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        double least = double.PositiveInfinity;
        for (int share = 1; share <= left; share++)
        {
            double time = beside[stage] + (perLayer[stage] * share);
            least = Math.Min(least, Math.Max(time, Least(left - share, perLayer, beside, stage + 1)));
        }

        return least;
    }
}
