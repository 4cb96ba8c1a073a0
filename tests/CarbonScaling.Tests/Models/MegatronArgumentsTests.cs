using CarbonScaling.Models;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Models;

/// <summary>Launch scripts of Megatron-LM.</summary>
public sealed class MegatronArgumentsTests
{
    private const string Script = """
        #!/bin/bash
        # Trains a mixture of experts.
        export CUDA_DEVICE_MAX_CONNECTIONS=1
        GPUS_PER_NODE=8
        TP=${TP:-2}
        CHECKPOINT_PATH=$1
        DISTRIBUTED_ARGS=(
            --nproc_per_node $GPUS_PER_NODE
            --nnodes ${SLURM_NNODES:-"1"}
        )
        MODEL_ARGS=(
            --use-mcore-models
            --disable-bias-linear
            --seq-length 4096
            --max-position-embeddings 32768
            --num-layers 32
            --hidden-size 4096
            --ffn-hidden-size 14336
            --num-attention-heads 32
            --normalization RMSNorm
            --position-embedding-type rope
            --swiglu
            --untie-embeddings-and-output-weights
            --group-query-attention
            --num-query-groups 8   # as published
            --vocab-size 32000
        )
        MOE_ARGS=( --num-experts 8 --moe-router-topk 2 )
        torchrun ${DISTRIBUTED_ARGS[@]} pretrain_gpt.py \
            ${MODEL_ARGS[@]} ${MOE_ARGS[@]} \
            --tensor-model-parallel-size ${TP} \
            --pipeline-model-parallel-size=4 --num-layers-per-virtual-pipeline-stage 1 \
            --expert-model-parallel-size 8 --expert-tensor-parallel-size 1 \
            --sequence-parallel --use-distributed-optimizer --overlap-grad-reduce \
            --micro-batch-size 1 --global-batch-size 256 --bf16 \
            --attention-dropout 0.0 --hidden-dropout 0.0 --train-iters 500000 \
            --save "$CHECKPOINT_PATH"
        """;

    private static readonly Gen<MegatronSettings> Settings =
        from numbers in Gen.Int[1, 64].Array[10]
        from flags in Gen.Bool.Array[12]
        from choices in Gen.Int[0, 3].Array[12]
        from more in Gen.Bool.Array[8]
        select new MegatronSettings
        {
            Tensor = 1 << (numbers[0] % 5),
            Pipeline = numbers[1],
            LayersPerVirtualStage = flags[0] ? numbers[2] : null,
            VirtualStages = flags[0] ? null : numbers[2],
            FirstStageLayers = flags[1] ? numbers[3] : null,
            LastStageLayers = flags[2] ? numbers[4] : null,
            EmbeddingCountsAsLayer = flags[3],
            LossCountsAsLayer = flags[4],
            Context = numbers[5],
            ContextMode = (MegatronContextMode)choices[0],
            Expert = numbers[6],
            ExpertTensor = flags[5] ? numbers[7] : null,
            SequenceParallel = flags[6],
            Recomputation = (MegatronRecomputation)(choices[1] % 3),
            RecomputedLayers = flags[7] ? numbers[8] : null,
            RecomputesBlock = flags[7],
            RecomputedModules = choices[1] % 3 == 1 ? "core_attn mlp" : "",
            StageLayout = more[0] ? "Et*3|(t*2|)*29,m|L" : "",
            Dispatcher = (MegatronDispatcher)(choices[5] % 3),
            GroupsExperts = more[1],
            ForcesBalance = more[2],
            MicroBatch = more[3] ? numbers[9] : null,
            GlobalBatch = flags[8] ? numbers[9] * 8 : null,
            SequenceLength = flags[9] ? 4096 : null,
            Sharding = (MegatronSharding)choices[2],
            Precision = (MegatronPrecision)(choices[3] % 3),
            Fp8 = (MegatronFp8)(choices[4] % 3),
            Fp8Recipe = choices[4] % 3 == 0 ? MegatronFp8Recipe.Delayed : (MegatronFp8Recipe)choices[6],
            Fp4 = choices[4] == 0,
            QuantisedParameters = choices[4] != 3 && more[4],
            OptimizerInstances = more[5] ? numbers[3] : null,
            FirstMoment = (MegatronMoment)choices[7],
            SecondMoment = (MegatronMoment)choices[8],
            OffloadsOptimizer = more[6],
            OffloadedModules = more[7] ? "core_attn attn_proj" : "",
            Attention = (MegatronAttention)choices[9],
            OverlapsTransfers = more[0],
            OverlapsGradients = flags[10],
            OverlapsParameters = flags[11],
            OverlapsTensor = flags[6],
            Dropout = flags[7],
            Iterations = flags[8] ? 500_000 : null,
            Samples = flags[9] ? 12_000_000_000 : null,
        };

