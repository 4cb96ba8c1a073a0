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
    /// Eq. EP-4: 1 + σ·√(e/E)·M(e), at most the capacity factor: a rank sums E/e experts, whose loads deviate by σ, and
    /// M(e) is the expected greatest of e normal deviates. Derived.
    /// </remarks>
    public static T Imbalance<T>(LayerInputs<T> layer, RoutingInputs<T> routing)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T load = routing.Imbalance
            ?? one + (routing.Deviation * T.Sqrt(layer.Expert / layer.Model.Experts) * NormalMaximum.Of(layer.Expert));
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
    /// M(1 − (1 − 1/M)^K)·(n − 1)/n, M = n or the domains that routing is limited to. Derived; DeepSeek-V3, section 3.2.2.
    /// </remarks>
    public static T RemoteCopies<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T domains = layer.Expert / layer.ExpertGroup.LocalRanks;
        T away = (domains - one) / domains;
        T visits = layer.Model.ExpertsPerToken;
        if (layer.Options.Dispatcher == MoeDispatcher.DeepEp)
        {
            int limit = layer.Model.Traits.Mixture?.RoutingGroupLimit ?? 0;
            visits = Distinct(limit > 0 ? T.Min(T.Literal(limit), domains) : domains, layer.Model);
        }

        return T.Name(visits * away, Equations.RemoteCopies);
    }

    /// <summary>Copies of a token that cross the links inside a scale-up domain.</summary>
    /// <remarks>
    /// Eq. EP-2: of G ranks of a domain, each copy goes to another with (G − 1)/G; sent once per copy K, sent once per rank
    /// e(1 − (1 − 1/e)^K). A copy for another domain reaches the same rank there first. Derived.
    /// </remarks>
    public static T LocalCopies<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T ranks = layer.ExpertGroup.LocalRanks;
        T visits = layer.Options.Dispatcher == MoeDispatcher.DeepEp
            ? Distinct(layer.Expert, layer.Model)
            : layer.ExpertGroup.Tier == FabricTier.ScaleUp
                ? layer.Model.ExpertsPerToken
                : layer.Model.ExpertsPerToken * ranks / layer.Expert;
        return T.Name(visits * ((ranks - one) / ranks), Equations.LocalCopies);
    }

    // Different places among n that K visits reach.
    private static T Distinct<T>(T places, TransformerShape<T> model)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T missed = T.Exp(model.ExpertsPerToken * T.Log(one - (one / T.Max(places, T.Literal(1.000001)))));
        return places * (one - missed);
    }
}
