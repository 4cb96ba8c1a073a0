using System.Globalization;
using System.Text.RegularExpressions;
using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Laws;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Runs;

/// <summary>
/// Makes a scenario of a run. What is published is fixed, and of the plan the planner chooses the rest; what else a
/// scenario needs is filled by the rules here, the same for every row.
/// </summary>
internal static partial class RunDefaults
{
    private const int Timeout = 1000;

    /// <summary>Codes that keep the scores of attention in memory were in use until FlashAttention spread in 2023.</summary>
    private const int FusedSince = 2023;

    /// <summary>Where the number of devices is not published: as many as train in this time at <see cref="UsualUtilisation"/>.</summary>
    private const double UsualDays = 30;

    private const double UsualUtilisation = 0.4;
    private const double SecondsPerDay = 86_400;
    private const double FlopsPerParameterAndToken = 6;

    /// <summary>Share by which a published batch is rounded at most, so that it divides among the devices.</summary>
    private const double MostRounding = 1.0 / 16;

    /// <summary>The same of a batch by law, which is a power of two within this.</summary>
    private const double MostRoundingOfLaw = 0.41;

    private const double NominalTokens = 1e12;

    private const string StackRule =
        "JAX with everything sharded on TPUs; else whichever is faster of Megatron with a distributed optimizer and PyTorch's FSDP "
        + "without a pipeline; Megatron and FairScale of 2020 to 2022 where the paper's number is of before 2023";

    private static readonly string[] AllOrNothing = ["none", "full"];

    /// <summary>Drafts the scenario.</summary>
    /// <returns>The draft, and why it is none.</returns>
    public static (ScenarioDraft Draft, Exclusion? Refused) Draft(RunRecord record, Catalog catalog)
    {
        ScenarioDraft draft = new(record.File, record.Line);
        if (!IsDecoder(record))
        {
            return (draft, new(RunExclusions.NotADecoder, record.Architecture));
        }

        if (SystemRules.Of(record.Accelerator) is not { } system || !catalog.TryFind("systems", system.System, out _))
        {
            return (draft, new(ExclusionRule.UnknownSystem, $"'{record.Accelerator}'"));
        }

        if (record.Tokens is null && !record.MayTest('P'))
        {
            return (draft, new(ExclusionRule.IncompleteRow, "tokens not given"));
        }

        (draft, int sequence, Exclusion? refused) = RunModel.Add(draft, record, catalog);
        if (refused is not null)
        {
            return (draft, refused);
        }

        NodeSystem node = SystemReader.Read(catalog, system.System);
        double tokens = record.Tokens ?? NominalTokens;
        int devices = AddCluster(draft, record, system, node, tokens);
        AddTraining(draft, record, node.Accelerator, tokens, sequence);
        AddBatch(draft, record, catalog, tokens, sequence, devices);
        AddPlan(draft, record);
        return (draft, null);
    }

    /// <summary>Whether it is one stack of equal layers: encoders and bidirectional models only have another mask.</summary>
    public static bool IsDecoder(RunRecord record) =>
        record.Architecture is "encoder" or "moe" or ""
        || record.Architecture.StartsWith("dense", StringComparison.Ordinal)
        || record.Architecture.StartsWith("moe (", StringComparison.Ordinal);

    private static int AddCluster(
        ScenarioDraft draft, RunRecord record, (string System, string Rule) system, NodeSystem node, double tokens)
    {
        draft.Fill("cluster.system", system.System, system.Rule);
        if (record.Devices is { } given)
        {
            draft.Give("cluster.devices", given);
            return given;
        }

        double flops = FlopsPerParameterAndToken * (record.ActiveParameters ?? record.Parameters ?? 0) * tokens;
        double rate = node.Accelerator.Peaks[node.Accelerator.SixteenBit].Value * UsualUtilisation;
        double wanted = Math.Log2(flops / rate / (UsualDays * SecondsPerDay));
        int devices = Math.Max((int)node.DevicesPerNode.Value, 1 << (int)Math.Clamp(Math.Round(wanted), 0, 20));
        draft.Fill("cluster.devices", devices, "not published: the power of two nearest to a month at 40 % of the peak, at least a node");
        return devices;
    }

