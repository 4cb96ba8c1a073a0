using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Testing;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Validation;

/// <summary>A published step time beside ours and Calculon's.</summary>
internal sealed record StepRow(string Model, int Devices, bool SequenceParallel, string Recompute, double Measured, double Calculon, double Ours)
{
    public double OurError => (Ours / Measured) - 1;

    public double CalculonError => (Calculon / Measured) - 1;
}

/// <summary>A published memory figure beside ours and Calculon's, in GiB.</summary>
internal sealed record MemoryRow(
    string Model, string Quantity, bool SequenceParallel, string Recompute, double Published, double Calculon, double Ours, double Fullest)
{
    public double OurError => (Ours / Published) - 1;

    public double CalculonError => (Calculon / Published) - 1;
}

/// <summary>The rows of Korthikanti et al. 2022 with our predictions, all by the same rules and with the priors alone.</summary>
internal static class KorthikantiRows
{
    private const double Gibibyte = 1024.0 * 1024 * 1024;

    private static readonly Catalog Embedded = Catalog.OpenEmbedded();

    public static IReadOnlyList<StepRow> Steps { get; } =
    [
        .. Read("korthikanti-2022-steps.csv").Select(row => new StepRow(
            row["model"],
            int.Parse(row["devices"], CultureInfo.InvariantCulture),
            row["sequence_parallel"] == "true",
            row["recompute"],
            Number(row["measured_step_s"]),
            Number(row["calculon_step_s"]),
            new Estimator(Embedded).Estimate(ScenarioOf(row)).Step.Seconds)),
    ];

    public static IReadOnlyList<MemoryRow> Memory { get; } =
    [
        .. Read("korthikanti-2022-memory.csv").Select(MemoryOf),
    ];

    /// <summary>The scenario of a row: the software of 2022, half precision, dropout, no sharding, a vocabulary of 51,200.</summary>
    private static Scenario ScenarioOf(Dictionary<string, string> row)
    {
        string schedule = row["virtual_stages"] == "1" ? "1f1b" : "interleaved";
        string text = $$"""
            model: {{row["model"]}}
            training: { tokens: 1T, sequenceLength: 2048, globalBatchSequences: {{row["global_batch_sequences"]}}, precision: fp16, dropout: true }
            software: { stack: megatron-2022, attentionKernel: unfused }
            cluster: { system: dgx-a100-80gb, devices: {{row["devices"]}} }
            plan:
              tensor: {{row["tensor"]}}
              pipeline: {{row["pipeline"]}}
              virtualStages: {{row["virtual_stages"]}}
              microBatch: {{row["micro_batch"]}}
              sequenceParallel: {{row["sequence_parallel"]}}
              sharding: none
              recompute: {{row["recompute"]}}
              schedule: {{schedule}}
            site: { grid: us }
            calibration: priors
            """;
        ScenarioReading reading = ScenarioReader.Read(text, row["model"], []);
        Assert.Empty(reading.Problems);
        return reading.Scenario!;
    }

    private static MemoryRow MemoryOf(Dictionary<string, string> row)
    {
        Dictionary<string, string> layout = new(
            Read("korthikanti-2022-steps.csv").First(step => step["model"] == row["model"]), StringComparer.Ordinal)
        {
            ["sequence_parallel"] = row["sequence_parallel"],
            ["recompute"] = row["recompute"],
        };
        Estimate estimate = new Estimator(Embedded).Estimate(ScenarioOf(layout));
        bool states = row["quantity"] == "states";
        double fullest = states
            ? estimate.Memory.WeightsBytes + estimate.Memory.GradientsBytes + estimate.Memory.OptimizerBytes
            : estimate.Memory.ActivationsBytes;
        double layersOnly = fullest - (states ? EndStates(estimate, layout) : EndActivations(estimate, layout));
        return new(
            row["model"],
            row["quantity"],
            row["sequence_parallel"] == "true",
            row["recompute"],
            Number(row["published_gib"]),
            Number(row["calculon_gib"]),
            layersOnly / Gibibyte,
            fullest / Gibibyte);
    }

    // The published figures hold the layers alone: no embedding, no head.
    private static double EndStates(Estimate estimate, Dictionary<string, string> row)
    {
        Transformer model = TransformerReader.Read(Embedded, estimate.Model.Id);
        TransformerShape<Scalar> shape = model.Lift<Scalar>();
        double tensor = Number(row["tensor"]);
        double head = ParameterCount.Head(shape).Value / tensor;
        double embedding = head + ParameterCount.Embedding(shape).Value - ParameterCount.Head(shape).Value;
        EstimatedStageMemory first = estimate.Memory.Stages[0];
        bool firstIsFullest = first.TotalBytes >= estimate.Memory.TotalBytes;
        return (firstIsFullest ? embedding : head) * 18;
    }

    // The scores of the layer at work (softmax, its dropout and a mask), which the paper leaves out; and the logits and the
    // input of the head, on the only stage; with several the first stage, without a head, is the fullest.
    private static double EndActivations(Estimate estimate, Dictionary<string, string> row)
    {
        Transformer model = TransformerReader.Read(Embedded, estimate.Model.Id);
        double tokens = estimate.Model.SequenceLength * (double)estimate.Plan.MicroBatch;
        double scores = estimate.Plan.Recompute == "selective"
            ? 5 * model.Heads.Value * estimate.Model.SequenceLength * tokens / Number(row["tensor"])
            : 0;
        if (estimate.Plan.Pipeline > 1)
        {
            return scores;
        }

        double residualRanks = estimate.Plan.SequenceParallel ? estimate.Plan.Tensor : 1;
        return scores + (6 * tokens * model.Vocabulary.Value / Number(row["tensor"])) + (2 * tokens * model.Hidden.Value / residualRanks);
    }

    private static IEnumerable<Dictionary<string, string>> Read(string file)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("data", "records", file));
        string[] names = lines[0].Split(',');
        return lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(
            pair => pair.First, pair => pair.Second, StringComparer.Ordinal));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
