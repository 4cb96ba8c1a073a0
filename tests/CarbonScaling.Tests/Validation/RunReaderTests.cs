using CarbonScaling.Validation;
using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Tests.Validation;

/// <summary>Files of whole runs and of footprints, told by their headers.</summary>
public sealed class RunReaderTests
{
    private const string Header = "id,params_total,tokens,accelerator,n_devices,device_hours,energy_it_kwh_norm,source_group,arch,exclude_reason,targets";

    [Fact]
    public void The_header_tells_the_kind_of_a_file()
    {
        RecordSet runs = Read($"{Header}\nr-1,7e9,1e12,A100,64,8e4,,g,dense-decoder,,T\n").Set;
        Assert.Equal((0, 1, 0), (runs.Steps.Count, runs.Runs.Count, runs.Footprints.Count));
        Assert.Equal(("r-1", 7e9, 1e12, 64, 8e4, "g"), (runs.Runs[0].Id, runs.Runs[0].Parameters, runs.Runs[0].Tokens, runs.Runs[0].Devices, runs.Runs[0].DeviceHours, runs.Runs[0].Source));
        Assert.Null(runs.Runs[0].EnergyKwh);

        RecordSet footprints = Read("id,device_or_server,per,use_as,kg_per_accelerator\nnv-1,H100,GPU card,TRUTH,164\n").Set;
        Assert.Equal(("nv", 164.0), (Assert.Single(footprints.Footprints).Source, footprints.Footprints[0].KilogramsPerDevice));

        Assert.Single(Read(RecordTexts.With()).Set.Steps);
    }

    [Fact]
    public void A_file_of_runs_names_what_it_lacks()
    {
        string problem = Assert.Single(RecordTexts.Problems("id,params_total,tokens,n_devices,device_hours\n"));
        Assert.Equal("own.csv:1: 'accelerator' is a column that is missing; needed: id, params_total, tokens, accelerator, n_devices", problem);
    }

    [Fact]
    public void A_number_that_is_none_is_told_with_its_row()
    {
        string problem = Assert.Single(RecordTexts.Problems($"{Header}\nr-1,many,1e12,A100,64,8e4,,g,dense-decoder,,T\n"));
        Assert.StartsWith("own.csv:2: row r-1, params_total: 'many' is not a number", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restatement of another run", "restated-run")]
    [InlineData("aggregate of two models: 2B 3T tok", "aggregate")]
    [InlineData("enc-dec MT MoE", "encoder-decoder-without-flops")]
    [InlineData("pruned + distilled: tokens up to 9T", "distilled")]
    [InlineData("tokens not disclosed", "unknown-work")]
    [InlineData("the cat sat on the keyboard", "excluded-by-file")]
    public void A_reason_in_words_falls_under_a_rule(string reason, string rule)
    {
        RunRecord record = Read($"{Header}\nr-1,7e9,1e12,A100,64,8e4,,g,dense-decoder,\"{reason}\",\n").Set.Runs[0];
        Exclusion exclusion = RunExclusions.Of(record)!;
        Assert.Equal((rule, reason), (exclusion.Rule.Name, exclusion.Detail));
    }

    [Fact]
    public void Every_published_run_and_footprint_is_read()
    {
        Assert.Equal(93, PublishedRecords.ReadSet("runs.csv").Runs.Count);
        Assert.Equal(7, PublishedRecords.ReadSet("footprints.csv").Footprints.Count);
    }

    private static RecordReading Read(string text)
    {
        RecordReading reading = RecordReader.Read(text, "own.csv");
        Assert.Empty(reading.Problems);
        return reading;
    }
}
