namespace CarbonScaling.Validation.Methods;

/// <summary>
/// One share of the peak for each device and number format, in executed FLOPs, leave-one-source-out: the geometric mean over
/// the steps of other sources; of the device in other formats where there are none, and of all devices where there are none.
/// </summary>
internal sealed class UtilisationByDevice(IReadOnlyList<ValidationCase> cases) : IPredictionMethod
{
    private const int FewestRows = 3;

    private readonly Dictionary<string, Dictionary<string, (double Mean, double Deviation, int Rows)>> _means = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Id => "utilisation-by-device";

    /// <inheritdoc/>
    public string Name => "one utilisation for each device and format, executed FLOPs";

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) =>
        cases.Where(static each => each.Step is not null && each.ExecutedFlops is not null).Select(Key).Distinct(StringComparer.Ordinal).Count();

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record)
    {
        if (record.Step is null
            || table.Target is not (ValidationTargets.StepSeconds or ValidationTargets.TokenRate)
            || record.ExecutedFlops is not { } executed
            || record.Facts is not { Peak: { } peak, Flops: { } flops })
        {
            return Prediction.None;
        }

        Dictionary<string, (double Mean, double Deviation, int Rows)> means = MeansWithout(record.Source);
        string[] keys = [Key(record), record.Groups.Hardware, ""];
        if (Array.Find(keys, means.ContainsKey) is not { } key)
        {
            return Prediction.None;
        }

        (double mean, double deviation, int rows) = means[key];
        if (rows < FewestRows)
        {
            // Of the spread of a few rows little is known; that of all rows is at least not too small.
            (deviation, rows) = (means[""].Deviation, FewestRows);
        }

        double factor = Math.Exp(LogLinearFit.StudentQuantile95(Math.Max(1, rows - 1)) * deviation * Math.Sqrt(1 + (1.0 / rows)));
        return StepRates.Of(table, record, Math.Exp(mean) * peak * flops / executed, factor);
    }

    private Dictionary<string, (double Mean, double Deviation, int Rows)> MeansWithout(string source)
    {
        if (!_means.TryGetValue(source, out Dictionary<string, (double Mean, double Deviation, int Rows)>? means))
        {
            (ValidationCase Record, double Log)[] rows =
            [
                .. from each in MeasuredSteps.Without(cases, source)
                   let share = each.Record.ExecutedFlops / each.Seconds / each.Record.Facts.Devices / each.Record.Facts.Peak
                   where share is not null
                   select (each.Record, Math.Log(share.Value)),
            ];
            means = rows
                .SelectMany(static row => new[] { Key(row.Record), row.Record.Groups.Hardware, "" }.Select(key => (Key: key, row.Log)))
                .GroupBy(static row => row.Key, static row => row.Log, StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static group => Mean([.. group]), StringComparer.Ordinal);
            _means[source] = means;
        }

        return means;
    }

    private static string Key(ValidationCase record) => $"{record.Groups.Hardware} {record.Facts.Precision}";

    private static (double Mean, double Deviation, int Rows) Mean(double[] values)
    {
        double mean = values.Average();
        return (mean, values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Length - 1)), values.Length);
    }
}
