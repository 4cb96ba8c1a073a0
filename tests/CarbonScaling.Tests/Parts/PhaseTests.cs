using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;

namespace CarbonScaling.Tests.Parts;

/// <summary>A training in phases is the sum of its phases.</summary>
public sealed class PhaseTests
{
    private const string Plain = """
        model: llama-3.1-8b
        training: { tokens: 1T, sequenceLength: 8192, globalBatchSequences: 512 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 2, pipeline: 2, recompute: selective }
        site: { grid: us-va }
        """;

    private const string Phased = """
        model: llama-3.1-8b
        training:
          sequenceLength: 8192
          globalBatchSequences: 512
          phases:
            - { name: ramp, tokens: 100G, globalBatchSequences: 128 }
            - { tokens: 900G }
            - { name: long, tokens: 50G, sequenceLength: 131072, globalBatchTokens: 4194304, plan: { context: 8, recompute: full } }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 2, pipeline: 2, recompute: selective }
        site: { grid: us-va }
        """;

    // The same phases as scenarios of their own.
    private static readonly string[][] Alone =
    [
        ["training={tokens: 100G, sequenceLength: 8192, globalBatchSequences: 128}"],
        ["training={tokens: 900G, sequenceLength: 8192, globalBatchSequences: 512}"],
        ["training={tokens: 50G, sequenceLength: 131072, globalBatchSequences: 32}", "plan={tensor: 2, pipeline: 2, context: 8, recompute: full}"],
    ];

    [Fact]
    public void One_phase_that_is_the_training_changes_no_figure()
    {
        Estimate plain = Jobs.Estimate(Plain);
        Estimate phased = Jobs.Estimate(Plain, "training={sequenceLength: 8192, globalBatchSequences: 512, phases: [{tokens: 1T}]}");

        Assert.Equal(plain.Plan, phased.Plan);
        Assert.Equal(plain.Step, phased.Step);
        Assert.Equal(plain.Run, phased.Run);
        Assert.Equal(plain.Energy, phased.Energy);
        Assert.Equal(plain.Carbon, phased.Carbon);
        Assert.Equal(plain.Memory.TotalBytes, phased.Memory.TotalBytes);
        Assert.Equal(plain.Intervals.Ranges, phased.Intervals.Ranges);
        Assert.Equal(plain.Warnings, phased.Warnings);
        Assert.Null(plain.Phases);
        EstimatedPhase only = Assert.Single(phased.Phases!);
        Assert.Equal(plain.Carbon, only.Carbon);
    }

    [Fact]
    public void A_phase_is_what_it_would_be_alone()
    {
        IReadOnlyList<EstimatedPhase> phases = Jobs.Estimate(Phased).Phases!;

        Assert.Equal(["ramp", null, "long"], phases.Select(phase => phase.Name));
        Assert.Equal([8192, 8192, 131_072], phases.Select(phase => phase.SequenceLength));
        Assert.Equal([128, 512, 32], phases.Select(phase => phase.GlobalBatchSequences));
        for (int i = 0; i < phases.Count; i++)
        {
            Estimate alone = Jobs.Estimate(Plain, Alone[i]);
            Assert.Equal(alone.Plan, phases[i].Plan);
            Assert.Equal(alone.Step, phases[i].Step);
            Assert.Equal(alone.Run, phases[i].Run);
            Assert.Equal(alone.Energy, phases[i].Energy);
            Assert.Equal(alone.Carbon, phases[i].Carbon);
            Assert.Equal(alone.Memory.Stages, phases[i].Memory.Stages);
        }
    }

