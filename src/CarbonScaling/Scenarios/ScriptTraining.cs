using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>
/// What the launch script that a scenario takes its model from says of the training and its software, where the scenario
/// is silent. What a script leaves out takes the default of Megatron-LM where it gives a micro-batch, without which nothing
/// is launched; of a file without one only what it states counts.
/// </summary>
internal sealed class ScriptTraining(MegatronSettings script, FieldMap map, bool hasExperts)
{
    private readonly bool _isLaunch = script.MicroBatch is not null;

    /// <summary>The training with what the script adds.</summary>
    public TrainingSection Training(TrainingSection training)
    {
        bool batch = training is { GlobalBatchSequences: null, GlobalBatchTokens: null, BatchLaw: null };
        return training with
        {
            SequenceLength = training.SequenceLength ?? script.SequenceLength,
            GlobalBatchSequences = batch ? script.GlobalBatch : training.GlobalBatchSequences,
            Precision = IsGiven("training.precision") ? training.Precision : Precision() ?? training.Precision,
            Dropout = IsGiven("training.dropout") || !_isLaunch ? training.Dropout : script.Dropout,
            Routing = training.Routing with { Imbalance = training.Routing.Imbalance ?? (script.ForcesBalance ? 1 : null) },
            Storage = training.Storage with
            {
                Weights = training.Storage.Weights ?? (script.QuantisedParameters ? WeightStorage.Quantised : null),
                Moments = training.Storage.Moments ?? Moments(),
            },
        };
    }

    /// <summary>The software with what the script adds.</summary>
    public SoftwareSection Software(SoftwareSection software) => software with
    {
        AttentionKernel = software.AttentionKernel
            ?? (script.Attention is MegatronAttention.Unfused or MegatronAttention.Local ? AttentionKernel.Unfused : null),
        MoeDispatcher = software.MoeDispatcher ?? Dispatcher(),
        Overlap = software.Overlap with
        {
            Data = software.Overlap.Data ?? Stated(script.OverlapsGradients, otherwise: false),
            Pipeline = software.Overlap.Pipeline ?? Stated(script.OverlapsTransfers, otherwise: true),
        },
    };

    private MoeDispatcher? Dispatcher() => !hasExperts
        ? null
        : Stated(
            script.Dispatcher switch
            {
                MegatronDispatcher.AllToAll => MoeDispatcher.AllToAll,
                MegatronDispatcher.Flex => MoeDispatcher.DeepEp,
                _ => MoeDispatcher.AllGather,
            },
            MoeDispatcher.AllGather);

    private NumberFormat? Precision()
    {
        NumberFormat format = script switch
        {
            { Fp4: true } => NumberFormat.NvFp4,
            { Fp8: not MegatronFp8.None, Fp8Recipe: MegatronFp8Recipe.Blockwise } => NumberFormat.Fp8Block,
            { Fp8: not MegatronFp8.None, Fp8Recipe: MegatronFp8Recipe.Mxfp8 } => NumberFormat.MxFp8,
            { Fp8: not MegatronFp8.None } => NumberFormat.Fp8,
            { Precision: MegatronPrecision.Bf16 } => NumberFormat.Bf16,
            { Precision: MegatronPrecision.Fp16 } => NumberFormat.Fp16,
            _ => NumberFormat.Fp32,
        };
        return Stated(format, NumberFormat.Fp32);
    }

    private MomentStorage? Moments()
    {
        switch (script.FirstMoment, script.SecondMoment)
        {
            case (MegatronMoment.Fp32, MegatronMoment.Fp32):
                return null;
            case (MegatronMoment.Bf16, MegatronMoment.Bf16):
                return MomentStorage.Bf16;
            default:
                map.Report("model", "gives --exp-avg-dtype and --exp-avg-sq-dtype that are not modelled; allowed: fp32 or bf16 for both, or training.storage.moments in their place");
                return null;
        }
    }

    private T? Stated<T>(T value, T otherwise)
        where T : struct => _isLaunch || !value.Equals(otherwise) ? value : null;

    private bool IsGiven(string path) => map.Context.Given.ContainsKey(path);
}
