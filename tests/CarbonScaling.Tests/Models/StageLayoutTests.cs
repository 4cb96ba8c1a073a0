using CarbonScaling.Models.Megatron;
using CsCheck;

namespace CarbonScaling.Tests.Models;

/// <summary>Layouts of pipeline stages as Megatron-LM writes them.</summary>
public sealed class StageLayoutTests
{
    // The first three are the examples of Megatron-LM's own documentation of the argument.
    [Theory]
    [InlineData("Et*3|(tt|)*3,m|L", new[] { 3, 2, 2, 2, 0, 0 })]
    [InlineData("E|(t|)*3,m|m||L", new[] { 0, 1, 1, 1, 0, 0, 0, 0 })]
    [InlineData("E|(tt|)*2,(t|)*4,mL", new[] { 0, 2, 2, 1, 1, 1, 1, 0 })]
    [InlineData("EtttL", new[] { 3 })]
    [InlineData("Et|*3tL", new[] { 1, 0, 0, 1 })]
    public void A_layout(string text, int[] layers)
    {
        Assert.True(StageLayout.TryRead(text, out IReadOnlyList<int> read));
        Assert.Equal(layers, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ttL")]
    [InlineData("Ett")]
    [InlineData("EEtL")]
    [InlineData("Ex*3L")]
    [InlineData("E(t|L")]
    [InlineData("E(t|)*L")]
    [InlineData("Et*99999|t*99999L")]
    [InlineData("E((t|)*2)*3L")]
    public void Another_text_is_none(string text) => Assert.False(StageLayout.TryRead(text, out _));

    [Fact]
    public void What_is_written_reads_as_the_same() =>
        Gen.Select(Gen.Int[0, 5].Array[1, 40], Gen.Int[0, 3]).Sample((layers, predictions) =>
        {
            string text = StageLayout.Write(layers, predictions);
            Assert.True(StageLayout.TryRead(text, out IReadOnlyList<int> read));
            Assert.Equal(layers, read);
            Assert.Equal(predictions > 0, text.Contains('m', StringComparison.Ordinal));
        });
}
