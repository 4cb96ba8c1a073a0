namespace CarbonScaling.Tests.Training;

/// <summary>Tokens that choose their experts at random, and where these lie.</summary>
/// <param name="Experts">Experts of a layer, spread in order over the ranks.</param>
/// <param name="Visits">Different experts that a token chooses.</param>
/// <param name="Ranks">Ranks that hold the experts.</param>
/// <param name="DomainRanks">Of them in one domain.</param>
/// <param name="Groups">Groups of consecutive experts; 1 where all are open to every token.</param>
/// <param name="Limit">Groups that a token may choose from.</param>
internal sealed record RoutingSimulation(int Experts, int Visits, int Ranks, int DomainRanks, int Groups = 1, int Limit = 1)
{
    private const int Tokens = 200_000;

    /// <summary>Mean copies of a token that leave the domain of its rank, and that cross links inside domains.</summary>
    /// <param name="once">Whether a token is sent once to each domain, and there once to each rank, instead of once per expert.</param>
    public (double Remote, double Local) Copies(bool once)
    {
        Random random = new(1);
        long remote = 0;
        long local = 0;
        HashSet<int> chosen = [];
        HashSet<int> ranks = [];
        HashSet<int> domains = [];
        for (int token = 0; token < Tokens; token++)
        {
            int source = random.Next(Ranks);
            Choose(random, chosen);
            ranks.Clear();
            domains.Clear();
            foreach (int expert in chosen)
            {
                int rank = expert / (Experts / Ranks);
                bool leaves = rank / DomainRanks != source / DomainRanks;
                if (!once)
                {
                    remote += leaves ? 1 : 0;
                    local += !leaves && rank != source ? 1 : 0;
                    continue;
                }

                // A copy enters another domain at the rank of the same place in it, and goes on from there.
                remote += leaves && domains.Add(rank / DomainRanks) ? 1 : 0;
                local += ranks.Add(rank) && rank % DomainRanks != source % DomainRanks ? 1 : 0;
            }
        }

        return ((double)remote / Tokens, (double)local / Tokens);
    }

    private void Choose(Random random, HashSet<int> chosen)
    {
        int[] open = [.. Enumerable.Range(0, Groups)];
        random.Shuffle(open);
        int size = Experts / Groups;
        chosen.Clear();
        while (chosen.Count < Visits)
        {
            chosen.Add((open[random.Next(Limit)] * size) + random.Next(size));
        }
    }
}
