using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Validation;
using CsCheck;

namespace CarbonScaling.Tests.Validation;

public sealed class CsvTextTests
{
    public static TheoryData<string, string[][]> Texts => new()
    {
        { "", [] },
        { "a", [["a"]] },
        { "a,b\nc,d", [["a", "b"], ["c", "d"]] },
        { "a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]] },
        { "a,b\rc,d\r", [["a", "b"], ["c", "d"]] },
        { "\ufeffa,b\n", [["a", "b"]] },
        { "\n\na\n\n", [["a"]] },
        { ",\n", [["", ""]] },
        { "a,\n,b\n", [["a", ""], ["", "b"]] },
        { "\"a,b\",\"c\"\"d\",\"\"\n", [["a,b", "c\"d", ""]] },
        { "\"two\nlines\",b\nc,d\n", [["two\nlines", "b"], ["c", "d"]] },
        { " a , \"b\"\n", [[" a ", " \"b\""]] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Fields_are_read_as_the_standard_writes_them(string text, string[][] expected)
    {
        ProblemList problems = new();
        var rows = CsvText.Read(text, "f.csv", problems);

        // A quote behind a space is none of its own field.
        Assert.Equal(text.Contains(" \"", StringComparison.Ordinal), problems.Any);
        if (!problems.Any)
        {
            Assert.Equal(expected, rows.Select(row => row.Fields.ToArray()));
        }
    }

    [Fact]
    public void Rows_know_their_lines() =>
        Assert.Equal([1, 2, 4, 6], CsvText.Read("a\n\"b\nb\"\nc\n\nd", "f.csv", new()).Select(row => row.Line));

    [Theory]
    [InlineData("a\"b,c\nd", "f.csv:1: a quote stands inside a field")]
    [InlineData("a,\"b\"c\nd", "f.csv:1: text follows the closing quote of a field")]
    [InlineData("a\nb,\"c\nd\ne", "f.csv:2: a quoted field has no end")]
    public void What_the_standard_does_not_write_is_told(string text, string expected)
    {
        ProblemList problems = new();
        CsvText.Read(text, "f.csv", problems);
        Assert.StartsWith(expected, Assert.Single(problems.Ordered()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var field = Gen.OneOf("", "a", ",", "\"", "\n", "\r\n", "x y", "\"\",\"").Array[0, 3].Select(string.Concat);
        field.Array[2, 4].Array[1, 5].Sample(rows =>
        {
            string text = string.Concat(rows.Select(row => string.Join(',', row.Select(Quoted)) + "\n"));
            ProblemList problems = new();
            var read = CsvText.Read(text, "f.csv", problems);
            Assert.False(problems.Any);
            Assert.Equal(rows, read.Select(row => row.Fields.ToArray()));
        });
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