    [Fact]
    public void A_script_gives_the_model_and_the_plan()
    {
        MegatronJob job = MegatronArguments.Read(Script, "train.sh");

        Assert.Equal(46_702_792_704, job.Model.ParameterCount);
        Assert.Equal(new Figure("train.sh.--num-layers", 32, "1", "train.sh", FigureStatus.Given), job.Model.Layers);
        Assert.Equal(
            new MegatronSettings
            {
                Tensor = 2,
                Pipeline = 4,
                LayersPerVirtualStage = 1,
                Expert = 8,
                ExpertTensor = 1,
                SequenceParallel = true,
                MicroBatch = 1,
                GlobalBatch = 256,
                SequenceLength = 4096,
                Sharding = MegatronSharding.Optimizer,
                Precision = MegatronPrecision.Bf16,
                OverlapsGradients = true,
                Dropout = false,
                Iterations = 500_000,
            },
            job.Settings);
    }

    [Fact]
    public void Yaml_gives_the_model_and_the_plan()
    {
        const string Yaml = """
            ENV_VARS:
              CUDA_DEVICE_MAX_CONNECTIONS: 1
            MODEL_ARGS:
              --num-layers: 61   # 3 dense
              --hidden-size: 7168
              ffn_hidden_size: 18432
              --num-attention-heads: 128
              --multi-latent-attention: true
              --q-lora-rank: 1536
              --kv-lora-rank: 512
              --normalization: RMSNorm
              --position-embedding-type: rope
              --swiglu: true
              --disable-bias-linear: true
              --untie-embeddings-and-output-weights: true
              --vocab-size: 129280
              --num-experts: 256
              --moe-layer-freq: ([0]*3+[1]*58)
              --moe-ffn-hidden-size: 2048
              --moe-shared-expert-intermediate-size: 2048
              --moe-router-topk: 8
              --moe-router-num-groups: 8
              --moe-router-group-topk: 4
              --moe-router-enable-expert-bias: true
              --mtp-num-layers: 1
              --recompute-granularity: selective
              --recompute-modules: "mla_up_proj layernorm"
              --sequence-parallel: false
              --fp8-format: e4m3
            """;
        MegatronJob job = MegatronArguments.Read(Yaml, "v3.yaml");

        Assert.Equal(671_026_419_200, job.Model.ParameterCount);
        Assert.Equal(new(3, 1, 0), (job.Model.Traits.Mixture!.LeadingDenseLayers, job.Model.Traits.Mixture.LayerInterval, job.Model.Traits.Mixture.LayerPhase));
        Assert.Equal(1, job.Model.PredictionLayers!.Value.Value);
        Assert.Equal("mla_up_proj layernorm", job.Settings.RecomputedModules);
        Assert.False(job.Settings.SequenceParallel);
        Assert.Equal(MegatronFp8.E4m3, job.Settings.Fp8);
    }

    [Fact]
    public void What_is_not_given_takes_the_defaults_of_Megatron()
    {
        const string Text = "--num-layers 24 --hidden-size 1024 --num-attention-heads 16 --max-position-embeddings 1024 --vocab-size 50257";
        MegatronJob job = MegatronArguments.Read(Text, "x.args");
        Architecture model = Architecture.Of(job.Model);

        // The vocabulary is padded to a multiple of 128; GPT-2's medium size.
        Assert.Equal((4096, 16, 64, 50304, 1024), (model.FeedForward, model.KeyValueHeads, model.HeadDimension, model.Vocabulary, model.PositionsLength));
        Assert.Equal(new() { Activation = Activation.Gelu, Normalisation = Normalisation.LayerNorm, Biases = Biases.All, Positions = PositionEncoding.Learned, TiedEmbeddings = true }, model.Traits);
        Assert.Equal(new MegatronSettings { Precision = MegatronPrecision.Fp32 }, job.Settings);
        Assert.Equal(FigureStatus.Default, job.Model.FeedForward.Status);
    }

