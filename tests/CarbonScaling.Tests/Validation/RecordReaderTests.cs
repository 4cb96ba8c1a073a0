using CarbonScaling.Validation;
using CsCheck;

namespace CarbonScaling.Tests.Validation;

public sealed class RecordReaderTests
{
    private static readonly string[] Pieces =
    [
        "\n", "\r", "\r\n", ",", ",,", "\"", "\"\"", "'", ";", "\t", "\0", "\ufeff", "NaN", "-1", "1e999", "0", "8", "true", "id", "n_layers",
        "\ud83d", "\u2028", "é", "zero9", "=cmd()", " ",
    ];

    [Fact]
    public void A_row_is_read_with_its_types()
    {
        StepRecord record = RecordTexts.Record(
            ("n_kv_heads", "8"),
            ("attention", "GQA"),
            ("sharding", "fsdp"),
            ("sequence_parallel", "true"),
            ("recompute", "selective"),
            ("attention_kernel", "flash"),
            ("measured_peak_allocated_gib", "2"),
            ("ffn_type", "SwiGLU"),
            ("n_shared_experts", "0"),
            ("notes", "a, \"quoted\" note"));

        Assert.Equal(("X-1", "X", "own.csv", 2), (record.Id, record.Source, record.File, record.Line));
        Assert.Equal((24, 2048, 16, 8), (record.Layers, record.Hidden, record.Heads, record.KeyValueHeads));
        Assert.Equal((RecordSharding.Fsdp, true, RecordRecompute.Selective, true), (record.Sharding, record.SequenceParallel, record.Recompute, record.FusedAttention));
        Assert.Equal((1.5, null, 2.0 * (1L << 30)), (record.StepSeconds, record.TokensPerSecondPerDevice, record.PeakBytes));
        Assert.Equal(("swiglu", 0, "a, \"quoted\" note"), (record.FeedForwardType, record.SharedExperts, record.Notes));
        Assert.Null(record.Vocabulary);
        Assert.Null(record.Experts);
        Assert.Empty(record.Missing);
        Assert.Empty(record.Unknown);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_others_beside_them()
    {
        string[] names = RecordTexts.Header.Split(',');
        string[] values = RecordTexts.Row.Split(',');
        string text = $"colour,{string.Join(',', names.Reverse())},,\nred,{string.Join(',', values.Reverse())},x,y\n";
        RecordReading reading = RecordReader.Read(text, "own.csv");

        Assert.Empty(reading.Problems);
        Assert.Equal(RecordTexts.Record() with { File = "own.csv" }, Assert.Single(reading.Records), new ByText());
    }

    [Theory]
    [InlineData("n_layers", "n_layer", "own.csv:1: 'n_layers' is a column that is missing (did you mean 'n_layer'?); needed: id, n_layers")]
    [InlineData("id", "name", "own.csv:1: 'id' is a column that is missing; needed: ")]
    [InlineData("global_batch_sequences", "x", "own.csv:1: 'global_batch_sequences' is a column that is missing")]
    [InlineData("measured_step_time_s", "x", "own.csv:1: has no column of measurements; needed: one of measured_step_time_s, measured_tokens_per_s_per_device, measured_peak_allocated_gib")]
    [InlineData("precision", "framework", "own.csv:1: 'framework' is the name of two columns; allowed: each name once")]
    public void A_wrong_header_is_told_once_and_no_row_is_read(string column, string instead, string expected)
    {
        string text = RecordTexts.Header.Replace(column, instead, StringComparison.Ordinal) + "\n" + RecordTexts.Row;

        Assert.Contains(RecordTexts.Problems(text), line => line.StartsWith(expected, StringComparison.Ordinal));
        Assert.Empty(RecordReader.Read(text, "own.csv").Records);
    }

    [Theory]
    [InlineData("n_layers", "24.5", "own.csv:2: row X-1, n_layers: '24.5' is not a whole number in range; allowed: 1 to 2147483647")]
    [InlineData("n_layers", "0", "row X-1, n_layers: '0' is not a whole number in range")]
    [InlineData("n_devices", "-8", "row X-1, n_devices: '-8' is not a whole number in range")]
    [InlineData("n_devices", "3e9", "row X-1, n_devices: '3e9' is not a whole number in range")]
    [InlineData("tp", "two", "row X-1, tp: 'two' is not a number; allowed: a number such as 12 or 1.5e9, or nothing")]
    [InlineData("tp", "NaN", "row X-1, tp: 'NaN' is not a number")]
    [InlineData("seq_len", "1,024", "row X-1, seq_len: '1,024' is not a number")]
    [InlineData("measured_step_time_s", "0", "row X-1, measured_step_time_s: '0' is not above 0")]
    [InlineData("measured_step_time_s", "Infinity", "row X-1, measured_step_time_s: 'Infinity' is not a number")]
    [InlineData("measured_step_time_s", "1e999", "row X-1, measured_step_time_s: '1e999' is not a number")]
    [InlineData("vocab", "50k", "row X-1, vocab: '50k' is not a number")]
    [InlineData("id", "", "own.csv:2: id: is missing")]
    public void A_wrong_number_is_told_with_row_column_and_value(string column, string value, string expected)
    {
        string text = RecordTexts.With((column, value));

        Assert.Contains(expected, Assert.Single(RecordTexts.Problems(text)), StringComparison.Ordinal);
        Assert.Empty(RecordReader.Read(text, "own.csv").Records);
    }

    [Fact]
    public void All_problems_are_told_at_once_and_sound_rows_are_read()
    {
        string text = string.Join(
            '\n',
            RecordTexts.Header,
            RecordTexts.Row,
            RecordTexts.Row.Replace("24", "x", StringComparison.Ordinal).Replace("X-1", "X-2", StringComparison.Ordinal),
            RecordTexts.Row,
            "X-3,1,2",
            RecordTexts.Row.Replace("X-1", "X-4", StringComparison.Ordinal));
        RecordReading reading = RecordReader.Read(text, "own.csv");

        Assert.Equal(["X-1", "X-4"], reading.Records.Select(record => record.Id));
        Assert.Equal(
            [
                "own.csv:3: row X-2, n_layers: 'x' is not a number; allowed: a number such as 12 or 1.5e9, or nothing",
                "own.csv:4: id: 'X-1' is given twice, first in line 2; allowed: each id once",
                "own.csv:5: row X-3: has 3 fields under 13 columns; allowed: a field for each, which may be empty",
            ],
            reading.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void What_no_default_can_fill_and_unknown_words_stay_with_the_row()
    {
        Assert.Equal(["tp", "global_batch_sequences"], RecordTexts.Record(("tp", ""), ("global_batch_sequences", " ")).Missing);
        Assert.Equal(
            ["sharding: 'zero9' is not known (did you mean 'zero1'?); allowed: none, zero1, zero2, zero3, fsdp, hsdp"],
            RecordTexts.Record(("sharding", "zero9")).Unknown);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("unfused", false)]
    [InlineData("flash", true)]
    [InlineData("cuDNN", true)]
    [InlineData("", null)]
    public void Every_attention_kernel_with_a_name_is_fused(string word, bool? expected) =>
        Assert.Equal(expected, RecordTexts.Record(("attention_kernel", word)).FusedAttention);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void An_empty_file_is_told(string text) =>
        Assert.Equal("own.csv:1: is empty; allowed: a header and a row for each measurement", Assert.Single(RecordTexts.Problems(text)));

    [Fact]
    public void A_header_alone_has_no_records()
    {
        RecordReading reading = RecordReader.Read(RecordTexts.Header, "own.csv");
        Assert.Empty(reading.Problems);
        Assert.Empty(reading.Records);
    }

    [Fact]
    public void A_damaged_file_is_answered_with_problems_and_never_an_exception()
    {
        string seed = RecordTexts.Header + "\n" + RecordTexts.Row + "\n" + RecordTexts.Row + "\n";
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 30], Gen.OneOf(Pieces)).Array[1, 8].Sample(
            changes =>
            {
                string text = changes.Aggregate(seed, (current, change) =>
                {
                    int start = current.Length == 0 ? 0 : change.Item1 % current.Length;
                    return current[..start] + change.Item3 + current[Math.Min(current.Length, start + change.Item2)..];
                });
                foreach (var problem in RecordReader.Read(text, "own.csv").Problems)
                {
                    Assert.DoesNotContain(problem.ToString(), char.IsControl);
                    Assert.True(problem.Line >= 1);
                }
            },
            iter: 3000);
    }

    /// <summary>Records hold lists, which are compared by what they show.</summary>
    private sealed class ByText : IEqualityComparer<StepRecord>
    {
        public bool Equals(StepRecord? x, StepRecord? y) => (x! with { Missing = [], Unknown = [] }).Equals(y! with { Missing = [], Unknown = [] });

        public int GetHashCode(StepRecord obj) => obj.Id.GetHashCode(StringComparison.Ordinal);
    }
}
