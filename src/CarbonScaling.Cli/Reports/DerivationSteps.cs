using CarbonScaling.Explanation;

namespace CarbonScaling.Cli.Reports;

/// <summary>The steps of a derivation with their numbers, in the order in which a reader meets them.</summary>
internal sealed class DerivationSteps
{
    private readonly Dictionary<DerivationNode, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DerivationNode, List<int>> _users = new(ReferenceEqualityComparer.Instance);
    private readonly List<DerivationNode> _all = [];

    /// <summary>Numbers the steps of a derivation.</summary>
    public DerivationSteps(Derivation derivation)
    {
        DerivationNode root = derivation.Root;
        Root = root.Equation is null && root.Input is null ? root with { Label = derivation.Figure, Unit = derivation.Unit } : root;
        Visit(Root, user: null);
    }

    /// <summary>The figure itself.</summary>
    public DerivationNode Root { get; }

    /// <summary>All steps, each once.</summary>
    public IReadOnlyList<DerivationNode> All => _all;

    /// <summary>The number of a step, from 1.</summary>
    public int Number(DerivationNode node) => _numbers[node];

    /// <summary>The numbers of the steps that use a step.</summary>
    public IReadOnlyList<int> Users(DerivationNode node) => _users[node];

    /// <summary>Whether several steps use a step.</summary>
    public bool IsShared(DerivationNode node) => _users[node].Count > 1;

    private void Visit(DerivationNode node, DerivationNode? user)
    {
        bool first = _numbers.TryAdd(node, _numbers.Count + 1);
        if (first)
        {
            _users.Add(node, []);
            _all.Add(node);
        }

        if (user is not null)
        {
            _users[node].Add(_numbers[user]);
        }

        if (first)
        {
            foreach (DerivationNode input in node.Inputs)
            {
                Visit(input, node);
            }
        }
    }
}
