using CarbonScaling.Catalogs;
using CarbonScaling.Laws;
using CarbonScaling.Models;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Laws;

/// <summary>Laws of the loss beyond single values, of the batch and of the shape.</summary>
public sealed class ShapeAndBatchLawTests
{
    private static readonly Catalog Embedded = LegalCases.Embedded;

    [Theory]
    [InlineData("besiroglu-2024", 1e21, 2.778e9, 2.3055)]
    [InlineData("besiroglu-2024", 1e28, 1.077e13, 1.8448)]
    [InlineData("besiroglu-2024", 1e31, 3.715e14, 1.8253)]
    [InlineData("hoffmann-2022", 1e21, 2.215e9, null)]
    [InlineData("hoffmann-2022", 1e28, 3.474e12, null)]
    [InlineData("hoffmann-2022", 1e31, 8.133e13, null)]
    public void The_optimum_at_both_ends(string id, double computeFlops, double parameters, double? loss)
    {
        LossLaw law = LossLaw.Read(Embedded, id);
        (double n, double d) = law.Optimum(computeFlops);
        Assert.Equal(1, n / parameters, 0.003);
        Assert.Equal(loss ?? Loss(law, n, d), Loss(law, n, d), 0.0002);
    }

    [Theory]
    [InlineData("hoffmann-2022-rounded", 70e9, 1.4e12, 1.9366)]
    [InlineData("hoffmann-2022-rounded", 175e9, 300e9, 2.0023)]
    [InlineData("hoffmann-2022", 175e9, 300e9, 1.9765)]
    [InlineData("besiroglu-2024", 175e9, 300e9, 2.0085)]
    [InlineData("hoffmann-2022-rounded", 405e9, 15.6e12, 1.8190)]
    [InlineData("hoffmann-2022", 405e9, 15.6e12, 1.8119)]
    public void The_loss_of_published_models(string id, double parameters, double tokens, double loss) =>
        Assert.Equal(loss, Loss(LossLaw.Read(Embedded, id), parameters, tokens), 0.0002);

    [Fact]
    public void The_optimum_is_the_least_loss_of_its_budget()
    {
        foreach (string id in new[] { "besiroglu-2024", "hoffmann-2022", "hoffmann-2022-rounded" })
        {
            LossLaw law = LossLaw.Read(Embedded, id);
            for (double exponent = 18; exponent <= 30; exponent += 0.5)
            {
                double budget = Math.Pow(10, exponent);
                (double n, double d) = law.Optimum(budget);
                Assert.Equal(1, 6 * n * d / budget, 1e-12);
                Assert.All(
                    [0.5, 0.9, 0.99, 1.01, 1.1, 2],
                    factor => Assert.True(Loss(law, n * factor, d / factor) > Loss(law, n, d), $"{id} at 1e{exponent}, {factor}"));
            }
        }
    }

    [Fact]
    public void Less_loss_takes_more_compute_and_comes_back()
    {
        LossLaw law = LossLaw.Read(Embedded, "besiroglu-2024");
        double before = 0;
        for (double loss = 3.5; loss > 1.82; loss -= 0.01)
        {
            Assert.True(law.TryComputeFor(loss, out double budget));
            Assert.True(budget > before);
            (double n, double d) = law.Optimum(budget);
            Assert.Equal(loss, Loss(law, n, d), 10);
            before = budget;
        }

        Assert.False(law.TryComputeFor(law.Irreducible.Value, out _));
        Assert.False(law.TryComputeFor(-1, out _));
        Assert.False(law.TryComputeFor(double.NaN, out _));
    }

    [Theory]
    [InlineData(1e24, 2.86e6, 10.3e6, 5.8e6, 20.7e6)]
    [InlineData(3.8e25, 5.24e6, 24.2e6, 16.4e6, 68e6)]
    [InlineData(1e28, 13.3e6, 89.6e6, 80.7e6, 421e6)]
    [InlineData(1e31, 41.9e6, 454e6, 580e6, 4.0e9)]
    public void Batches_at_twenty_tokens_per_parameter(double computeFlops, double epoch, double zhang, double stepLaw, double deepSeek)
    {
        double tokens = 20 * Math.Sqrt(computeFlops / 120);
        double Batch(string id) => BatchLaw.Read(Embedded, id).Tokens(tokens, computeFlops, double.NaN);
        Assert.Equal(1, Batch("epoch-2024") / epoch, 0.01);
        Assert.Equal(1, Batch("zhang-2024") / zhang, 0.01);
        Assert.Equal(1, Batch("step-law-2025") / stepLaw, 0.01);
        Assert.Equal(1, Batch("deepseek-2024") / deepSeek, 0.02);
    }

