namespace CarbonScaling.Planning.Search;

/// <summary>Joins what the searches of several phases found to plans of the whole training, on the same devices in all of them.</summary>
/// <param name="ranking">What plans are ranked by and held against, over all phases.</param>
/// <param name="top">How many of the best are kept.</param>
internal sealed class PhaseJoin(Ranking ranking, int top)
{
    private const double SecondsPerDay = 86_400;

    /// <summary>Joins the phases.</summary>
    /// <remarks>
    /// Every phase brings its best candidates and its front of days and emissions. What is minimised and limited are sums, so
    /// of plans that take more in days, energy and emissions than another none is needed, whatever the other phases add.
    /// </remarks>
    /// <param name="phases">What was found of each phase, one at least.</param>
    public SearchOutcome Join(IReadOnlyList<SearchOutcomes> phases)
    {
        SearchOutcome joined = new(top, ranking.Limits.Count);
        foreach (SearchOutcomes phase in phases)
        {
            Count(phase, joined);
        }

        foreach (DeviceSet devices in phases[0].BySet.Keys)
        {
            if (phases.All(phase => phase.BySet.ContainsKey(devices)))
            {
                IEnumerable<Sum> sums = [new([], 0, 0, 0)];
                foreach (SearchOutcomes phase in phases)
                {
                    sums = Undominated(sums, phase.BySet[devices]);
                }

                foreach (Sum sum in sums)
                {
                    Take(sum, joined);
                }
            }
        }

        return joined;
    }

    // Counts are summed over the phases; what the limits of a phase alone refused too.
    private static void Count(SearchOutcomes phase, SearchOutcome joined)
    {
        joined.Space += phase.All.Space;
        joined.Evaluated += phase.All.Evaluated;
        foreach ((string reason, long count) in phase.All.Illegal)
        {
            joined.Refuse(reason, count);
        }

        foreach (SearchOutcome found in phase.BySet.Values)
        {
            for (int i = 0; i < found.FailedFirst.Length; i++)
            {
                joined.FailedFirst[i] += found.FailedFirst[i];
            }
        }
    }

    private static List<Sum> Undominated(IEnumerable<Sum> sums, SearchOutcome phase)
    {
        List<Sum> kept = [];
        IEnumerable<Sum> all = from sum in sums
                               from candidate in phase.Best.Concat(phase.Front)
                               select sum.With(candidate);
        foreach (Sum next in all.OrderBy(static sum => sum.Days).ThenBy(static sum => sum.CarbonKg).ThenBy(static sum => sum.Joules))
        {
            // Those before it take no more days.
            if (!kept.Exists(other => other.CarbonKg <= next.CarbonKg && other.Joules <= next.Joules))
            {
                kept.Add(next);
            }
        }

        return kept;
    }

    private void Take(Sum sum, SearchOutcome joined)
    {
        double seconds = sum.Days * SecondsPerDay;
        double value = ranking.Objective(seconds, sum.Joules, sum.CarbonKg);
        double[] taken = [.. ranking.Limits.Select(limit => limit.Kind switch
        {
            LimitKind.Days => sum.Days,
            LimitKind.Power => sum.Joules / seconds / 1e6,
            LimitKind.Carbon => sum.CarbonKg / 1000,
            _ => 0,
        })];
        if (ranking.Meets(taken, value, joined))
        {
            Candidate longest = sum.Phases.MaxBy(static phase => phase.Days);
            joined.Add(longest with
            {
                Objective = value,
                Days = sum.Days,
                CarbonKg = sum.CarbonKg,
                Joules = sum.Joules,
                Parts = new([.. sum.Phases.Select(static phase => phase.Job.Phases[0])]),
            });
        }
    }

    /// <summary>A plan of the phases so far.</summary>
    private sealed record Sum(IReadOnlyList<Candidate> Phases, double Days, double Joules, double CarbonKg)
    {
        public Sum With(in Candidate next) =>
            new([.. Phases, next], Days + next.Days, Joules + next.Joules, CarbonKg + next.CarbonKg);
    }
}
