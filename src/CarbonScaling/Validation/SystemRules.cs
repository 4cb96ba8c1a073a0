namespace CarbonScaling.Validation;

/// <summary>Which system of the catalog a record's accelerator stands in: the first rule whose words it has.</summary>
internal static class SystemRules
{
    private static readonly Rule[] Rules =
    [
        new("v100", "dgx-2", "DGX-2 is named", "dgx2"),
        new("v100", "jean-zay-v100-16gb", "V100 nodes of four are those of Jean Zay", "16gb", DevicesPerNode: 4),
        new("v100", "jean-zay-v100-32gb", "V100 nodes of four are those of Jean Zay", DevicesPerNode: 4),
        new("v100", "dgx-1-v100-16gb", "V100 with 16 GB", "16gb"),
        new("v100", "dgx-1-v100", "V100 otherwise has 32 GB"),
        new("p100", "dgx-1-p100", "P100"),
        new("a100", "a100-40gb-pcie-8", "A100 PCIe with 40 GB", "40gbpcie"),
        new("a100", "a100-80gb-pcie-8", "A100 PCIe otherwise has 80 GB", "pcie"),
        new("a100", "dgx-a100-40gb", "A100 with 40 GB", "40gb"),
        new("a100", "dgx-a100-40gb", "a DGX A100 without a size is the first one, of 40 GB", "(dgxa100)"),
        new("a100", "jean-zay-a100", "the A100 nodes with Omni-Path are those of Jean Zay", "omnipath"),
        new("a100", "hgx-a100-80gb-roce", "A100 nodes with RoCE", "roce"),
        new("a100", "dgx-a100-80gb", "A100 otherwise has 80 GB"),
        new("a800", "hgx-a800-80gb", "A800"),
        new("gh200", "gh200", "GH200"),
        new("gb300", "gb300-nvl72", "GB300 comes in racks of 72"),
        new("gb200", "gb200-nvl72", "GB200 comes in racks of 72"),
        new("h800", "hgx-h800", "H800"),
        new("h200", "hgx-h200-roce", "H200 nodes with RoCE", "roce"),
        new("h200", "dgx-h200", "H200"),
        new("h100", "h100-pcie-8", "H100 PCIe", "pcie"),
        new("h100", "h100-nvl-8", "H100 NVL", "h100nvl"),
        new("h100", "hgx-h100-roce", "H100 nodes with RoCE", "roce"),
        new("h100", "dgx-h100", "H100"),
        new("h20", "hgx-h20", "H20"),
        new("b300", "dgx-b300", "B300"),
        new("b200", "dgx-b200", "B200"),
        new("l40s", "l40s-8", "L40S"),
        new("mi355x", "mi355x-8", "MI355X"),
        new("mi350x", "mi350x-8", "MI350X"),
        new("mi325x", "mi325x-8", "MI325X"),
        new("mi300x", "mi300x-8", "MI300X"),
        new("mi250x", "frontier-mi250x", "MI250X"),
        new("tpuv7", "tpu-v7-pod", "TPU v7"),
        new("tpuv6e", "tpu-v6e-pod", "TPU v6e"),
        new("trillium", "tpu-v6e-pod", "Trillium is TPU v6e"),
        new("tpuv5p", "tpu-v5p-pod", "TPU v5p"),
        new("tpuv5e", "tpu-v5e-pod", "TPU v5e"),
        new("tpuv5lite", "tpu-v5e-pod", "TPU v5 lite is v5e"),
        new("tpuv4", "tpu-v4-pod", "TPU v4"),
        new("tpuv3", "tpu-v3-pod", "TPU v3"),
        new("tpuv2", "tpu-v2-pod", "TPU v2"),
        new("gaudi3", "gaudi3-8", "Gaudi 3"),
        new("gaudi2", "gaudi2-8", "Gaudi 2"),
        new("trainium2", "trn2", "Trainium 2"),
        new("trainium", "trn1", "Trainium"),
        new("ascend910b", "atlas-800t-a2", "Ascend 910B"),
        new("ascend910c", "cloudmatrix-384", "Ascend 910C"),
    ];

    /// <summary>The system and the rule that says so; null where no rule knows the accelerator.</summary>
    public static (string System, string Rule)? Of(StepRecord record) =>
        Of(record.Accelerator, record.Interconnect, record.DevicesPerNode);

    /// <summary>The system and the rule that says so; null where no rule knows the accelerator.</summary>
    /// <param name="words">The accelerator as published.</param>
    /// <param name="interconnect">The links as published.</param>
    /// <param name="devicesPerNode">Accelerators in a node.</param>
    public static (string System, string Rule)? Of(string words, string interconnect = "", int? devicesPerNode = null)
    {
        string accelerator = Normal(words);
        string all = $"{accelerator} {Normal(interconnect)}";
        Rule? found = Array.Find(Rules, rule =>
            accelerator.Contains(rule.Accelerator, StringComparison.Ordinal)
            && (rule.Word is null || all.Contains(rule.Word, StringComparison.Ordinal))
            && (rule.DevicesPerNode is null || rule.DevicesPerNode == devicesPerNode));
        return found is null ? null : (found.System, found.Says);
    }

    // "A100-40GB", "A100 40 GB" and "a100-40 GB" say the same.
    private static string Normal(string text) => string.Concat(text.Where(static letter => letter is not (' ' or '-'))).ToLowerInvariant();

    /// <param name="Accelerator">What the accelerator's text holds.</param>
    /// <param name="System">Id of the system.</param>
    /// <param name="Says">The rule in a few words.</param>
    /// <param name="Word">What accelerator or interconnect must hold as well.</param>
    /// <param name="DevicesPerNode">Devices that a node must have.</param>
    private sealed record Rule(string Accelerator, string System, string Says, string? Word = null, int? DevicesPerNode = null);
}
