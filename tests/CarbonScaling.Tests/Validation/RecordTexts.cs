using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>Record files that tests start from.</summary>
internal static class RecordTexts
{
    public const string Header =
        "id,n_layers,d_model,n_heads,seq_len,accelerator,n_devices,precision,framework,tp,pp,global_batch_sequences,measured_step_time_s";

    public const string Row = "X-1,24,2048,16,2048,A100-80GB,8,bf16,Megatron-Core,2,1,64,1.5";

    /// <summary>A file of one row in which some columns are set or added.</summary>
    public static string With(params (string Column, string Value)[] changes)
    {
        List<string> names = [.. Header.Split(',')];
        List<string> values = [.. Row.Split(',')];
        foreach ((string column, string value) in changes)
        {
            int index = names.IndexOf(column);
            if (index < 0)
            {
                names.Add(column);
                values.Add(Quoted(value));
            }
            else
            {
                values[index] = Quoted(value);
            }
        }

        return $"{string.Join(',', names)}\n{string.Join(',', values)}\n";
    }

    /// <summary>The record of such a file.</summary>
    public static StepRecord Record(params (string Column, string Value)[] changes)
    {
        RecordReading reading = RecordReader.Read(With(changes), "own.csv");
        Assert.Empty(reading.Problems);
        return Assert.Single(reading.Records);
    }

    /// <summary>The lines of the problems of a text.</summary>
    public static string[] Problems(string text) =>
        [.. RecordReader.Read(text, "own.csv").Problems.Select(problem => problem.ToString())];

    private static string Quoted(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
