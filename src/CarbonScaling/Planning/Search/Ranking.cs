using CarbonScaling.Scenarios;

namespace CarbonScaling.Planning.Search;

/// <summary>What a candidate is ranked by and held against.</summary>
/// <param name="Limits">The limits in the order in which they are checked.</param>
/// <param name="Weights">What the search minimises.</param>
internal sealed record Ranking(IReadOnlyList<Limit> Limits, ObjectiveWeights Weights)
{
    /// <summary>The objective: a weighted one is the product of powers, which does not depend on the units of its parts.</summary>
    public double Objective(double seconds, double joules, double carbon) => Weights switch
    {
        { Energy: 0, Carbon: 0 } => seconds,
        { Time: 0, Carbon: 0 } => joules,
        { Time: 0, Energy: 0 } => carbon,
        _ => Math.Exp((Weights.Time * Math.Log(seconds)) + (Weights.Energy * Math.Log(joules)) + (Weights.Carbon * Math.Log(carbon))),
    };

    /// <summary>Whether a candidate meets every limit; what it exceeds is counted.</summary>
    /// <param name="taken">What it takes of each limit.</param>
    /// <param name="value">Its objective.</param>
    /// <param name="outcome">Counts.</param>
    public bool Meets(ReadOnlySpan<double> taken, double value, SearchOutcome outcome)
    {
        int exceeded = 0;
        int first = 0;
        for (int i = 0; i < taken.Length; i++)
        {
            if (exceeded == 0)
            {
                outcome.Least[i] = Math.Min(outcome.Least[i], taken[i]);
            }

            if (!(taken[i] <= Limits[i].Allowed))
            {
                first = exceeded == 0 ? i : first;
                exceeded++;
            }
        }

        if (exceeded == 0)
        {
            return true;
        }

        outcome.FailedFirst[first]++;
        if (exceeded == 1)
        {
            outcome.Beyond(first, value, taken[first]);
        }

        return false;
    }
}
