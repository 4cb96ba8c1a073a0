using System.Text.Json;

namespace CarbonScaling.Cli.Tests;

/// <summary>Other programs read these fields: each must be there, of its type, finite and not negative.</summary>
public sealed class JsonContractTests
{
    private static readonly JsonElement Estimate = Json("estimate", Cli.Example("bloom-176b.yaml"));

    private static readonly JsonElement Plan = Json(
        "plan", Cli.Example("7b-8gpu.yaml"), "--set", "plan={}", "--set", "training.globalBatchSequences=16", "--top", "3");

    public static TheoryData<string> Numbers { get; } =
    [
        "model.parameters", "model.activeParameters",
        "cluster.devices",
        "plan.tensor", "plan.pipeline", "plan.virtualStages", "plan.context", "plan.expert", "plan.data", "plan.microBatch",
        "plan.microBatches", "plan.globalBatchSequences",
        "memory.weightsBytes", "memory.gradientsBytes", "memory.optimizerBytes", "memory.activationsBytes",
        "memory.overheadBytes", "memory.totalBytes", "memory.capacityBytes",
        "step.seconds", "step.computeSeconds", "step.tensorCommSeconds", "step.pipelineBubbleSeconds",
        "step.pipelineCommSeconds", "step.dataCommSeconds", "step.expertCommSeconds", "step.contextCommSeconds",
        "step.optimizerSeconds", "step.otherSeconds", "step.tokensPerSecond", "step.tokensPerSecondPerDevice",
        "step.modelTflopsPerDevice", "step.hardwareTflopsPerDevice", "step.mfu", "step.hfu",
        "run.tokens", "run.steps", "run.days", "run.deviceHours", "run.goodput", "run.lostToFailures", "run.lostToCheckpoints",
        "energy.acceleratorKwh", "energy.hostKwh", "energy.networkKwh", "energy.itKwh", "energy.facilityKwh",
        "energy.averageDeviceWatts",
        "carbon.operationalKg", "carbon.embodiedKg", "carbon.totalKg", "carbon.embodiedShare",
        "intervals.level",
        "extrapolation.devices", "extrapolation.parameters",
    ];

    public static TheoryData<string, string> Texts { get; } = new()
    {
        { "schema", "carbonscaling/estimate/1" },
        { "programVersion", "" },
        { "modelVersion", "calibrated" },
        { "inputsDigest", "" },
        { "model.id", "bloom-176b" },
        { "cluster.system", "jean-zay-a100" },
        { "cluster.accelerator", "a100-80gb-sxm" },
        { "plan.sharding", "zero1" },
        { "plan.recompute", "full" },
        { "plan.schedule", "1f1b" },
        { "step.flopsConvention", "model-full" },
        { "extrapolation.accelerator", "calibrated" },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_figure_is_a_finite_number(string path)
    {
        JsonElement value = At(Estimate, path);
        Assert.Equal(JsonValueKind.Number, value.ValueKind);
        Assert.True(double.IsFinite(value.GetDouble()) && value.GetDouble() >= 0, $"{path} is {value}");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_word_is_text(string path, string expected)
    {
        JsonElement value = At(Estimate, path);
        Assert.Equal(JsonValueKind.String, value.ValueKind);
        Assert.NotEmpty(value.GetString()!);
        Assert.True(expected.Length == 0 || expected == value.GetString(), $"{path} is {value}");
    }

    [Fact]
    public void Flags_nulls_and_lists_have_their_kinds()
    {
        Assert.Equal(JsonValueKind.False, At(Estimate, "plan.sequenceParallel").ValueKind);
        Assert.Equal(JsonValueKind.True, At(Estimate, "memory.fits").ValueKind);
        Assert.Equal(JsonValueKind.Null, At(Estimate, "model.predictedLoss").ValueKind);
        Assert.Equal(JsonValueKind.Null, At(Estimate, "cost").ValueKind);
        Assert.Equal(JsonValueKind.Array, At(Estimate, "warnings").ValueKind);
        Assert.Equal(12, At(Estimate, "memory.stages").GetArrayLength());
    }

    [Theory]
    [InlineData("step.seconds")]
    [InlineData("carbon.totalKg")]
    public void An_interval_encloses_its_figure(string path)
    {
        JsonElement range = Estimate.GetProperty("intervals").GetProperty(path);
        double value = At(Estimate, path).GetDouble();
        Assert.InRange(value, range[0].GetDouble(), range[1].GetDouble());
    }

    [Fact]
    public void The_parts_of_a_step_sum_to_it()
    {
        JsonElement step = Estimate.GetProperty("step");
        string[] parts =
        [
            "computeSeconds", "tensorCommSeconds", "pipelineBubbleSeconds", "pipelineCommSeconds", "dataCommSeconds",
            "expertCommSeconds", "contextCommSeconds", "optimizerSeconds", "otherSeconds",
        ];
        double sum = parts.Sum(part => step.GetProperty(part).GetDouble());
        Assert.Equal(step.GetProperty("seconds").GetDouble(), sum, 9);
    }

    [Fact]
    public void A_target_loss_predicts_the_loss()
    {
        JsonElement result = Json(
            "estimate", Cli.Example("7b-8gpu.yaml"), "--set", "training.tokens=null", "--set", "training.targetLoss=2.2", "--set", "training.globalBatchSequences=256");
        Assert.Equal(2.2, At(result, "model.predictedLoss").GetDouble(), 6);
    }

    [Fact]
    public void A_search_adds_its_plans_front_reasons_and_summary()
    {
        Assert.Equal("carbonscaling/plan/1", At(Plan, "schema").GetString());
        JsonElement plans = At(Plan, "plans");
        Assert.Equal(3, plans.GetArrayLength());
        Assert.Equal("carbonscaling/estimate/1", plans[0].GetProperty("schema").GetString());
        Assert.True(At(Plan, "pareto").GetArrayLength() > 0);
        Assert.Equal(JsonValueKind.Object, At(Plan, "infeasible").ValueKind);
        foreach (string name in new[] { "space", "evaluated", "pruned", "feasible", "seconds" })
        {
            Assert.Equal(JsonValueKind.Number, At(Plan, "search." + name).ValueKind);
        }

        Assert.Equal(JsonValueKind.True, At(Plan, "search.exact").ValueKind);
        long failed = At(Plan, "infeasible").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.Equal(At(Plan, "search.space").GetInt64(), failed + At(Plan, "search.feasible").GetInt64());
    }

    [Fact]
    public void An_explanation_is_a_tree_to_its_sources()
    {
        JsonElement result = Json("explain", Cli.Example("bloom-176b.yaml"), "--figure", "carbon.totalKg");
        Assert.Equal("carbon.totalKg", At(result, "figure").GetString());
        Assert.Equal(At(Estimate, "carbon.totalKg").GetDouble(), At(result, "value").GetDouble());
        Assert.Equal("CARBON-4", At(result, "root.equation.id").GetString());
        Assert.True(At(result, "root.inputs").GetArrayLength() > 0);
    }

    private static JsonElement Json(params string[] args)
    {
        CliResult result = Cli.Run([.. args, "--format", "json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static JsonElement At(JsonElement root, string path)
    {
        foreach (string name in path.Split('.'))
        {
            Assert.True(root.TryGetProperty(name, out JsonElement next), $"{path} is missing");
            root = next;
        }

        return root;
    }
}