    [Fact]
    public void Arguments_kept_in_a_text_are_read()
    {
        const string Text = """
            GPT_ARGS="
                --num-layers 2 --hidden-size 64 \
                --num-attention-heads 4
            "
            OTHER='--vocab-size 128 --position-embedding-type rope'
            """;
        Assert.Equal(2, MegatronArguments.Read(Text, "old.sh").Model.LayerCount);
    }

    [Fact]
    public void Sums_of_the_shell_are_worked_out()
    {
        const string Text = """
            DENSE=3
            MIXED=89
            ARGS=( --num-layers $((DENSE + MIXED)) --hidden-size $(( (2 + 3) * 1024 )) --num-attention-heads 96 --kv-channels 128
              --ffn-hidden-size 12288 --swiglu --vocab-size 151552 --position-embedding-type rope --disable-bias-linear
              --num-experts 160 --moe-layer-freq [0]*$DENSE+[1]*${MIXED} --moe-ffn-hidden-size 1536 --moe-router-num-groups 1
              --moe-router-group-topk 1 )
            """;
        Architecture model = Architecture.Of(MegatronArguments.Read(Text, "x.sh").Model);
        Assert.Equal((92, 5120), (model.Layers, model.Hidden));
        Assert.Equal(new MixtureTraits { LeadingDenseLayers = 3 }, model.Traits.Mixture);
    }

