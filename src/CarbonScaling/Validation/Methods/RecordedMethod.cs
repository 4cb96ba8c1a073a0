using System.Globalization;
using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Validation.Methods;

/// <summary>A peer whose predictions were recorded, for the records that it was run on.</summary>
internal sealed class RecordedMethod : IPredictionMethod
{
    private const string File = "peers.csv";

    private readonly int _fitted;
    private readonly Dictionary<(string Record, string Target), double> _values;

    private RecordedMethod(string id, string name, int fitted, Dictionary<(string Record, string Target), double> values)
    {
        Id = id;
        Name = name;
        _fitted = fitted;
        _values = values;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>All peers that the library carries: columns id, target, method, name, fitted_constants, predicted, source.</summary>
    public static IReadOnlyList<RecordedMethod> All()
    {
        ProblemList problems = new();
        List<CsvRow> rows = CsvText.Read(PublishedRecords.Text(File), File, problems);
        return
        [
            .. from row in rows.Skip(1)
               group row.Fields by row.Fields[2] into peer
               let first = peer.First()
               select new RecordedMethod(
                   peer.Key,
                   first[3],
                   int.Parse(first[4], CultureInfo.InvariantCulture),
                   peer.ToDictionary(static fields => (fields[0], fields[1]), static fields => double.Parse(fields[5], CultureInfo.InvariantCulture))),
        ];
    }

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => _fitted;

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record) =>
        _values.TryGetValue((record.Id, table.Target), out double value) ? new(value) : Prediction.None;
}
