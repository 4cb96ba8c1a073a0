using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation;

/// <summary>
/// Makes a scenario of a record. What the record does not give is filled by the rules here, which depend on the class of
/// its software and on what else it gives, never on which row it is; each is listed with the field that it filled.
/// </summary>
internal static class RecordDefaults
{
    /// <summary>The vocabulary of GPT-2, which the first open training codes shipped with.</summary>
    private const int DefaultVocabulary = 50_257;

    /// <summary>Chunks of a stage that recipes of Megatron-Core use at most.</summary>
    private const int MostVirtualStages = 8;

    private const int MostDefaultMicroBatch = 4;
    private const int WideModel = 4000;
    private const int FewExperts = 32;

    /// <summary>Share of the blocks that "selective" checkpointing of PyTorch's FSDP codes computes again, where it is not stated.</summary>
    private const double SelectiveShareOfBlocks = 0.4;

    /// <summary>Chips of a slice of TPU v5e or v6e: a whole pod.</summary>
    private const int DevicesOfFlatPod = 256;

    /// <summary>Drafts the scenario; what is computed again is left open where the record does not say.</summary>
    /// <param name="record">The record.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="draft">The draft.</param>
    /// <returns>Why there is none; null where there is.</returns>
    public static Exclusion? Draft(StepRecord record, Catalog catalog, out ScenarioDraft draft)
    {
        draft = new(record.File, record.Line);
        if (record.Missing.Count > 0)
        {
            return new(ExclusionRule.IncompleteRow, $"{string.Join(", ", record.Missing)} not given");
        }

        if (record.Unknown is [var unknown, ..])
        {
            return new(ExclusionRule.UnknownWord, unknown);
        }

        if (SystemRules.Of(record) is not { } system || !catalog.TryFind("systems", system.System, out CatalogEntry? entry))
        {
            return new(ExclusionRule.UnknownSystem, $"'{record.Accelerator}'");
        }

        FrameworkClass framework = FrameworkClasses.Of(record);
        RecordArchitecture.Add(draft, record, DefaultVocabulary);
        AddTraining(draft, record, framework);
        RecordSoftware.Add(draft, record, framework);
        AddCluster(draft, record, system, entry);
        AddPlan(draft, record, framework);
        AddExperts(draft, record);
        RecordArchitecture.AddEmbeddings(draft, record);
        return null;
    }

    private static void AddTraining(ScenarioDraft draft, StepRecord record, FrameworkClass framework)
    {
        double tokens = (double)record.GlobalBatchSequences * record.SequenceLength;
        draft.Fill("training.tokens", tokens.ToString("R", CultureInfo.InvariantCulture), "one step; it does not enter the targets");
        draft.Give("training.sequenceLength", record.SequenceLength);
        draft.Give("training.globalBatchSequences", record.GlobalBatchSequences);
        if (record.Precision == "fp8" && RecordNotes.IsMicroscaled(record))
        {
            draft.Fill("training.precision", "mxfp8", "the notes name the microscaling format");
        }
        else
        {
            draft.Give("training.precision", record.Precision);
        }

        RecordSoftware.AddStorage(draft, record, framework);
        if (framework.IsEarlyMegatron())
        {
            draft.Fill("training.dropout", "true", "0.1 is the default of Megatron-LM of 2020 to 2022");
        }
        else
        {
            draft.Note("training.dropout", "false", "later recipes use none");
        }

        draft.Fill("site.carbonIntensity", "400", "it does not enter the targets");
        draft.Fill("cluster.failures", "none", "a step is measured while nothing fails");
    }

    private static void AddCluster(ScenarioDraft draft, StepRecord record, (string System, string Rule) system, CatalogEntry entry)
    {
        draft.Fill("cluster.system", system.System, system.Rule);
        draft.Give("cluster.devices", record.Devices);
        int node = (int)entry.Figure("devicesPerNode", Dimension.None).Value;
        int domain = (int)entry.Figure("scaleUpDomain", Dimension.None).Value;
        if (DomainOf(record, node, domain) is { } smaller)
        {
            draft.Fill("cluster.domain", smaller.Devices, smaller.Rule);
        }

        int sharing = record.DevicesPerNode ?? node;
        if (InterconnectText.BytesPerSecondAndDevice(record.Interconnect, sharing) is { } bandwidth)
        {
            draft.Fill(
                "cluster.network.nicBandwidth",
                bandwidth.ToString("R", CultureInfo.InvariantCulture),
                $"the rate in '{record.Interconnect}' over {sharing} devices of a node");
        }
        else
        {
            draft.Note("cluster.network.nicBandwidth", "that of the system", "no rate is stated");
        }
    }

