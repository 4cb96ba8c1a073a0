using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>What must hold of every legal plan.</summary>
public sealed class EstimatePropertyTests
{
    private static readonly Estimator Estimator = new(LegalCases.Embedded);

    [Fact]
    public void Every_figure_is_finite_and_not_negative()
    {
        foreach (LegalCase one in LegalCases.All)
        {
            Assessment<Scalar> result = one.Builder.Assess<Scalar>(one.Plan);
            foreach (string path in Readings.Paths)
            {
                double value = Readings.Read(path, result).Value;
                Assert.True(double.IsFinite(value) && value >= 0, $"{path} = {value} for\n{one.Text}");
            }

            Assert.True(Readings.Read("step.seconds", result).Value > 0);
            Assert.True(Readings.Read("memory.totalBytes", result).Value > 0);
        }
    }

    [Fact]
    public void The_parts_of_a_step_sum_to_it() => Assert.All(LegalCases.All, one =>
    {
        EstimatedStep step = Estimator.Estimate(one.Scenario).Step;
        double sum = step.ComputeSeconds + step.TensorCommSeconds + step.PipelineBubbleSeconds + step.PipelineCommSeconds
            + step.DataCommSeconds + step.ExpertCommSeconds + step.ContextCommSeconds + step.OptimizerSeconds + step.OtherSeconds;
        Assert.Equal(1, sum / step.Seconds, 1e-12);
    });

    [Fact]
    public void The_fullest_stage_is_the_memory_and_stages_hold_every_layer() => Assert.All(LegalCases.All, one =>
    {
        Estimate estimate = Estimator.Estimate(one.Scenario);
        Assert.Equal(estimate.Memory.TotalBytes, estimate.Memory.Stages.Max(stage => stage.TotalBytes));
        Assert.Equal(estimate.Model.Layers, estimate.Memory.Stages.Sum(stage => stage.Layers));
    });

    [Fact]
    public void Model_flops_of_a_step_do_not_depend_on_the_plan()
    {
        foreach (IGrouping<(string, long, long, string), Estimate> job in LegalCases.All
            .Select(one => Estimator.Estimate(one.Scenario))
            .GroupBy(e => (e.Model.Id, e.Model.SequenceLength, e.Plan.GlobalBatchSequences, e.Model.Precision)))
        {
            double[] flops = [.. job.Select(e => e.Step.ModelTflopsPerDevice * e.Cluster.Devices * e.Step.Seconds)];
            Assert.All(flops, value => Assert.Equal(1, value / flops[0], 1e-12));
            Assert.All(job, e => Assert.True(e.Step.HardwareTflopsPerDevice >= e.Step.ModelTflopsPerDevice));
        }
    }

    [Fact]
    public void More_recomputation_keeps_less_and_takes_longer() => Assert.All(LegalCases.All, one =>
    {
        Estimate none = With(one, "plan.recompute=none");
        Estimate selective = With(one, "plan.recompute=selective");
        Estimate full = With(one, "plan.recompute=full");
        Assert.True(none.Memory.ActivationsBytes * (1 + 1e-12) >= selective.Memory.ActivationsBytes);
        Assert.True(none.Memory.ActivationsBytes * (1 + 1e-12) >= full.Memory.ActivationsBytes);
        Assert.True(none.Step.Seconds <= selective.Step.Seconds && none.Step.Seconds <= full.Step.Seconds);
    });

    [Fact]
    public void Stronger_sharding_keeps_less_optimizer_state_and_gradients() => Assert.All(LegalCases.All, one =>
    {
        Estimate[] kept = [.. new[] { "none", "zero1", "zero2", "zero3" }.Select(name => With(one, "plan.sharding=" + name))];
        for (int i = 1; i < kept.Length; i++)
        {
            Assert.True(kept[i].Memory.OptimizerBytes <= kept[i - 1].Memory.OptimizerBytes);
            Assert.True(kept[i].Memory.GradientsBytes <= kept[i - 1].Memory.GradientsBytes);
        }
    });

    [Fact]
    public void A_dirtier_grid_and_a_greater_pue_only_raise_operational_emissions()
    {
        LegalCase one = LegalCases.All[0];
        Estimate clean = With(one, "site={carbonIntensity: 100 g/kWh, pue: 1.0}");
        Estimate dirty = With(one, "site={carbonIntensity: 300 g/kWh, pue: 1.5}");
        Assert.Equal(4.5, dirty.Carbon.OperationalKg / clean.Carbon.OperationalKg, 1e-12);
        Assert.Equal(clean.Carbon.EmbodiedKg, dirty.Carbon.EmbodiedKg);
        Assert.Equal(clean.Energy.FacilityKwh * 0.1, clean.Carbon.OperationalKg, 1e-6 * clean.Carbon.OperationalKg);
    }

    [Fact]
    public void An_interval_encloses_its_figure_and_is_no_narrower_than_the_residual() => Assert.All(LegalCases.All, one =>
    {
        Estimate estimate = With(one, "calibration=priors");
        (double low, double high) = estimate.Intervals.Ranges["step.seconds"];
        Assert.InRange(estimate.Step.Seconds, low, high);
        Assert.True(high / low >= Math.Exp(2 * 1.64 * 0.18) * 0.99);
    });

    private static Estimate With(LegalCase one, string setting) => Estimator.Estimate(LegalCases.Read(one.Text, setting));
}
