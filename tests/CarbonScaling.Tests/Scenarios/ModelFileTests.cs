using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Scenarios;

/// <summary>A scenario may name the file of a model.</summary>
public class ModelFileTests
{
    private const string Job = """
        training: { tokens: 300G, sequenceLength: 4096, globalBatchSequences: 512 }
        cluster: { system: dgx-h100, devices: 64 }
        site: { grid: fr }
        model: 
        """;

    [Fact]
    public void A_configuration_is_a_model()
    {
        ScenarioReading reading = Read("models/config.json", "{\n \"model_type\": \"mistral\",\n \"_name_or_path\": \"org/name\" }");

        Assert.Empty(reading.Problems);
        Assert.Equal(("models/config.json", "org/name"), (reading.Scenario?.Model?.Imported?.Id, reading.Scenario?.Model?.Imported?.Name));
        Assert.Equal(7_241_732_096, new Estimator(Catalog.OpenEmbedded()).Estimate(reading.Scenario!).Model.Parameters);
    }

    [Theory]
    [InlineData("train.sh")]
    [InlineData("train.args")]
    public void A_launch_script_is_a_model(string path)
    {
        const string Script = "--num-layers 2 --hidden-size 64 --num-attention-heads 4 --vocab-size 128 --position-embedding-type rope --tensor-model-parallel-size 2";
        ScenarioReading reading = Read(path, Script);

        Assert.Empty(reading.Problems);
        Assert.Equal(2, reading.Scenario?.Model?.Imported?.LayerCount);
        Assert.Equal(2, reading.Scenario?.Model?.Megatron?.Tensor);
    }

    [Fact]
    public void Problems_of_the_file_are_told_at_its_lines_with_those_of_the_scenario()
    {
        ScenarioReading reading = ScenarioReader.Read(
            Job + "config.json", "job.yaml", ["plan.tensor=0"], _ => "{\n \"model_type\": \"llama\",\n \"hidden_size\": -1,\n \"vocab_size\": \"many\" }");

        Assert.Equal(
            [
                "config.json:3: hidden_size: '-1' is not a whole number, 1 to 10000000; allowed: a whole number, 1 to 10000000",
                "config.json:4: vocab_size: 'many' is not a whole number, 1 to 100000000; allowed: a whole number, 1 to 100000000",
                "--set:1: plan.tensor: '0' is not a whole number, 1 to 100M; allowed: 1 to 100M, such as 8",
            ],
            reading.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_at_the_field()
    {
        ScenarioReading reading = ScenarioReader.Read(Job + "none.json", "job.yaml", [], _ => throw new FileNotFoundException("none.json: no such file"));

        Assert.Equal("job.yaml:4: model: 'none.json' cannot be read: none.json: no such file", Assert.Single(reading.Problems).ToString());
    }

    private static ScenarioReading Read(string path, string content) => ScenarioReader.Read(
        Job + path,
        "job.yaml",
        [],
        named =>
        {
            Assert.Equal(path, named);
            return content;
        });
}