    // A slice of a TPU pod, or nodes of fewer devices than the system's.
    private static (int Devices, string Rule)? DomainOf(StepRecord record, int node, int domain)
    {
        if (!record.Accelerator.Contains("TPU", StringComparison.OrdinalIgnoreCase))
        {
            return record.DevicesPerNode is { } smaller && smaller < node && domain == node
                ? (smaller, "devices of a node as published")
                : null;
        }

        bool flat = record.Accelerator.Contains("v5e", StringComparison.OrdinalIgnoreCase)
            || record.Accelerator.Contains("v6e", StringComparison.OrdinalIgnoreCase);
        int slices = RecordNotes.Slices(record) ?? (flat ? (record.Devices + DevicesOfFlatPod - 1) / DevicesOfFlatPod : 1);
        int slice = Math.Max(1, record.Devices / slices);
        return slice < domain ? (slice, $"a slice is a domain; slices: {slices}") : null;
    }

    private static void AddPlan(ScenarioDraft draft, StepRecord record, FrameworkClass framework)
    {
        int context = record.Context ?? 1;
        int replica = record.Tensor * record.Pipeline * context;
        int data = record.Data ?? Math.Max(1, record.Devices / replica);
        draft.Give("plan.tensor", record.Tensor);
        draft.Give("plan.pipeline", record.Pipeline);
        draft.GiveOrFill("plan.context", record.Context, 1, "no context parallelism unless stated");
        draft.GiveOrFill("plan.data", record.Data, data, "devices over the other degrees");
        if (context > 1 && RecordNotes.HasAllToAllContext(record))
        {
            draft.Give("plan.contextMode", "ulysses");
        }

        int share = Math.Max(1, record.GlobalBatchSequences / data);
        int microBatch = AddMicroBatch(draft, record, framework, share);
        AddChunks(draft, record, framework, microBatches: share / microBatch);
        AddSharding(draft, record, framework, ranks: data * context);
        if (record.SequenceParallel is { } split)
        {
            draft.Give("plan.sequenceParallel", split ? "true" : "false");
        }
        else
        {
            bool expected = record.Tensor > 1 && !framework.IsEarlyMegatron();
            draft.Fill("plan.sequenceParallel", expected ? "true" : "false", "with tensor parallelism, but for Megatron of 2020 to 2022");
        }

        if (record.Tensor > 1 && RecordSoftware.TilesTensorCommunication(record, framework))
        {
            draft.Fill(
                "plan.tensorOverlap",
                "ring",
                "recipes of NeMo and Megatron-Bridge switch user-buffer overlap on; XLA for TPUs splits products beside their collectives");
        }

        AddRecomputation(draft, record, framework);
    }

    private static int AddMicroBatch(ScenarioDraft draft, StepRecord record, FrameworkClass framework, int share)
    {
        // The batch of a device times all devices: its ranks take their whole share at once.
        bool perDevice = framework.IsJax() && (long?)record.MicroBatch * record.Devices == record.GlobalBatchSequences;
        if (perDevice && share != record.MicroBatch)
        {
            draft.Fill("plan.microBatch", share, "the batch is stated per device, and JAX codes take that of a rank at once");
            return share;
        }

        if (record.MicroBatch is { } given)
        {
            draft.Give("plan.microBatch", given);
            return given;
        }

        int wanted = framework.IsJax() ? share : record.Hidden < WideModel ? MostDefaultMicroBatch : 1;
        int microBatch = Enumerable.Range(1, Math.Min(wanted, share)).Last(size => share % size == 0);
        draft.Fill("plan.microBatch", microBatch, "1, or up to 4 below a width of 4000; all of a rank's batch in JAX codes");
        return microBatch;
    }