    private static void AddTraining(ScenarioDraft draft, RunRecord record, Accelerator device, double tokens, int sequence)
    {
        string count = tokens.ToString("R", CultureInfo.InvariantCulture);
        if (record.Tokens is null)
        {
            draft.Fill("training.tokens", count, "not published; power does not depend on it");
        }
        else
        {
            draft.Give("training.tokens", count);
        }

        draft.GiveOrFill("training.sequenceLength", record.SequenceLength, sequence, "that of the catalog's model, else 2048");
        string format = record.Precision.Split('/')[0];
        if (format.Length > 0)
        {
            draft.Give("training.precision", format);
        }
        else
        {
            draft.Fill("training.precision", device.SixteenBit == NumberFormat.Bf16 ? "bf16" : "fp16", "16 bits unless stated");
        }

        draft.Fill("training.dropout", IsOld(record) ? "true" : "false", "0.1 until 2022, none in later recipes and on TPUs");
        if (record.Pue is >= 1 and <= 5)
        {
            draft.Give("site.pue", record.Pue.Value.ToString("R", CultureInfo.InvariantCulture));
        }

        double intensity = record.IntensityGramsPerKwh ?? 400;
        if (record.IntensityGramsPerKwh is null)
        {
            draft.Fill("site.carbonIntensity", intensity.ToString("R", CultureInfo.InvariantCulture), "not published; no target of the row depends on it");
        }
        else
        {
            draft.Give("site.carbonIntensity", intensity.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    // A nominal batch such as "4M tokens" is a whole number of sequences, and divides among the ranks.
    private static void AddBatch(ScenarioDraft draft, RunRecord record, Catalog catalog, double tokens, int sequence, int devices)
    {
        double active = record.ActiveParameters ?? record.Parameters!.Value;
        BatchLaw law = BatchLaw.Read(catalog, BatchLaw.Default);
        double wanted = Math.Max(1, (record.GlobalBatchTokens
            ?? law.Tokens(tokens, FlopsPerParameterAndToken * active * tokens, double.NaN)) / sequence);
        double most = record.GlobalBatchTokens is null ? MostRoundingOfLaw : MostRounding;
        int least = (int)Math.Max(1, Math.Round(wanted));

        // Degrees inside a replica are mostly powers of two, so that the odd factors of the devices are left to the batch.
        int odd = devices >> int.TrailingZeroCount(devices);
        IEnumerable<int> parts = Divisors(devices).Where(part => part % odd == 0);
        if (PublishedData(record, devices) is { } data)
        {
            // The order of an interleaved pipeline needs a multiple of its stages on each rank.
            parts = [data * (record.Pipeline ?? 1), data];
            least = Nearest(data);
        }

        int batch = parts.Select(Nearest).FirstOrDefault(size => Math.Abs((size / wanted) - 1) <= most, least);
        draft.Fill(
            "training.globalBatchSequences",
            batch,
            record.GlobalBatchTokens is null
                ? $"the batch of {law.Id}, rounded so that it divides among the devices"
                : "the published tokens over the length, rounded so that they divide among the devices");

        int Nearest(int part) => (int)(part * Math.Max(1, Math.Round(wanted / part)));
    }

    /// <summary>
    /// The software that may have run it, each for a search of its own: with its stack come the sharding, the orders of a
    /// pipeline and the recomputation that it had.
    /// </summary>
    /// <param name="draft">The draft.</param>
    /// <param name="record">The record.</param>
    public static IReadOnlyList<ScenarioDraft> Variants(ScenarioDraft draft, RunRecord record)
    {
        bool tpu = IsTpu(record);
        bool old = IsOld(record);
        List<ScenarioDraft> variants = [];
        if (record.Pipeline is null or 1)
        {
            SoftwareStack stack = tpu ? SoftwareStack.Jax : old ? SoftwareStack.Megatron2022 : SoftwareStack.Fsdp;
            variants.AddRange(Recomputed(With(stack, "zero3", "1f1b", pipeline: 1)));
        }

        if (!tpu || variants.Count == 0)
        {
            SoftwareStack stack = tpu ? SoftwareStack.Jax : old ? SoftwareStack.Megatron2022 : SoftwareStack.MegatronCore;
            if (record.VirtualStages is null or 1)
            {
                variants.AddRange(Recomputed(With(stack, "zero1", "1f1b", record.Pipeline)));
            }

            if (record.Pipeline is not 1 && record.VirtualStages is null or > 1)
            {
                variants.AddRange(Recomputed(With(stack, "zero1", "interleaved", record.Pipeline)));
            }
        }

        return variants;

        ScenarioDraft With(SoftwareStack stack, string sharding, string schedule, int? pipeline)
        {
            ScenarioDraft variant = draft.With("software.stack", Scenarios.Reading.Vocabulary.Stacks.NameOf(stack), StackRule);
            variant.Fill("plan.sharding", sharding, StackRule);
            variant.Fill("plan.schedule", schedule, "1F1B, or interleaved where that is faster or virtual stages are published");
            if (record.Pipeline is { } given)
            {
                variant.Give("plan.pipeline", given);
            }
            else if (pipeline is { } only)
            {
                variant.Fill("plan.pipeline", only, StackRule);
            }
            else
            {
                variant.Note("plan.pipeline", "chosen by the planner", "not published");
            }

            return variant;
        }

        // Recomputing the attention core alone was published in May 2022.
        IEnumerable<ScenarioDraft> Recomputed(ScenarioDraft variant) => old
            ? AllOrNothing.Select(word => variant.With("plan.recompute", word, "codes of before 2023 kept everything or recomputed all"))
            : [variant];
    }

    private static bool IsTpu(RunRecord record) => record.Accelerator.Contains("TPU", StringComparison.OrdinalIgnoreCase);

    private static bool IsOld(RunRecord record) => !IsTpu(record) && Year(record) < FusedSince;

    private static int? PublishedData(RunRecord record, int devices) =>
        record.Data ?? (record is { Tensor: { } tensor, Pipeline: { } pipeline }
            ? Math.Max(1, devices / (tensor * pipeline * (record.Context ?? 1)))
            : null);

    private static IEnumerable<int> Divisors(int number) =>
        Enumerable.Range(1, number).Where(part => number % part == 0).Select(part => number / part);

    private static void AddPlan(ScenarioDraft draft, RunRecord record)
    {
        Give("plan.tensor", record.Tensor);
        Give("plan.data", record.Data);
        Give("plan.expert", record.Expert);
        Give("plan.virtualStages", record.VirtualStages);
        Give("plan.microBatch", record.MicroBatch);
        draft.GiveOrFill("plan.context", record.Context, 1, "no context parallelism unless stated");
        draft.Fill("objective", "time", "whoever pays for a cluster lays the work out to end soon");

        void Give(string path, int? value)
        {
            if (value is { } known)
            {
                draft.Give(path, known);
            }
            else
            {
                draft.Note(path, "chosen by the planner", "not published");
            }
        }
    }

    private static int Year(RunRecord record) =>
        PaperNumber().Match(record.SourceWhere) is { Success: true } number
            ? 2000 + int.Parse(number.Groups["year"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : FusedSince;

    [GeneratedRegex(@"arXiv:(?<year>\d{2})\d{2}\.", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout)]
    private static partial Regex PaperNumber();
}
