namespace CarbonScaling.Validation.Methods;

/// <summary>A row of a regression.</summary>
/// <param name="X">Covariates, without the constant.</param>
/// <param name="Scale">What turns the regression's target into that of the table: measured = exp(y)·scale.</param>
internal readonly record struct RegressionRow(double[] X, double Scale);

/// <summary>
/// A regression in logarithms over historical records, leave-one-source-out: the rows of a source are predicted by the fit
/// over all others.
/// </summary>
internal sealed class LogLinearMethod : IPredictionMethod
{
    private readonly Func<ValidationCase, RegressionRow?> _row;
    private readonly string _target;
    private readonly int _constants;
    private readonly IReadOnlyList<ValidationCase> _cases;
    private readonly Dictionary<(string Table, string LeftOut), LogLinearFit?> _fits = [];

    /// <param name="id">The id.</param>
    /// <param name="name">The name.</param>
    /// <param name="constants">Coefficients.</param>
    /// <param name="target">The target that it predicts where hours are not given; it is fitted to the rows of the same table.</param>
    /// <param name="cases">All records.</param>
    /// <param name="row">The row of a record; null where one of its covariates is not known.</param>
    public LogLinearMethod(
        string id, string name, int constants, string target, IReadOnlyList<ValidationCase> cases, Func<ValidationCase, RegressionRow?> row)
    {
        Id = id;
        Name = name;
        _constants = constants;
        _target = target;
        _cases = cases;
        _row = row;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int FittedConstants(ValidationTable table) => _constants;

    /// <inheritdoc/>
    public Prediction Predict(ValidationTable table, ValidationCase record)
    {
        if (table.Target != _target || table.Regime != Regime.ExAnte || _row(record) is not { } row || Fit(table, record.Source) is not { } fit)
        {
            return Prediction.None;
        }

        double log = fit.Predict(row.X);
        double half = fit.HalfWidth(row.X);
        return new Prediction(Math.Exp(log), Math.Exp(log - half), Math.Exp(log + half)).Times(row.Scale);
    }

    /// <summary>The fit over all sources but one; all of them with an empty name.</summary>
    internal LogLinearFit? Fit(ValidationTable table, string leftOut)
    {
        if (!_fits.TryGetValue((table.Id, leftOut), out LogLinearFit? fit))
        {
            fit = LogLinearFit.Of([.. RowsOf(table, leftOut)]);
            _fits[(table.Id, leftOut)] = fit;
        }

        return fit;
    }

    private IEnumerable<(double[] X, double LogY)> RowsOf(ValidationTable table, string leftOut) =>
        from each in _cases
        where each.Excluded is null && each.Source != leftOut
        let measured = table.Measured(each)
        where measured is not null
        let row = _row(each)
        where row is not null
        select (row.Value.X, Math.Log(measured.Value / row.Value.Scale));
}
