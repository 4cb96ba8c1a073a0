using System.Globalization;
using System.Text.RegularExpressions;

namespace CarbonScaling.Telemetry;

/// <summary>
/// The accounting of Slurm, <c>sacct -P --format=JobID,State,Start,Elapsed,AllocNodes,AllocTRES,ConsumedEnergyRaw</c>: one row
/// for each job and each of its parts, whose id has a dot.
/// </summary>
/// <remarks>
/// Format: sacct(1). Elapsed is [days-]hours:minutes:seconds, ConsumedEnergyRaw in J of the job's nodes. A job without an
/// energy of its own takes the largest of its parts, which overlap.
/// </remarks>
internal sealed partial class SlurmAccounting : LineParser
{
    // Slurm's NO_VAL and NO_VAL64, which stand for a value that is not known.
    private static readonly double[] Unknown = [4_294_967_294, 18_446_744_073_709_551_614d];

    private readonly NamedColumns _columns;
    private readonly bool _trailing;
    private readonly List<AccountedJob> _jobs = [];

    public SlurmAccounting(string file, string header, int line)
        : base(file)
    {
        _trailing = header.EndsWith('|');
        _columns = new(file, Fields(header));
        if (!_columns.Has("JobID") && !_columns.Has("JobIDRaw"))
        {
            throw Broken(line, "", "", "has no column JobID; expected: sacct -P --format=JobID,State,Start,Elapsed,AllocNodes,AllocTRES,ConsumedEnergyRaw");
        }

        if (!_columns.Has("Elapsed") && !_columns.Has("ElapsedRaw"))
        {
            throw Broken(line, "", "", "has no column Elapsed; expected: Elapsed or ElapsedRaw");
        }
    }

    /// <summary>Whether a line is the head of such a table.</summary>
    public static bool Is(string line) => line.Contains('|', StringComparison.Ordinal)
        && line.Split('|', StringSplitOptions.TrimEntries).Any(static name => name is "JobID" or "JobIDRaw" or "Elapsed" or "ElapsedRaw" or "ConsumedEnergyRaw");

    public override void Take(string text, int number, bool last)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        _columns.Row(Fields(text), number);
        string id = _columns.Has("JobID") ? _columns.Text("JobID") : _columns.Text("JobIDRaw");
        double? energy = Energy();
        if (id.Split('.') is [var job, _, ..])
        {
            // A part: its job stands before it.
            int index = _jobs.FindLastIndex(each => each.Id == job);
            if (index >= 0 && energy is { } part && _partOnly.Contains(job) && part > (_jobs[index].NodeJoules ?? 0))
            {
                _jobs[index] = _jobs[index] with { NodeJoules = part };
            }

            return;
        }

        if (energy is null)
        {
            _partOnly.Add(id);
        }

        string tres = _columns.Text("AllocTRES");
        _jobs.Add(new(
            id,
            _columns.Text("State").Split(' ')[0],
            Elapsed(),
            Devices(tres),
            Whole(_columns.Text("AllocNodes")) ?? Whole(_columns.Text("NNodes")) ?? Whole(NodesOf().Match(tres).Groups["n"].Value),
            energy,
            _columns.Text("Start") is "Unknown" or "None" or "" ? null : _columns.Time("Start")));
    }

    private readonly HashSet<string> _partOnly = new(StringComparer.Ordinal);

    public override TelemetryFile Finish()
    {
        List<AccountedJob> ran = [.. _jobs.Where(static job => job.ElapsedSeconds > 0)];
        if (ran.Count == 0)
        {
            throw Broken(1, "", "", "has no job that ran; expected: a row for each job with its Elapsed");
        }

        PowerLog log = new() { Boundary = PowerBoundary.Nodes };
        foreach (AccountedJob job in ran)
        {
            if (job is { NodeJoules: { } joules, Devices: { } devices })
            {
                log.AddTotal(devices, job.ElapsedSeconds, joules);
            }
        }

        string[] notes = ran.Any(static job => job is { NodeJoules: not null, Devices: null })
            ? ["AllocTRES names no gres/gpu: the energy of nodes cannot be told per device"]
            : [];
        return new(File, TelemetryKind.SlurmAccounting) { Jobs = ran, Power = log.Readings > 0 ? log : null, Notes = notes };
    }

    private string[] Fields(string line)
    {
        string[] fields = line.Split('|', StringSplitOptions.TrimEntries);
        return _trailing && fields[^1].Length == 0 ? fields[..^1] : fields;
    }

    private double? Energy()
    {
        string raw = _columns.Text("ConsumedEnergyRaw");
        string text = raw.Length > 0 ? raw : _columns.Text("ConsumedEnergy");
        Match match = EnergyText().Match(text);
        if (text.Length > 0 && !match.Success)
        {
            throw _columns.Problem("ConsumedEnergyRaw", text, "is no energy; expected: joules, such as 20543125");
        }

        if (!match.Success)
        {
            return null;
        }

        double factor = match.Groups["unit"].Value switch
        {
            "K" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            _ => 1,
        };
        double value = double.Parse(match.Groups["n"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture) * factor;
        return value > 0 && !Unknown.Contains(value) ? value : null;
    }

    private double Elapsed()
    {
        if (_columns.Has("ElapsedRaw"))
        {
            return _columns.Number("ElapsedRaw") is { } seconds and < 1e9
                ? seconds
                : throw _columns.Problem("ElapsedRaw", _columns.Text("ElapsedRaw"), "is no duration; expected: seconds");
        }

        Match match = ElapsedText().Match(_columns.Text("Elapsed"));
        return match.Success
            ? (((Part("d") * 24) + Part("h")) * 3600) + (Part("m") * 60) + Part("s")
            : throw _columns.Problem("Elapsed", _columns.Text("Elapsed"), "is no duration; expected: [days-]hours:minutes:seconds");

        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    // gres/gpu=16, or where only the types are counted gres/gpu:h100=16.
    private static int? Devices(string tres)
    {
        if (Whole(Gpus().Match(tres).Groups["n"].Value) is { } all)
        {
            return all;
        }

        MatchCollection types = TypedGpus().Matches(tres);
        return types.Count == 0 ? null : types.Sum(static match => Whole(match.Groups["n"].Value) ?? 0);
    }

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : null;

    [GeneratedRegex(@"^(?<n>\d+(\.\d+)?)(?<unit>[KMGT]?)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EnergyText();

    [GeneratedRegex(@"^((?<d>\d{1,4})-)?((?<h>\d{1,3}):)?(?<m>\d{1,3}):(?<s>\d{1,3}(\.\d+)?)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ElapsedText();

    [GeneratedRegex(@"(^|,)gres/gpu=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Gpus();

    [GeneratedRegex(@"(^|,)gres/gpu:[^=,]+=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TypedGpus();

    [GeneratedRegex(@"(^|,)node=(?<n>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NodesOf();
}
