using CarbonScaling.Catalogs;
using CarbonScaling.Laws;
using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>What a scenario trains: the model, its tokens and its batch, filled in from laws where they are not given.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokens">Tokens to train on.</param>
/// <param name="SequenceLength">Tokens of a sequence.</param>
/// <param name="GlobalBatch">Sequences of a step.</param>
/// <param name="PredictedLoss">Loss by the law, in nats per token, where the scenario uses one.</param>
internal sealed record Workload(
    Transformer Model,
    Figure Tokens,
    Figure SequenceLength,
    Figure GlobalBatch,
    double? PredictedLoss)
{
    /// <summary>Length taken where neither scenario nor model states one: that of GPT-3.</summary>
    private const int DefaultSequenceLength = 2048;

    private const double FlopsPerParameterAndToken = 6;

    /// <summary>Fills in the workload, reporting what cannot be.</summary>
    /// <returns>Null where a problem was reported.</returns>
    public static Workload? Resolve(Scenario scenario, Catalog catalog, ProblemSink problems)
    {
        TrainingSection training = scenario.Training;
        Transformer? model = scenario.Model is { } section ? ModelOf(scenario, section, catalog, problems) : null;
        LossLaw? law = training.Law is { } id ? problems.Try("training.law", () => LossLaw.Read(catalog, id)) : null;
        if (problems.Any || (model is null && law is null))
        {
            if (!problems.Any)
            {
                problems.Add("model", "is missing; allowed without it: only training.compute or training.targetLoss");
            }

            return null;
        }

        (model, double tokens) = law is null ? (model!, training.Tokens!.Value) : ByLaw(scenario, model, law, catalog, problems);
        if (!problems.Any && tokens is not (>= 1 and <= ScenarioLimits.Tokens))
        {
            problems.Add(
                training.TargetLoss is null ? "training.compute" : "training.targetLoss",
                FormattableString.Invariant($"is worth {tokens:G3} tokens to a model of {model.ParameterCount:G3} parameters; allowed: 1 to {ScenarioLimits.Tokens:G3} tokens"));
        }

        if (problems.Any)
        {
            return null;
        }

        int length = training.SequenceLength ?? (int)(model.SequenceLength?.Value ?? DefaultSequenceLength);
        double parameters = model.ActiveParameterCount;
        double? loss = law?.Loss<Scalar>(new(parameters), new(tokens)).Value;
        Figure? batch = Batch(scenario, catalog, tokens, parameters, length, loss, problems);
        return batch is null ? null : new(
            model,
            scenario.Figure("training.tokens", tokens, "tokens"),
            scenario.Figure("training.sequenceLength", length, "tokens"),
            batch.Value,
            loss);
    }

    private static Transformer? ModelOf(Scenario scenario, ModelSection section, Catalog catalog, ProblemSink problems)
    {
        if (section.Id is { } id)
        {
            return problems.Try("model", () => TransformerReader.Read(catalog, id));
        }

        return section.Imported ?? section.Architecture!.ToTransformer(
            "inline", scenario.Name ?? "inline model", (name, value) => scenario.Figure("model." + name, value, "1"));
    }

    // The tokens are always those of the model as it is: one that the law of the shape makes misses the optimal size by
    // what whole layers and heads leave open.
    private static (Transformer Model, double Tokens) ByLaw(
        Scenario scenario, Transformer? given, LossLaw law, Catalog catalog, ProblemSink problems)
    {
        TrainingSection training = scenario.Training;
        double target = training.TargetLoss ?? 0;
        double compute = training.ComputeFlops ?? 0;
        if (training.TargetLoss is not null && !law.TryComputeFor(target, out compute))
        {
            problems.Add(
                "training.targetLoss",
                FormattableString.Invariant($"cannot be reached by {law.Id}; allowed: more than its irreducible loss, {law.Irreducible.Value:G5}"));
            return (given!, double.NaN);
        }

        Transformer model = given ?? ShapeLaw.Read(catalog, ShapeLaw.Default).Model(law.Optimum(compute).Parameters);
        double size = model.ActiveParameterCount;
        if (training.TargetLoss is null)
        {
            return (model, compute / (FlopsPerParameterAndToken * size));
        }

        if (!law.TryTokensFor(target, size, out double tokens))
        {
            problems.Add(
                "training.targetLoss",
                FormattableString.Invariant($"cannot be reached by a model of {size:G3} parameters under {law.Id}; allowed: more than {law.LossOfEndlessTokens(size):G5}"));
        }

        return (model, tokens);
    }

    private static Figure? Batch(
        Scenario scenario, Catalog catalog, double tokens, double parameters, int length, double? loss, ProblemSink problems)
    {
        TrainingSection training = scenario.Training;
        if (training.GlobalBatchSequences is { } sequences)
        {
            return scenario.Figure("training.globalBatchSequences", sequences, "sequences");
        }

        if (training.GlobalBatchTokens is { } given)
        {
            double rounded = Math.Max(1, Math.Round(given / length));
            return scenario.Figure("training.globalBatchTokens", rounded, "sequences");
        }

        BatchLaw? law = problems.Try("training.batchLaw", () => BatchLaw.Read(catalog, training.BatchLaw ?? BatchLaw.Default));
        if (law is null)
        {
            return null;
        }

        if (law.Of == "loss" && loss is null)
        {
            problems.Add("training.batchLaw", "needs a loss; allowed: with training.compute or training.targetLoss");
            return null;
        }

        // The batch of a phase that states none is that of the whole training.
        double all = scenario.WholeTokens ?? tokens;
        double compute = FlopsPerParameterAndToken * parameters * all;
        double wanted = law.Tokens(all, compute, loss ?? double.NaN) / length;

        // A power of two divides among many layouts; none is larger than the training itself.
        double most = Math.Max(0, Math.Floor(Math.Log2(tokens / length)));
        double power = Math.Clamp(Math.Round(Math.Log2(wanted)), 0, Math.Min(most, 30));
        return new(scenario.FigureName("training.globalBatchSequences"), Math.Pow(2, power), "sequences", law.Coefficient.Source, law.Coefficient.Status);
    }
}