    [Fact]
    public void The_whole_is_the_sum_of_its_phases()
    {
        Estimate whole = Jobs.Estimate(Phased);
        IReadOnlyList<EstimatedPhase> phases = whole.Phases!;
        double Sum(Func<EstimatedPhase, double> of) => phases.Sum(of);
        void Sums(double actual, Func<EstimatedPhase, double> of) => Assert.Equal(1, actual / Sum(of), 1e-12);

        Assert.Equal(1.05e12, whole.Run.Tokens);
        Sums(whole.Run.Steps, phase => phase.Run.Steps);
        Sums(whole.Run.Days, phase => phase.Run.Days);
        Sums(whole.Run.DeviceHours, phase => phase.Run.DeviceHours);
        Sums(whole.Run.Goodput * whole.Run.Days, phase => phase.Run.Goodput * phase.Run.Days);
        Sums(whole.Run.LostToFailures * whole.Run.Days, phase => phase.Run.LostToFailures * phase.Run.Days);
        Sums(whole.Run.LostToCheckpoints * whole.Run.Days, phase => phase.Run.LostToCheckpoints * phase.Run.Days);
        Sums(whole.Energy.AcceleratorKwh, phase => phase.Energy.AcceleratorKwh);
        Sums(whole.Energy.HostKwh, phase => phase.Energy.HostKwh);
        Sums(whole.Energy.NetworkKwh, phase => phase.Energy.NetworkKwh);
        Sums(whole.Energy.ItKwh, phase => phase.Energy.ItKwh);
        Sums(whole.Energy.FacilityKwh, phase => phase.Energy.FacilityKwh);
        Sums(whole.Energy.AverageDeviceWatts * whole.Run.DeviceHours, phase => 1000 * phase.Energy.AcceleratorKwh);
        Sums(whole.Energy.AverageFacilityMegawatts * whole.Run.Days * 24, phase => phase.Energy.FacilityKwh / 1000);
        Sums(whole.Carbon.OperationalKg, phase => phase.Carbon.OperationalKg);
        Sums(whole.Carbon.EmbodiedKg, phase => phase.Carbon.EmbodiedKg);
        Sums(whole.Carbon.TotalKg, phase => phase.Carbon.TotalKg);
        Sums(whole.Carbon.EmbodiedAcceleratorKg, phase => phase.Carbon.EmbodiedAcceleratorKg);
        Sums(whole.Carbon.EmbodiedHostKg, phase => phase.Carbon.EmbodiedHostKg);
        Sums(whole.Carbon.EmbodiedNetworkKg, phase => phase.Carbon.EmbodiedNetworkKg);
        Assert.Equal(1, whole.Run.Goodput + whole.Run.LostToFailures + whole.Run.LostToCheckpoints, 1e-12);
    }

    [Fact]
    public void Step_plan_and_memory_are_those_of_the_longest_phase()
    {
        Estimate whole = Jobs.Estimate(Phased);
        EstimatedPhase longest = whole.Phases!.MaxBy(phase => phase.Run.DeviceHours)!;

        Assert.Same(whole.Phases![1], longest);
        Assert.Equal(longest.Step, whole.Step);
        Assert.Equal(longest.Plan, whole.Plan);
        Assert.Equal(longest.Memory.TotalBytes, whole.Memory.TotalBytes);
        Assert.Equal(8192, whole.Model.SequenceLength);
    }

    [Fact]
    public void The_fullest_phase_decides_whether_memory_suffices()
    {
        Estimate fits = Jobs.Estimate(Phased);
        Estimate full = Jobs.Estimate(Phased, "training.phases=[{tokens: 900G}, {name: long, tokens: 50G, sequenceLength: 131072, globalBatchSequences: 32}]");

        Assert.True(fits.Memory.Fits);
        Assert.Equal("ramp", fits.Memory.FullestPhase);
        Assert.Empty(fits.Violations);
        Assert.False(full.Memory.Fits);
        Assert.True(full.Phases![0].Memory.Fits);
        Assert.False(full.Phases[1].Memory.Fits);
        Assert.Equal("long", full.Memory.FullestPhase);
        LimitViolation violation = Assert.Single(full.Violations);
        Assert.Equal(("memory", full.Phases[1].Memory.TotalBytes), (violation.Limit, violation.Value));
    }

