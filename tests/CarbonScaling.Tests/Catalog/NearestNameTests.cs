using CarbonScaling.Catalogs;
using CsCheck;

namespace CarbonScaling.Tests.Catalogs;

public class NearestNameTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcd-"], 0, 8];

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("H100", "h100", 0)]
    [InlineData("smx", "sxm", 1)]
    public void Distance_counts_edits(string left, string right, int edits) => Assert.Equal(edits, NearestName.Distance(left, right));

    [Fact]
    public void Distance_is_symmetric_and_zero_only_between_equals() =>
        Gen.Select(Word, Word).Sample((left, right) =>
            NearestName.Distance(left, right) == NearestName.Distance(right, left)
            && (NearestName.Distance(left, right) == 0) == (left == right));

    [Fact]
    public void One_edit_costs_one_at_most() =>
        Gen.Select(Word, Gen.Int[0, 8], Gen.Char["abcd-"]).Sample((word, place, letter) =>
            NearestName.Distance(word, word.Insert(Math.Min(place, word.Length), letter.ToString())) == 1);

    [Fact]
    public void The_nearest_is_the_first_of_equals() => Assert.Equal("ab", NearestName.Find("aa", ["xyz", "ab", "ac"]));

    [Fact]
    public void Only_a_name_with_most_of_the_letters_is_near()
    {
        // 'gb20' is as far from 'h100' as 'h100-sxm' is, but nobody who writes one means the other.
        Assert.Equal("h100-sxm", NearestName.FindNear("h100", ["gb20", "h100-sxm", "h100-pcie"]));
        Assert.Null(NearestName.FindNear("nope", ["laws", "models"]));
        Assert.Null(NearestName.FindNear("attn", ["latent", "attention"]));
        Assert.Null(NearestName.FindNear("", ["a"]));
        Assert.Null(NearestName.FindNear(new string('a', 65), [new string('a', 65)]));
    }

    [Fact]
    public void Nothing_is_nearest_to_nothing()
    {
        Assert.Null(NearestName.Find("a", []));
        Assert.Equal("", NearestName.Hint("a", []));
    }
}
