using CarbonScaling.Training;

namespace CarbonScaling.Tests.Training;

/// <summary>How layers are split over stages, for every small number of both.</summary>
public sealed class LayerSplitTests
{
    [Fact]
    public void Every_split_holds_every_layer_with_the_fuller_stages_first_between_the_ends()
    {
        for (int layers = 1; layers <= 130; layers++)
        {
            for (int stages = 1; stages <= layers + 2; stages++)
            {
                for (int chunks = 1; chunks <= 6; chunks++)
                {
                    if (!LayerSplit.TrySplit(layers, stages, chunks, out LayerSplit split))
                    {
                        Assert.True(chunks > 1 || stages > layers, $"{layers} layers over {stages} stages");
                        continue;
                    }

                    int[] held = [.. Enumerable.Range(0, stages).Select(stage => split.LayersOf(stage, stages))];
                    string what = $"{layers} layers over {stages} stages of {chunks}: {string.Join(' ', held)}";
                    Assert.True(held.Sum() == layers && held.Min() > 0, what);
                    Assert.True(held[0] == split.First && (stages == 1 || held[^1] == split.Last), what);
                    int[] between = stages > 2 ? held[1..^1] : [];
                    Assert.True(between.Sum() == split.MiddleTotal && between.DefaultIfEmpty(0).Max() == split.Middle, what);
                    Assert.True(between.Zip(between.Skip(1)).All(pair => pair.First >= pair.Second), what);
                    Assert.True(held.Max() - held.Min() <= 1 && held[^1] == held.Min(), what);
                    if (chunks > 1 && stages > 1)
                    {
                        // Uniform chunks, or one layer less in the first and in the last of all.
                        Assert.True(between.All(count => count % chunks == 0), what);
                        Assert.True(held[0] == held[^1] && (held[0] % chunks == 0 || (held[0] + 1) % chunks == 0), what);
                    }
                }
            }
        }
    }

    [Fact]
    public void What_no_rule_splits_is_refused()
    {
        Assert.False(LayerSplit.TrySplit(96, 8, 5, out _));
        Assert.False(LayerSplit.TrySplit(10, 11, 1, out _));
        Assert.False(LayerSplit.TrySplit(10, 2, 3, out _));
        Assert.False(LayerSplit.TrySplit(10, 1, 3, out _));
    }
}
