using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>What reading the file of a calibration gave.</summary>
/// <param name="Set">The calibration; null where anything is wrong.</param>
/// <param name="Problems">All that is wrong, by line.</param>
public sealed record CalibratedSetReading(CalibratedSet? Set, IReadOnlyList<ScenarioProblem> Problems);

/// <summary>Reads files of <c>calibrate</c>: <c>carbonscaling/calibration/1</c> and <c>carbonscaling/profile/1</c>.</summary>
public sealed class CalibratedSetReader
{
    /// <summary>The form of the file.</summary>
    public const string Schema = "carbonscaling/calibration/1";

    /// <summary>The form of the file of a profile, whose multipliers may be of the calibrated set.</summary>
    public const string ProfileSchema = "carbonscaling/profile/1";

    private const string LeftOutSection = "withoutSource";

    /// <summary>The sections that say what was fitted; the others are for people and for other programs.</summary>
    private static readonly string[] Sections =
        ["schema", "program", "priors", "fitted", "covariance", "shares", "range", "residuals", LeftOutSection];

    private static readonly string[] Described =
        ["name", "source", "status", "notes", "attributes", "records", "likelihood", "figures", "systems"];

    private readonly FieldMap _file;
    private readonly ProblemList _problems;

    private CalibratedSetReader(FieldMap file)
    {
        _file = file;
        _problems = file.Context.Problems;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its content, YAML or JSON.</param>
    /// <param name="fileName">Its name in messages.</param>
    public static CalibratedSetReading Read(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        ReadingContext context = new();
        Place start = new(fileName, 1);
        if (NodeReader.Read(text, start, context.Problems) is not { } root)
        {
            return new(null, context.Problems.Ordered());
        }

        if (root is not MapNode map)
        {
            context.Problems.Add(start, "", "", $"is no calibration; allowed: a file of calibrate, {Schema}");
            return new(null, context.Problems.Ordered());
        }

        return Read(map, context);
    }

    /// <summary>Reads an entry of the catalog.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="leftOut">Whether to read the fits without each source, too, which few need.</param>
    internal static CalibratedSetReading Read(CatalogEntry entry, bool leftOut)
    {
        Place place = new(entry.ToString(), 1);
        MapNode map = new(place);
        map.Add("id", place, new ScalarNode(place, entry.Id, quoted: true));
        foreach (string section in Sections.Where(section => leftOut || section != LeftOutSection))
        {
            if (entry.TrySection(section, out var written))
            {
                map.Add(section, place, JsonNodes.Of(written, place));
            }
        }

        return Read(map, new());
    }

    private static CalibratedSetReading Read(MapNode map, ReadingContext context)
    {
        CalibratedSet? set = new CalibratedSetReader(new(map, context)).Read();
        return context.Problems.Any ? new(null, context.Problems.Ordered()) : new(set, []);
    }

    private CalibratedSet? Read()
    {
        _file.Require("schema");
        if (_file.Text("schema") is { } schema && schema is not (Schema or ProfileSchema))
        {
            _file.Report("schema", $"is not a calibration of this version; allowed: {Schema}, {ProfileSchema}");
        }

        string? id = Required(_file, "id");
        string? program = Required(_file, "program");
        FieldMap priors = _file.Required("priors");
        string? digest = Required(priors, "digest");
        string? under = priors.Text("id");
        if (under is not (null or "priors" or "calibrated"))
        {
            priors.Report("id", "is no parameter set of the program; allowed: priors, calibrated");
        }

        priors.Close();
        if (_problems.Any)
        {
            return null;
        }

        List<FittedParameter> parameters = Fitted();
        if (_problems.Any)
        {
            return null;
        }

        double[,]? covariance = Covariance(_file, parameters.Count);
        string[] shares = Words(_file, "shares");
        CalibratedRange range = Range();
        ResidualSpreads residuals = Residuals(_file);
        Dictionary<string, LeftOutFit> leftOut = LeftOut(parameters.Count);
        foreach (string other in Described)
        {
            _file.Take(other);
        }

        _file.Close();
        return _problems.Any
            ? null
            : new(
                [.. parameters.Select((parameter, i) => parameter with { Spread = Math.Sqrt(covariance![i, i]) })],
                covariance!,
                residuals,
                range)
            {
                Id = id!,
                Base = under ?? "priors",
                ProgramVersion = program!,
                PriorsDigest = digest!,
                Shares = shares.ToHashSet(StringComparer.Ordinal),
                WithoutSource = leftOut,
            };
    }

    private List<FittedParameter> Fitted()
    {
        List<FittedParameter> parameters = [];
        _file.Require("fitted");
        if (_file.Take("fitted") is not ListNode list)
        {
            _file.Report("fitted", "is not a list; allowed: a list of fitted parameters");
            return parameters;
        }

        for (int i = 0; i < list.Items.Count; i++)
        {
            if (list.Items[i] is not MapNode item)
            {
                _file.Report("fitted", $"has no parameter in place {i}; allowed: a map with id, multiplier, priorSpread and figures");
                continue;
            }

            FieldMap map = _file.Item("fitted", i, item);
            string? id = Required(map, "id");
            string? by = map.Text("by");
            double? multiplier = Positive(map, "multiplier");
            double? prior = Positive(map, "priorSpread");
            double? declared = map.Has("declaredSpread") ? Positive(map, "declaredSpread") : prior;
            string[] figures = Words(map, "figures");
            _ = map.Take("spread");
            _ = map.Take("ratio");
            _ = map.Take("determined");
            if (map.Close() && id is not null && multiplier is not null && prior is not null && declared is not null)
            {
                parameters.Add(new(id, by ?? "", figures, Math.Log(multiplier.Value), 0, prior.Value, declared.Value));
            }
        }

        return parameters;
    }

    // The lower triangle, by rows.
    private static double[,]? Covariance(FieldMap map, int size)
    {
        const string Name = "covariance";
        string allowed = $"the lower triangle of {size} rows, of numbers";
        map.Require(Name);
        if (map.Take(Name) is not ListNode rows || rows.Items.Count != size)
        {
            map.Report(Name, $"is not a covariance of the fitted parameters; allowed: {allowed}");
            return null;
        }

        double[,] covariance = new double[size, size];
        for (int row = 0; row < size; row++)
        {
            if (rows.Items[row] is not ListNode columns || columns.Items.Count != row + 1)
            {
                map.Report(Name, $"has no {row + 1} numbers in row {row + 1}; allowed: {allowed}");
                return null;
            }

            for (int column = 0; column <= row; column++)
            {
                if (columns.Items[column] is not ScalarNode scalar || Number(scalar.Text) is not { } number || (row == column && number < 0))
                {
                    map.Report(Name, $"has no number in row {row + 1}, place {column + 1}; allowed: {allowed}");
                    return null;
                }

                covariance[row, column] = covariance[column, row] = number;
            }
        }

        return covariance;
    }

    private CalibratedRange Range()
    {
        FieldMap map = _file.Required("range");
        CalibratedRange range = new(
            Words(map, "rates"),
            Words(map, "softwareClasses"),
            Positive(map, "mostDevices") ?? 1,
            Positive(map, "leastParameters") ?? 1,
            Positive(map, "mostParameters") ?? 1);
        map.Close();
        return range;
    }

    private static ResidualSpreads Residuals(FieldMap parent)
    {
        FieldMap map = parent.Required("residuals");
        FieldMap classes = map.Required("byClass");
        Dictionary<string, double> byClass = new(StringComparer.Ordinal);
        foreach (string each in ResidualSpreads.Classes.Where(classes.Has))
        {
            byClass[each] = NotNegative(classes, each) ?? 0;
        }

        classes.Close();
        ResidualSpreads residuals = new(
            NotNegative(map, "pooled") ?? 0,
            byClass,
            NotNegative(map, "perDoubling") ?? 0,
            NotNegative(map, "unseen") ?? 0);
        map.Close();
        return residuals;
    }

    private Dictionary<string, LeftOutFit> LeftOut(int size)
    {
        Dictionary<string, LeftOutFit> fits = new(StringComparer.Ordinal);
        if (_file.Take(LeftOutSection) is not MapNode sources)
        {
            return fits;
        }

        FieldMap map = _file.Optional(LeftOutSection);
        foreach (string source in sources.Entries.Select(static entry => entry.Name))
        {
            FieldMap fit = map.Required(source);
            double[]? multipliers = Positives(fit, "multipliers", size);
            double[,]? covariance = Covariance(fit, size);
            ResidualSpreads residuals = Residuals(fit);
            if (fit.Close() && multipliers is not null && covariance is not null)
            {
                fits[source] = new([.. multipliers.Select(static multiplier => Math.Log(multiplier))], covariance, residuals);
            }
        }

        map.Close();
        return fits;
    }

    private static double[]? Positives(FieldMap map, string name, int count)
    {
        map.Require(name);
        double?[]? numbers = map.Take(name) is ListNode list
            ? [.. list.Items.Select(static item => item is ScalarNode scalar ? Number(scalar.Text) : null)]
            : null;
        if (numbers is null || numbers.Length != count || !numbers.All(static number => number > 0))
        {
            map.Report(name, $"is not a multiplier for each fitted parameter; allowed: a list of {count} numbers above 0");
            return null;
        }

        return [.. numbers.Select(static number => number!.Value)];
    }

    private static string[] Words(FieldMap map, string name)
    {
        map.Require(name);
        if (map.Take(name) is not ListNode list || !list.Items.TrueForAll(static item => item is ScalarNode))
        {
            map.Report(name, "is not a list of names; allowed: a list such as [a, b]");
            return [];
        }

        return [.. list.Items.Select(static item => item.Shown)];
    }

    private static string? Required(FieldMap map, string name)
    {
        map.Require(name);
        return map.Text(name);
    }

    private static double? Positive(FieldMap map, string name) => Checked(map, name, static number => number > 0, "above 0");

    private static double? NotNegative(FieldMap map, string name) => Checked(map, name, static number => number >= 0, "0 or more");

    private static double? Checked(FieldMap map, string name, Predicate<double> isAllowed, string allowed)
    {
        map.Require(name);
        if (map.Take(name) is not { } node)
        {
            return null;
        }

        double? number = node is ScalarNode scalar ? Number(scalar.Text) : null;
        if (number is null || !isAllowed(number.Value))
        {
            map.Report(name, $"is no number {allowed}; allowed: a number {allowed}");
            return null;
        }

        return number;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
