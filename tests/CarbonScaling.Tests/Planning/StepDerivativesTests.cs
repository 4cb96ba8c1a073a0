using System.Runtime.Intrinsics;
using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Evaluations;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>Derivatives of the whole model, forward (dual numbers) and backward (sweep over the trace).</summary>
public sealed class StepDerivativesTests
{
    private static readonly PlanNumber[] Numbers =
    [
        PlanNumber.Tensor, PlanNumber.Data, PlanNumber.MicroBatch, PlanNumber.MicroBatches, PlanNumber.FirstLayers,
        PlanNumber.MiddleLayers, PlanNumber.LastLayers, PlanNumber.MiddleLayerTotal,
    ];

    [Fact]
    public void Forward_and_backward_derivatives_agree()
    {
        foreach (LegalCase one in LegalCases.All)
        {
            Compare(one, Numbers);
        }
    }

    // Degrees that only some models and plans have.
    private static readonly PlanNumber[] FurtherNumbers =
    [
        PlanNumber.Tensor, PlanNumber.Context, PlanNumber.Expert, PlanNumber.ExpertTensor, PlanNumber.ShardGroup,
        PlanNumber.RecomputedLayers, PlanNumber.LeadingLayers, PlanNumber.Pipeline,
    ];

    [Fact]
    public void Forward_and_backward_derivatives_agree_for_experts_context_and_every_schedule() => Assert.All(RandomJobs.All, job =>
    {
        LegalCase one = new(job.Scenario, job.Resolved.Job, job.Plan, job.Text);
        Compare(one, FurtherNumbers);
    });

    [Fact]
    public void Derivatives_of_a_step_are_those_of_central_differences()
    {
        int compared = 0;
        int kinks = 0;
        foreach (LegalCase one in LegalCases.All)
        {
            for (int direction = 0; direction < 4; direction++)
            {
                PlanNumber moved = Numbers[direction];
                double at = one.Plan[moved];
                double Seconds(double factor) => Evaluate<Scalar>(
                    one, number => new(one.Plan[number] * (number == moved ? factor : 1))).Step.Duration.Value.Value;
                const double Step = 1e-6;
                double centre = Seconds(1);
                double up = (Seconds(1 + Step) - centre) / (Step * at);
                double down = (centre - Seconds(1 - Step)) / (Step * at);
                Vector512<double> gradient = Evaluate<Dual>(
                    one, number => number == moved ? Dual.Variable(at, 0) : Dual.Literal(one.Plan[number])).Step.Duration.Value.Gradient;
                double scale = centre / at;
                double slope = gradient[0];
                if (Math.Abs(up - down) > 1e-4 * scale)
                {
                    // A kink of Max or Min: the derivative is one of the two sides.
                    kinks++;
                    Assert.InRange(slope, Math.Min(up, down) - (1e-3 * scale), Math.Max(up, down) + (1e-3 * scale));
                    continue;
                }

                compared++;
                Assert.True(Math.Abs(slope - ((up + down) / 2)) < 1e-4 * scale, $"d step/d {moved}: {slope} is not {up} for\n{one.Text}");
            }
        }

        Assert.True(compared > 2 * kinks, $"{compared} points compared, {kinks} at kinks");
    }

    private static void Compare(LegalCase one, PlanNumber[] numbers)
    {
        // Numbers without a direction of their own are constants.
        JobCost<Dual> dual = Evaluate<Dual>(one, number => Array.IndexOf(numbers, number) is var direction && direction >= 0
            ? Dual.Variable(one.Plan[number], direction)
            : Dual.Literal(one.Plan[number]));
        JobCost<Traced> traced = Evaluate<Traced>(
            one, number => Traced.Input(new("number." + number, one.Plan[number], "1", "search", FigureStatus.Computed)));
        Check(one, numbers, "step", dual.Step.Duration.Value, traced.Step.Duration.Value.Node);
        Check(one, numbers, "memory", dual.PeakMemory.Value, traced.PeakMemory.Value.Node);
        Check(one, numbers, "facility energy", dual.Footprint.FacilityEnergy.Value, traced.Footprint.FacilityEnergy.Value.Node);
        Check(one, numbers, "emissions", dual.Footprint.Total.Value, traced.Footprint.Total.Value.Node);
    }

    private static void Check(LegalCase one, PlanNumber[] numbers, string what, Dual forward, TraceNode backward)
    {
        IReadOnlyDictionary<string, InputSensitivity> elasticities = Sensitivity.Elasticities(backward);
        for (int direction = 0; direction < numbers.Length; direction++)
        {
            double at = one.Plan[numbers[direction]];
            double elasticity = elasticities.TryGetValue("number." + numbers[direction], out InputSensitivity? known) ? known.Elasticity : 0;
            double expected = forward.Gradient[direction] * at / forward.Value;
            Assert.True(
                Math.Abs(expected - elasticity) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
                $"{what} by {numbers[direction]}: {expected} forward, {elasticity} backward for\n{one.Text}");
        }
    }

    private static JobCost<T> Evaluate<T>(LegalCase one, Func<PlanNumber, T> number)
        where T : struct, IReal<T>
    {
        PlanShape shape = PlanShape.Of(
            one.Plan.Plan, one.Job.Training.Cluster.DomainSize, one.Job.Training.Model.Traits.Mixture is not null);
        PlanInputs<T> plan = PlanInputs<T>.From(number);
        JobModel<T> model = new(one.Job);
        return model.Combine(model.Layer(shape, plan), plan, shape, model.Groups(shape, plan, model.Links(shape)));
    }
}
