using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Communication of the ranks among which the experts of a layer are spread.</summary>
public static class ExpertParallel
{
    /// <summary>Load of the busiest expert-parallel rank over the mean load.</summary>
    /// <remarks>
    /// Eq. EP-4: 1 + σ·√(e/(E − 1))·M(e), at most the capacity factor: a rank sums E/e experts, whose loads deviate by σ from
    /// a mean that they share, and M(e) is the expected greatest of e normal deviates. Derived.
    /// </remarks>
    public static T Imbalance<T>(LayerInputs<T> layer, RoutingInputs<T> routing)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T load = routing.Imbalance
            ?? one + (routing.Deviation * T.Sqrt(layer.Expert / T.Max(one, layer.Model.Experts - one))
                * NormalMaximum.Of(layer.Expert));
        return T.Name(layer.Model.HasCapacity ? T.Min(load, T.Max(one, layer.Model.CapacityFactor)) : load, Equations.ExpertImbalance);
    }

    /// <summary>Sending the tokens of a rank to their experts, or their results back.</summary>
    /// <remarks>
    /// Eq. EP-3: α + γ·max(T·R·h·w/β_nic, T·Q·h·w/β_local): both levels of the fabric work at once, and the busiest rank
    /// decides. T are the tokens of the rank, w the bytes of an element.
    /// </remarks>
    /// <param name="layer">The layer.</param>
    /// <param name="elementBytes">Bytes of an element w.</param>
    /// <param name="imbalance">Load of the busiest rank over the mean γ.</param>
    /// <param name="network">The network.</param>
    public static Seconds<T> Exchange<T>(LayerInputs<T> layer, T elementBytes, T imbalance, NetworkInputs<T> network)
        where T : struct, IReal<T>
    {
        GroupInputs<T> group = layer.ExpertGroup;
        if (group.Tier == FabricTier.None)
        {
            return Seconds<T>.Zero;
        }

        Bytes<T> token = new(layer.Model.Hidden * elementBytes);
        T tokens = layer.Tokens / layer.ResidualRanks;
        if (layer.Options.Dispatcher == MoeDispatcher.AllGather)
        {
            return Collectives.AllGather(token * tokens * layer.Expert, group, network).Named(Equations.ExpertExchange);
        }

        Bytes<T> copies = token * tokens * imbalance;
        Seconds<T> local = group.Links is { } links ? copies * LocalCopies(layer) / links.AllToAll.Rate : Seconds<T>.Zero;
        Seconds<T> remote = group.Tier == FabricTier.ScaleUp
            ? Seconds<T>.Zero
            : copies * RemoteCopies(layer) / network.DeviceRate;
        return (Collectives.AllToAllLatency(group, network) + Seconds<T>.Max(local, remote)).Named(Equations.ExpertExchange);
    }

    /// <summary>Copies of a token that leave the scale-up domain of its rank.</summary>
    /// <remarks>
    /// Eq. EP-1: a token visits K of E experts, n domains hold them. Sent once per copy K·(n − 1)/n; sent once per domain
    /// D(n)·(n − 1)/n, D the domains among n that its experts lie on (EP-6). Derived; DeepSeek-V3, section 3.2.2.
    /// </remarks>
    public static T RemoteCopies<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T domains = layer.Expert / layer.ExpertGroup.LocalRanks;
        T away = (domains - one) / domains;
        T visits = layer.Model.ExpertsPerToken;
        if (layer.Options.Dispatcher.SendsOnce())
        {
            visits = Distinct(domains, layer.Model);
        }

        return T.Name(visits * away, Equations.RemoteCopies);
    }

    /// <summary>Copies of a token that cross the links inside a scale-up domain.</summary>
    /// <remarks>
    /// Eq. EP-2: of G ranks of a domain, each copy goes to another with (G − 1)/G; sent once per copy K·G/e, sent once per
    /// rank D(e) (EP-6). A copy for another domain reaches the same rank there first. Derived.
    /// </remarks>
    public static T LocalCopies<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T ranks = layer.ExpertGroup.LocalRanks;
        T visits = layer.Options.Dispatcher.SendsOnce()
            ? Distinct(layer.Expert, layer.Model)
            : layer.ExpertGroup.Tier == FabricTier.ScaleUp
                ? layer.Model.ExpertsPerToken
                : layer.Model.ExpertsPerToken * ranks / layer.Expert;
        return T.Name(visits * ((ranks - one) / ranks), Equations.LocalCopies);
    }

    /// <summary>Different places among n, each with as many experts, that the experts of a token lie on.</summary>
    /// <remarks>
    /// Eq. EP-6: D(n) = n·(1 − Σ_j P(j)·∏_{i&lt;K} (E' − j·h − i)/(E' − i)): a place shares experts with g = max(1, n_g/n) of the
    /// n_g routing groups, h = E/(n·g) of each, of which j are among the M that a token may choose from, with the
    /// hypergeometric P(j), and E' = E·M/n_g experts are left to choose K different ones from. Without groups M = n_g = 1:
    /// n·(1 − C(E − E/n, K)/C(E, K)). Exact for any routing in which all choices are alike.
    /// </remarks>
    /// <param name="places">Places n: domains or ranks.</param>
    /// <param name="model">The model.</param>
    internal static T Distinct<T>(T places, TransformerShape<T> model)
        where T : struct, IReal<T>
    {
        int limit = model.Traits.Mixture?.RoutingGroupLimit ?? 0;
        int groups = limit > 0 ? model.Traits.Mixture!.RoutingGroups : 1;
        int chosen = limit > 0 ? limit : 1;
        T touched = T.Max(T.Literal(1), T.Literal(groups) / places);
        T held = model.Experts / (places * touched);
        T open = model.Experts * T.Literal((double)chosen / groups);
        T missed = T.Literal(0);
        for (int j = 0; j <= chosen; j++)
        {
            missed += Chosen(j, chosen, touched, groups) * Missed(T.Literal(j) * held, open, model.Visits);
        }

        return T.Name(places * (T.Literal(1) - missed), Equations.DistinctPlaces);
    }

    // Hypergeometric: j of the chosen groups are among those that a place touches.
    private static T Chosen<T>(int j, int chosen, T touched, int groups)
        where T : struct, IReal<T>
    {
        T probability = T.Literal(1);
        for (int i = 0; i < chosen; i++)
        {
            T ways = i < j ? touched - T.Literal(i) : T.Literal(groups - (i - j)) - touched;
            probability *= ways * T.Literal((i < j ? (double)(chosen - i) / (j - i) : 1) / (groups - i));
        }

        return probability;
    }

    // None of K different experts out of those open is one of those held.
    private static T Missed<T>(T held, T open, int visits)
        where T : struct, IReal<T>
    {
        T probability = T.Literal(1);
        for (int i = 0; i < visits; i++)
        {
            T left = open - T.Literal(i);
            probability *= T.Max(T.Literal(0), left - held) / left;
        }

        return probability;
    }
}