    private static void AddChunks(ScenarioDraft draft, StepRecord record, FrameworkClass framework, int microBatches)
    {
        int chunks;
        if (record.Pipeline == 1)
        {
            chunks = 1;
            if (record.VirtualStages is > 1)
            {
                draft.Note("plan.virtualStages", "1", "chunks need stages");
            }
        }
        else if (record.VirtualStages is { } given)
        {
            chunks = given;
            draft.Give("plan.virtualStages", given);
        }
        else
        {
            chunks = framework == FrameworkClass.MegatronCore ? DefaultChunks(record, microBatches) : 1;
            draft.Fill("plan.virtualStages", chunks, "in Megatron-Core as many chunks up to 8 as split layers and micro-batches evenly, else 1");
        }

        draft.Fill("plan.schedule", chunks > 1 ? "interleaved" : "1f1b", "1F1B, interleaved with virtual stages");
    }

    private static int DefaultChunks(StepRecord record, int microBatches)
    {
        if (microBatches % record.Pipeline != 0)
        {
            return 1;
        }

        return Enumerable.Range(1, MostVirtualStages).Last(chunks => chunks == 1
            || record.Layers % (record.Pipeline * chunks) == 0
            || (record.Pipeline > 2 && (record.Layers + 2) % (record.Pipeline * chunks) == 0));
    }

    private static void AddSharding(ScenarioDraft draft, StepRecord record, FrameworkClass framework, int ranks)
    {
        string word = record.Sharding switch
        {
            RecordSharding.None => "none",
            RecordSharding.Zero1 => "zero1",
            RecordSharding.Zero2 => "zero2",
            RecordSharding.Fsdp => "zero3",
            RecordSharding.Hsdp => "hsdp",
            _ => Scenarios.Reading.Vocabulary.Shardings.NameOf(framework.Sharding()),
        };
        if (record.Sharding is null)
        {
            draft.Fill("plan.sharding", word, "none in Megatron of 2020 to 2022, zero1 in Megatron-Core, zero3 in PyTorch and JAX codes");
            return;
        }

        draft.Give("plan.sharding", word);
        if (record.Sharding != RecordSharding.Hsdp)
        {
            return;
        }

        if (RecordNotes.ShardGroup(record) is { } group && group <= ranks)
        {
            draft.Give("plan.shardGroup", group);
        }
        else
        {
            draft.Note("plan.shardGroup", "the ranks of a scale-up domain", "no group is stated");
        }
    }

    private static void AddRecomputation(ScenarioDraft draft, StepRecord record, FrameworkClass framework)
    {
        if (record.Recompute == RecordRecompute.Selective && framework.IsJax())
        {
            draft.Fill(
                "plan.recompute.modules",
                "[attention, norm, mlp]",
                "the minimal policy of JAX codes saves the results of matrix products alone");
        }
        else if (record.Recompute == RecordRecompute.Selective && framework == FrameworkClass.Fsdp)
        {
            int layers = (int)Math.Ceiling(SelectiveShareOfBlocks * record.Layers / record.Pipeline);
            draft.Fill("plan.recompute.layers", layers, "selective checkpointing of PyTorch codes takes a part of the blocks, 0.4 where it is not stated");
        }
        else if (record.Recompute is { } stated)
        {
            draft.Give("plan.recompute", stated switch
            {
                RecordRecompute.Full => "full",
                RecordRecompute.Selective => "selective",
                _ => "none",
            });
        }
        else if (RecordNotes.RecomputedLayers(record) is { } layers)
        {
            draft.Give("plan.recompute.layers", layers);
        }
    }

    private static void AddExperts(ScenarioDraft draft, StepRecord record)
    {
        if (record.Experts is not { } experts)
        {
            return;
        }

        int ranks = record.Devices / record.Pipeline;
        draft.GiveOrFill(
            "plan.expert",
            record.Expert,
            RecordSoftware.CallsDeepEp(record) ? Enumerable.Range(1, Math.Min(experts, ranks)).Last(degree => experts % degree == 0 && ranks % degree == 0) : 1,
            "no expert parallelism unless stated; DeepEP exchanges between as many ranks as split experts and devices evenly");
        if (RecordNotes.ExpertTensor(record) is { } stated)
        {
            draft.Give("plan.expertTensor", stated);
        }
        else
        {
            int tensor = experts < FewExperts ? record.Tensor : 1;
            draft.Fill("plan.expertTensor", tensor, "few large experts are split as the rest is, many small ones are not");
        }

        draft.Fill("training.routing.imbalance", 1, "benchmarks force the balance of routing or train on random tokens");
        RecordSoftware.AddDispatcher(draft, record);
    }
}
