using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Calibration;

/// <summary>Writes calibrations as files, <c>carbonscaling/calibration/1</c>, which are also entries of the catalog.</summary>
public static class CalibrationYaml
{
    private const string Value = "G9";
    private const string Second = "G6";
    private const string Rough = "G4";

    /// <summary>Writes a calibration.</summary>
    /// <param name="outcome">The calibration.</param>
    /// <param name="catalog">The catalog with the priors that it multiplies.</param>
    /// <exception cref="CatalogException">The catalog has no such priors.</exception>
    public static string Write(CalibrationOutcome outcome, Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(catalog);
        CalibratedSet set = outcome.Set;
        CatalogEntry priors = catalog.Find(CatalogKinds.Calibration, "priors");
        StringBuilder text = new();
        Line(text, $"# Made by `carbonscaling calibrate`; a change by hand would be undone by the next.");
        Line(text, $"schema: {CalibratedSetReader.Schema}");
        Line(text, $"id: {Quoted(set.Id)}");
        Line(text, $"name: {Quoted($"Priors under multipliers that were fitted to {outcome.Observations} steps of {outcome.Sources.Count} sources")}");
        Line(text, $"source: calibration");
        Line(text, $"status: computed");
        Line(text, $"program: {Quoted(set.ProgramVersion)}");
        Line(text, $"priors: {{ id: priors, digest: {Quoted(set.PriorsDigest)} }}");
        WriteRecords(text, outcome);
        Line(text, $"likelihood: {{ scale: {outcome.LikelihoodScale:G6}, degreesOfFreedom: {outcome.DegreesOfFreedom:G6}, sourceExponent: {outcome.SourceExponent:G6} }}");
        WriteFitted(text, set);
        Line(text, $"");
        Line(text, $"# Of the logarithms of the multipliers, in the order above: the lower triangle");
        WriteCovariance(text, "", set.Covariance, Second);
        WriteRange(text, set.Range);
        WriteResiduals(text, "", set.Residuals);
        if (set.WithoutSource.Count > 0)
        {
            Line(text, $"");
            Line(text, $"# Fits that have not seen a source");
            Line(text, $"withoutSource:");
            foreach ((string source, LeftOutFit fit) in set.WithoutSource.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                Line(text, $"  {Quoted(source)}:");
                Line(text, $"    multipliers: [{Numbers(fit.Logs.Select(static log => Math.Exp(log)), Value)}]");
                WriteCovariance(text, "    ", fit.Covariance, Rough);
                WriteResiduals(text, "    ", fit.Residuals);
            }
        }

        Line(text, $"");
        Line(text, $"# Cannot exceed 1: their odds are multiplied, to the power 1/(1 - prior)");
        Line(text, $"shares: [{string.Join(", ", set.Shares.Order(StringComparer.Ordinal))}]");
        WriteFigures(text, set, priors, ParametersReader.Of(priors));
        return text.ToString();
    }

    private static void WriteRecords(StringBuilder text, CalibrationOutcome outcome)
    {
        Line(text, $"records:");
        Line(text, $"  digest: {Quoted(outcome.RecordsDigest)}");
        Line(text, $"  observations: {outcome.Observations}");
        Line(text, $"  files: {{ {Counts(outcome.Files)} }}");
        Line(text, $"  sources: {{ {Counts(outcome.Sources)} }}");
        Line(text, $"  leftOut: {{ {Counts(outcome.Exclusions)} }}");
    }

