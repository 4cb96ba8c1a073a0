using CarbonScaling.Training;

namespace CarbonScaling.Planning.Search;

/// <summary>What a part of the search found. Parts merge in the order of the space, so that results do not depend on threads.</summary>
internal sealed class SearchOutcome(int top, int limits)
{
    private static readonly Comparer<Candidate> ByObjective = Comparer<Candidate>.Create(Candidate.CompareObjective);

    private readonly List<Candidate> _best = [];
    private readonly List<Candidate> _front = [];

    /// <summary>The best candidates, best first.</summary>
    public IReadOnlyList<Candidate> Best => _best;

    /// <summary>Candidates that no other beats in both days and emissions, fastest first.</summary>
    public IReadOnlyList<Candidate> Front => _front;

    /// <summary>Combinations looked at.</summary>
    public long Space { get; set; }

    /// <summary>Legal candidates evaluated.</summary>
    public long Evaluated { get; set; }

    /// <summary>Candidates that meet every limit.</summary>
    public long Feasible { get; set; }

    /// <summary>Combinations that break a rule, by reason.</summary>
    public SortedDictionary<string, long> Illegal { get; } = new(StringComparer.Ordinal);

    /// <summary>Candidates by the first limit that they exceed.</summary>
    public long[] FailedFirst { get; } = new long[limits];

    /// <summary>The least that is taken of each limit by candidates that meet those before it.</summary>
    public double[] Least { get; } = Filled(limits);

    /// <summary>The best objective among candidates that exceed only one limit, by that limit.</summary>
    public double[] BestBeyond { get; } = Filled(limits);

    /// <summary>What the candidate of <see cref="BestBeyond"/> takes of the limit.</summary>
    public double[] TakenBeyond { get; } = Filled(limits);

    /// <summary>Counts a combination that breaks a rule.</summary>
    public void Refuse(string reason, long count = 1) =>
        Illegal[reason] = Illegal.TryGetValue(reason, out long known) ? known + count : count;

    /// <summary>Takes in a feasible candidate.</summary>
    public void Add(in Candidate candidate)
    {
        Feasible++;
        Rank(candidate);
        Extend(candidate);
    }

    /// <summary>Takes in what another part found.</summary>
    public void Merge(SearchOutcome other)
    {
        Space += other.Space;
        Evaluated += other.Evaluated;
        Feasible += other.Feasible;
        foreach ((string reason, long count) in other.Illegal)
        {
            Refuse(reason, count);
        }

        for (int i = 0; i < FailedFirst.Length; i++)
        {
            FailedFirst[i] += other.FailedFirst[i];
            Least[i] = Math.Min(Least[i], other.Least[i]);
            Beyond(i, other.BestBeyond[i], other.TakenBeyond[i]);
        }

        foreach (Candidate candidate in other._best)
        {
            Rank(candidate);
        }

        foreach (Candidate candidate in other._front)
        {
            Extend(candidate);
        }
    }

    /// <summary>Takes in a candidate that exceeds only one limit.</summary>
    public void Beyond(int limit, double objective, double taken)
    {
        if (objective < BestBeyond[limit])
        {
            BestBeyond[limit] = objective;
            TakenBeyond[limit] = taken;
        }
    }

    private void Rank(in Candidate candidate)
    {
        if (_best.Count == top && Candidate.CompareObjective(candidate, _best[^1]) >= 0)
        {
            return;
        }

        int place = _best.BinarySearch(candidate, ByObjective);
        _best.Insert(place < 0 ? ~place : place, candidate);
        if (_best.Count > top)
        {
            _best.RemoveAt(top);
        }
    }

    private void Extend(in Candidate candidate)
    {
        // The front is sorted by days, and emissions fall along it.
        int place = 0;
        while (place < _front.Count && _front[place].Days < candidate.Days)
        {
            place++;
        }

        if (place > 0 && _front[place - 1].CarbonKg <= candidate.CarbonKg)
        {
            return;
        }

        if (place < _front.Count && _front[place].Days.Equals(candidate.Days) && Beats(_front[place], candidate))
        {
            return;
        }

        int end = place;
        while (end < _front.Count && _front[end].CarbonKg >= candidate.CarbonKg)
        {
            end++;
        }

        _front.RemoveRange(place, end - place);
        _front.Insert(place, candidate);
    }

    private static bool Beats(in Candidate known, in Candidate other) =>
        known.CarbonKg < other.CarbonKg
        || (known.CarbonKg.Equals(other.CarbonKg) && Candidate.ComparePlans(known.Plan.Plan, other.Plan.Plan) <= 0);

    private static double[] Filled(int length)
    {
        double[] values = new double[length];
        Array.Fill(values, double.PositiveInfinity);
        return values;
    }
}