    [Theory]
    [InlineData(3.0, 1.12e6)]
    [InlineData(2.0, 7.74e6)]
    [InlineData(1.7, 1.68e7)]
    public void The_critical_batch_of_Kaplan_depends_on_the_loss_alone(double loss, double tokens)
    {
        // B* = 2.1e8 over the loss to 1/0.21.
        BatchLaw law = BatchLaw.Read(Embedded, "kaplan-2020");
        Assert.Equal(1, law.Tokens(1e9, 1e20, loss) / tokens, 0.01);
        Assert.Equal(law.Tokens(1e9, 1e20, loss), law.Tokens(1e13, 1e26, loss));
    }

    [Fact]
    public void A_model_by_law_has_whole_dimensions_that_tensor_parallelism_can_split()
    {
        foreach (string id in new[] { "shape-deployed-2023", "shape-epoch-2024" })
        {
            ShapeLaw law = ShapeLaw.Read(Embedded, id);
            for (double exponent = 6; exponent <= 14; exponent += 0.05)
            {
                Transformer model = law.Model(Math.Pow(10, exponent));
                Assert.All(
                    [model.Layers, model.Hidden, model.FeedForward, model.Heads, model.KeyValueHeads, model.HeadDimension, model.Vocabulary],
                    figure => Assert.True(figure.Value >= 1 && figure.Value == Math.Round(figure.Value), $"{figure.Name} = {figure.Value}"));
                Assert.Equal(model.Hidden.Value, model.Heads.Value * model.HeadDimension.Value);
                Assert.Equal(0, model.Layers.Value % 2);
                Assert.True(model.Heads.Value <= 12 || model.Heads.Value % 8 == 0);
            }
        }
    }

    [Theory]
    [InlineData("shape-deployed-2023")]
    [InlineData("shape-epoch-2024")]
    public void A_model_by_law_has_the_parameters_wanted(string id)
    {
        // Even layers and heads of 128, to 12 and then in eights, can meet all of these.
        ShapeLaw law = ShapeLaw.Read(Embedded, id);
        for (double parameters = 1e7; parameters <= 1e13; parameters *= 1.013)
        {
            double ratio = law.Model(parameters).ParameterCount / parameters;
            Assert.True(ratio is >= 0.95 and <= 1.05, $"{parameters:G4}: {ratio:F3}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e5)]
    [InlineData(6e6)]
    public void A_model_smaller_than_any_shape_is_the_smallest(double parameters)
    {
        Transformer model = ShapeLaw.Read(Embedded, ShapeLaw.Default).Model(parameters);
        Assert.Equal((2, 128, 1), (model.Layers.Value, model.Hidden.Value, model.Heads.Value));
    }

    [Fact]
    public void A_model_by_law_keeps_the_proportions_of_the_law()
    {
        // layers = 0.08195·N^0.26738 and width = √(N/12·layers) of the parameters without embedding; a step of eight heads
        // from 16 to 24 changes width over depth by 1.5³ = 3.4 at equal parameters, so up to 1.84 either way.
        ShapeLaw law = ShapeLaw.Read(Embedded, ShapeLaw.Default);
        for (double parameters = 1e9; parameters <= 1e13; parameters *= 1.02)
        {
            Transformer model = law.Model(parameters);
            double inLayers = parameters - (51_200 * model.Hidden.Value);
            double layers = 0.08195 * Math.Pow(inLayers, 0.26738);
            double aspect = Math.Sqrt(inLayers / 12 / layers) / layers;
            double most = parameters < 3e10 ? 2 : 1.3;
            Assert.InRange(model.Hidden.Value / model.Layers.Value / aspect, 1 / most, most);
        }
    }

    [Fact]
    public void The_shape_of_a_hundred_and_seventy_five_billion_parameters_is_near_that_of_GPT_3()
    {
        // GPT-3 has 96 layers of 12,288 with 96 heads; the law has 0.08195·(1.74e11)^0.26738 = 82.4 layers.
        Transformer model = ShapeLaw.Read(Embedded, ShapeLaw.Default).Model(175e9);
        Assert.InRange(model.Layers.Value, 78, 88);
        Assert.InRange(model.Heads.Value, 96, 112);
    }

    private static double Loss(LossLaw law, double parameters, double tokens) =>
        law.Loss<Scalar>(new(parameters), new(tokens)).Value;
}