    [Fact]
    public void Limits_hold_the_sums()
    {
        Estimate whole = Jobs.Estimate(Phased);
        double days = whole.Phases!.Max(phase => phase.Run.Days) + 0.1;
        Assert.InRange(days, 0, whole.Run.Days);

        LimitViolation violation = Assert.Single(Jobs.Estimate(Phased, FormattableString.Invariant($"limits.days={days}")).Violations);
        Assert.Equal(("limits.days", whole.Run.Days), (violation.Limit, violation.Value));
    }

    [Theory]
    [InlineData("training.phases=[{tokens: 1T, plan: {microBatch: 3}}]", "training.phases[0].plan.microBatch: '3' times data 16 does not divide")]
    [InlineData("training.phases=[{tokens: 1T}, {name: late, tokens: 1T, plan: {pipeline: 4}}]\nplan.data=16", "plan.data: '16' in phase 2 (late) does not fit: tensor 2 × pipeline 4 × data 16 is not the 64 devices")]
    [InlineData("training.phases=[{tokens: 1T, globalBatchSequences: 24}]", "plan.microBatch: in phase 1 times data 16 does not divide the global batch of 24 sequences")]
    [InlineData("training.phases=[{tokens: 1T}, {tokens: 1T}]\nplan.tensor=3", "plan.pipeline: '2' in phase 1 does not fit: tensor 3 × pipeline 2")]
    [InlineData("training.phases=[{tokens: 1T, plan: {pools: data}}]", "training.phases[0].plan.pools: 'data' has no effect on one pool")]
    public void What_is_wrong_in_a_phase_is_told_where_it_stands(string changes, string expected) =>
        Assert.Contains(expected, Jobs.Refusal(Plain, ["training={sequenceLength: 8192, globalBatchSequences: 512, phases: [{tokens: 1T}]}", .. changes.Split('\n')]), StringComparison.Ordinal);

    [Fact]
    public void A_phase_that_states_no_batch_takes_that_of_the_whole_training()
    {
        long whole = Jobs.Estimate(Plain, "training={tokens: 1T, sequenceLength: 8192}").Plan.GlobalBatchSequences;
        Estimate phased = Jobs.Estimate(
            Plain, "training={sequenceLength: 8192, phases: [{tokens: 900G}, {tokens: 100G, sequenceLength: 16384}]}");

        Assert.Equal([whole, whole / 2], phased.Phases!.Select(phase => phase.GlobalBatchSequences));
    }

    [Fact]
    public void A_derivation_sums_the_phases()
    {
        Scenario scenario = LegalCases.Read(Phased);
        Derivation carbon = Jobs.Estimator.Explain(scenario, "carbon.totalKg");

        Assert.Equal(Jobs.Estimate(Phased).Carbon.TotalKg, carbon.Value);
        Assert.Equal(carbon.Value, carbon.Trace.Recompute());
        Assert.Equal("CARBON-4", carbon.Root.Equation!.Id);
        Assert.All(carbon.Root.Inputs, input => Assert.Equal("CARBON-6", input.Equation!.Id));
        Assert.Contains(Names(carbon.Root), name => name == "training.phases[2].tokens");
        Assert.Contains(Names(carbon.Root), name => name == "training.phases[2].plan.context");
    }

    [Fact]
    public void A_short_phase_is_warned_of()
    {
        Estimate whole = Jobs.Estimate(Phased, "training.phases=[{tokens: 1T}, {tokens: 1M}]");

        Assert.Contains("phase 2 has fewer tokens than a step; one whole step is counted", whole.Warnings);
        Assert.Equal(1, whole.Phases![1].Run.Steps);
    }

    private static HashSet<string> Names(DerivationNode root)
    {
        HashSet<string> names = [];
        Stack<DerivationNode> open = new([root]);
        HashSet<DerivationNode> seen = new(ReferenceEqualityComparer.Instance);
        while (open.TryPop(out DerivationNode? node))
        {
            if (seen.Add(node))
            {
                names.Add(node.Label);
                foreach (DerivationNode input in node.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        return names;
    }
}