    [Theory]
    [InlineData("1/0", null)]
    [InlineData("2*(3+4)-20/6%2", "13")]
    [InlineData("7-8", "-1")]
    [InlineData("9999999*9999999*9999999", null)]
    [InlineData("2+", null)]
    [InlineData("", null)]
    public void A_sum(string text, string? expected) => Assert.Equal(expected, CarbonScaling.Models.Megatron.ScriptSum.Of(text));

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        const string Text = """
            --num-layers $LAYERS --hidden-size -4
            --num-attention-heads 12 --num-query-groups 5 --position-embedding-type alibi2
            --num-experts 8 --moe-layer-freq "([1]*3"
            """;
        ModelFileException problem = Assert.Throws<ModelFileException>(() => MegatronArguments.Read(Text, "x.sh"));
        Assert.Equal(
            [
                (1, "--num-layers", "$LAYERS"),
                (1, "--hidden-size", "-4"),
                (1, "--vocab-size", ""),
                (2, "--position-embedding-type", "alibi2"),
                (3, "--moe-layer-freq", "([1]*3"),
            ],
            problem.Problems.Select(found => (found.Line, found.Field, found.Value)));
    }

    [Theory]
    [InlineData("--linear-attention-freq 4", "--linear-attention-freq")]
    [InlineData("--experimental-attention-variant dsa", "--experimental-attention-variant")]
    [InlineData("--spec my_models.layers get_spec", "--spec")]
    [InlineData("", "--vocab-size")]
    public void What_cannot_be_known_is_refused(string extra, string field)
    {
        string vocabulary = field == "--vocab-size" ? "" : " --vocab-size 128 ";
        string text = "--num-layers 2 --hidden-size 64 --num-attention-heads 4 --position-embedding-type rope" + vocabulary + extra;
        ModelFileException problem = Assert.Throws<ModelFileException>(() => MegatronArguments.Read(text, "x.sh"));
        Assert.Equal(field, Assert.Single(problem.Problems).Field);
    }

    [Fact]
    public void The_tokenizer_of_GPT_2_has_a_known_vocabulary()
    {
        const string Text = "--num-layers 2 --hidden-size 64 --num-attention-heads 4 --position-embedding-type rope --tokenizer-type GPT2BPETokenizer";
        Assert.Equal((50304, FigureStatus.Default), (MegatronArguments.Read(Text, "x.sh").Model.Vocabulary.Value, MegatronArguments.Read(Text, "x.sh").Model.Vocabulary.Status));
    }

    [Fact]
    public void Contradictions_are_told_by_argument()
    {
        const string Text = """
            --num-layers 2 --hidden-size 64 --num-attention-heads 4 --vocab-size 128 --position-embedding-type rope
            --num-query-groups 3
            --num-experts 8
            --moe-router-topk 9
            """;
        ModelFileException problem = Assert.Throws<ModelFileException>(() => MegatronArguments.Read(Text, "x.sh"));
        Assert.Equal([(2, "--num-query-groups"), (4, "--moe-router-topk")], problem.Problems.Select(found => (found.Line, found.Field)));
    }

    [Fact]
    public void What_is_written_reads_as_the_same() =>
        Gen.Select(Architectures.ForMegatron, Settings).Sample(
            (model, drawn) =>
            {
                // Positions that are learned end with the sequence.
                MegatronSettings settings = drawn with { SequenceLength = model.PositionsLength > 0 ? null : drawn.SequenceLength };
                MegatronText text = MegatronArguments.Write(model, settings);
                MegatronJob job = MegatronArguments.Read("pretrain_gpt.py \\\n" + text, "x.sh");
                Assert.Empty(text.Missing);
                Assert.Equal(model, Architecture.Of(job.Model));
                Assert.Equal(settings, job.Settings);
            },
            iter: 3000);

    [Theory]
    [InlineData(50_257, 8, 1024, "a vocabulary of 50257 rows, which tensor 8 does not divide (padded to 50264)")]
    [InlineData(50_304, 8, 2048, "sequences longer than the 1024 learned positions")]
    [InlineData(50_304, 8, 1024)]
    public void What_Megatron_would_change_is_told(int vocabulary, int tensor, int sequence, params string[] expected)
    {
        Architecture model = new() { Traits = new() { Activation = Activation.Gelu, Normalisation = Normalisation.LayerNorm, Biases = Biases.All, Positions = PositionEncoding.Learned, TiedEmbeddings = true }, Layers = 2, Hidden = 64, FeedForward = 256, Heads = 8, KeyValueHeads = 8, HeadDimension = 8, Vocabulary = vocabulary, PositionsLength = 1024 };
        Assert.Equal(expected, MegatronArguments.Write(model, new() { Tensor = tensor, SequenceLength = sequence }).Missing);
    }

    [Fact]
    public void What_has_no_argument_is_told()
    {
        Architecture falcon = Architecture.Of(HuggingFaceConfig.Read("""{"model_type":"falcon","alibi":true}""", "config.json"));
        MegatronText text = MegatronArguments.Write(falcon, new());
        Assert.Equal(["Alibi positions", "1 norms of a layer", "attention and feed-forward block side by side"], text.Missing);
    }

    [Fact]
    public void Any_text_gives_a_job_or_problems()
    {
        Gen<string> piece = Gen.OneOf(
            Gen.OneOf("--num-layers", "--hidden-size", "--vocab-size", "--num-experts", "--moe-layer-freq", "--window-size", "--swiglu"),
            Gen.OneOf(" ", "\n", "\\\n", "\"", "'", "(", ")", "[1]*", "=", ":", "$", "${X:-", "}", "#", "1", "8", "99999999999", "-1", "true"),
            Gen.String);
        piece.Array[0, 30].Select(string.Concat).Sample(text => Check(text), iter: 4000);
        Gen.Select(Gen.Int[0, Script.Length - 1], Gen.Int[0, 40], piece).Sample(
            (start, length, replacement) => Check(Script[..start] + replacement + Script[Math.Min(Script.Length, start + length)..]), iter: 4000);

        static void Check(string text)
        {
            try
            {
                Assert.True(double.IsFinite(MegatronArguments.Read(text, "x.sh").Model.ParameterCount));
            }
            catch (ModelFileException problem)
            {
                Assert.NotEmpty(problem.Problems);
                Assert.All(problem.Problems, found => Assert.DoesNotContain('\n', found.ToString()));
            }
        }
    }
}
