using System.Text;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Tests.Validation.Calibration;

/// <summary>What may be declared as fitted.</summary>
public sealed class FitDeclarationTests
{
    private const string Products = "gemm.{generation}.{precision}.efficiency";

    [Fact]
    public void A_parameter_is_made_for_every_value_of_its_indices()
    {
        FitDeclaration declaration = Read(Parameter(by: """{"generation": ["hopper", "ampere"], "precision": "16bit"}"""));
        Assert.Equal(["gemm.hopper.16bit", "gemm.ampere.16bit"], declaration.Parameters.Select(static parameter => parameter.Id));
    }

    [Fact]
    public void Figures_of_one_device_stand_under_its_generation()
    {
        FittedSpace space = Space(Parameter(by: """{"generation": "blackwell", "precision": "fp8"}"""));
        Assert.Contains("gemm.blackwell.fp8.efficiency", space.Figures[0]);
        Assert.Contains("gemm.gb200.fp8.efficiency", space.Figures[0]);
        Assert.DoesNotContain(space.Figures[0], static figure => figure.Contains("hopper", StringComparison.Ordinal) || figure.Contains("gb300", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"model": "gpt3-175b"}""", "is by 'model', by which nothing may be fitted; allowed: generation, precision, attentionKernel, softwareClass")]
    [InlineData("""{"source": "VTR"}""", "is by 'source', by which nothing may be fitted")]
    [InlineData("""{"generation": "hoper"}""", "is by generation 'hoper', which is none; did you mean 'hopper'?")]
    [InlineData("""{"generation": "h100-sxm"}""", "is by generation 'h100-sxm', which is none")]
    [InlineData("""{"precision": "int4"}""", "is by precision 'int4', which is none")]
    [InlineData("""{"softwareClass": "fsdp"}""", "is by softwareClass, but its figures 'gemm.{generation}.{precision}.efficiency' have no {softwareClass}")]
    public void Another_index_is_refused(string by, string expected) => Refused(Parameter(by), expected);

    [Theory]
    [InlineData("gemm.hopper.{precision}.efficiency", "are those of hopper alone")]
    [InlineData("gemm.gb200.{precision}.efficiency", "are those of gb200 alone")]
    [InlineData("collective.scaleOut.omni-path-100.efficiency", "are those of omni-path-100 alone")]
    [InlineData("collective.omni*.efficiency", "are those of omni-path-100 alone")]
    [InlineData("gemm.{generation}.efficiency", "multiplies no figure of priors")]
    [InlineData("gemm.{device}.efficiency", "multiplies no figure of priors")]
    public void Figures_of_one_thing_and_no_figures_are_refused(string figures, string expected) =>
        Refused(Parameter(figures: figures), expected);

    [Theory]
    [InlineData("""["a", "b"]""", "are not allowed; allowed: at most 5 of megatron-2022")]
    [InlineData("""["fsdp", "jax", "fsdp", "jax", "fsdp", "jax"]""", "are not allowed; allowed: at most 5")]
    public void Other_software_classes_are_refused(string classes, string expected) => Refused(Parameter(), expected, classes);

    [Fact]
    public void What_cannot_be_multiplied_is_refused()
    {
        Refused(Parameter(spread: "0"), "the spread of the parameter 'gemm' is 0; allowed: more than 0");
        Refused(Parameter() + ", " + Parameter(), "the parameter 'gemm' is declared twice");

        // A ratio of 1 is no share.
        Refused(Parameter(figures: "gemm.backward.efficiencyRatio"), "cannot be multiplied; allowed: above 0 and below 1, for it is a share", shares: "gemm.backward.*");
    }

    private static void Refused(string parameters, string expected, string classes = """["fsdp"]""", string shares = Products)
    {
        CatalogException refused = Assert.Throws<CatalogException>(() => Space(parameters, classes, shares));
        Assert.StartsWith("fits/steps: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static FittedSpace Space(string parameters, string classes = """["fsdp"]""", string shares = Products) =>
        FittedSpace.Of(Read(parameters, classes, shares), ParameterSets.Of(LegalCases.Embedded).WithoutData, LegalCases.Embedded);

    private static FitDeclaration Read(string parameters, string classes = """["fsdp"]""", string shares = Products)
    {
        string Number(string name) => $$"""
            "{{name}}": { "v": 0.5, "u": "1", "s": "assumption", "st": "assumed" }
            """;
        string text = $$"""
            { "name": "test", "attributes": {}, "figures": {
              {{Number("likelihood.scale")}}, {{Number("likelihood.degreesOfFreedom")}}, {{Number("sources.exponent")}},
              {{Number("extrapolation.perDoubling")}}, {{Number("extrapolation.unseen")}}, {{Number("adaptation.share")}} },
              "sections": { "softwareClasses": {{classes}}, "shares": ["{{shares}}"], "parameters": [{{parameters}}] } }
            """;
        CatalogEntry entry = CatalogEntryReader.Read(CatalogKinds.Fits, "steps", Encoding.UTF8.GetBytes(text), static _ => true);
        return FitDeclarationReader.Read(entry, LegalCases.Embedded);
    }

    private static string Parameter(string? by = null, string figures = Products, string spread = "0.1") => $$"""
        { "id": "gemm", {{(by is null ? "" : $"\"by\": {by},")}} "figures": ["{{figures}}"], "spread": {{spread}}, "source": "assumption", "why": "test" }
        """;
}