    private static void WriteFitted(StringBuilder text, CalibratedSet set)
    {
        Line(text, $"");
        Line(text, $"# spread: standard deviation of ln multiplier with the data; ratio: of that to the prior's; a parameter is determined by the data where it is at most 0.9");
        Line(text, $"fitted:");
        foreach (FittedParameter parameter in set.Parameters)
        {
            string by = parameter.Index.Length == 0 ? "" : $", by: {Quoted(parameter.Index)}";
            string declared = parameter.DeclaredSpread.Equals(parameter.PriorSpread) ? "" : $", declaredSpread: {Text(parameter.DeclaredSpread, Value)}";
            Line(text, $"  - {{ id: {parameter.Id}{by}, multiplier: {Text(parameter.Multiplier, Value)}, spread: {Text(parameter.Spread, Second)}, priorSpread: {Text(parameter.PriorSpread, Value)}{declared}, ratio: {Text(parameter.SpreadRatio, "F3")}, determined: {(parameter.IsDetermined ? "true" : "false")},");
            Line(text, $"      figures: [{string.Join(", ", parameter.Figures)}] }}");
        }
    }

    private static void WriteCovariance(StringBuilder text, string indent, double[,] covariance, string format)
    {
        Line(text, $"{indent}covariance:");
        for (int row = 0; row < covariance.GetLength(0); row++)
        {
            Line(text, $"{indent}  - [{Numbers(Enumerable.Range(0, row + 1).Select(column => covariance[row, column]), format)}]");
        }
    }

    private static void WriteRange(StringBuilder text, CalibratedRange range)
    {
        Line(text, $"");
        Line(text, $"# What the measurements reach; beyond it intervals widen");
        Line(text, $"range:");
        Line(text, $"  rates: [{string.Join(", ", range.Rates)}]");
        Line(text, $"  softwareClasses: [{string.Join(", ", range.SoftwareClasses)}]");
        Line(text, $"  mostDevices: {Text(range.MostDevices, Value)}");
        Line(text, $"  leastParameters: {Text(range.LeastParameters, Value)}");
        Line(text, $"  mostParameters: {Text(range.MostParameters, Value)}");
        Line(text, $"");
        Line(text, $"# What sources that were not fitted miss beyond the spread of inputs: standard deviations of ln(predicted / measured)");
    }

    private static void WriteResiduals(StringBuilder text, string indent, ResidualSpreads residuals)
    {
        string classes = string.Join(", ", residuals.ByClass.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}: {Text(pair.Value, Second)}"));
        Line(text, $"{indent}residuals: {{ pooled: {Text(residuals.Pooled, Second)}, byClass: {{ {classes} }}, perDoubling: {Text(residuals.PerDoubling, Second)}, unseen: {Text(residuals.Unseen, Second)} }}");
    }

    // In the units of the priors, so that one can be read beside the other.
    private static void WriteFigures(StringBuilder text, CalibratedSet set, CatalogEntry priors, ModelParameters baseUnits)
    {
        ModelParameters calibrated = set.Apply(baseUnits);
        Dictionary<string, List<string>> multipliers = new(StringComparer.Ordinal);
        foreach (FittedParameter parameter in set.Parameters)
        {
            foreach (string figure in parameter.Figures)
            {
                multipliers.TryAdd(figure, []);
                multipliers[figure].Add($"{Text(parameter.Multiplier, "F4")} ({parameter.Id})");
            }
        }

        Line(text, $"");
        Line(text, $"# The figures that the multipliers make, for readers: the program takes the priors and multiplies them");
        Line(text, $"figures:");
        foreach (string key in multipliers.Keys.Order(StringComparer.Ordinal))
        {
            Figure prior = priors.Figures[key];
            Figure figure = calibrated[key];
            double inUnit = prior.Value * (figure.Value / baseUnits[key].Value);
            string note = $"{Text(prior.Value, Second)} x {string.Join(" x ", multipliers[key])}{(set.Shares.Contains(key) ? ", as odds" : "")}";
            Line(text, $"  {key}: {{ value: {Text(inUnit, Value)}, unit: {Quoted(prior.Unit)}, spread: {Text(figure.Spread, Second)}, note: {Quoted(note)} }}");
        }
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) => string.Join(
        ", ", counts.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{Quoted(pair.Key)}: {Text(pair.Value, "F0")}"));

    private static string Numbers(IEnumerable<double> numbers, string format) => string.Join(", ", numbers.Select(number => Text(number, format)));

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    // JSON's escapes are those of YAML's double quotes.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
