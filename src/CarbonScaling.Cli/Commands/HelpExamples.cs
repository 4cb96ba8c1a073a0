namespace CarbonScaling.Cli.Commands;

/// <summary>Examples of each command, for its help.</summary>
internal static class HelpExamples
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["carbonscaling"] =
        [
            "carbonscaling estimate examples/llama-3.1-405b.yaml",
            "carbonscaling plan examples/search-1t.yaml --top 10",
            "carbonscaling explain examples/llama-3.1-405b.yaml --figure carbon.totalKg",
            "carbonscaling validate",
            "carbonscaling calibrate --records own.csv --calibration default --out own.yaml",
            "carbonscaling track examples/7b-8gpu.yaml --telemetry examples/telemetry/7b-megatron.log",
            "carbonscaling catalog accelerators h100-sxm",
        ],
        ["estimate"] =
        [
            "carbonscaling estimate examples/llama-3.1-405b.yaml",
            "carbonscaling estimate run.yaml --set cluster.devices=8192 --set site.grid=fr",
            "carbonscaling estimate run.yaml --format json --out run.json",
            "cat run.yaml | carbonscaling estimate -",
        ],
        ["plan"] =
        [
            "carbonscaling plan examples/search-1t.yaml",
            "carbonscaling plan run.yaml --set cluster.devices=[1024,8192] --set limits.days=60 --top 10",
            "carbonscaling plan run.yaml --set objective=time --format csv --out plans.csv",
        ],
        ["explain"] =
        [
            "carbonscaling explain examples/llama-3.1-405b.yaml --figure carbon.totalKg",
            "carbonscaling explain run.yaml --figure step.seconds --depth 8",
            "carbonscaling explain run.yaml --figure memory.totalBytes --format json",
        ],
        ["validate"] =
        [
            "carbonscaling validate",
            "carbonscaling validate --records own.csv --rows",
            "carbonscaling validate --format json --out validation.json --fail-above 0.15",
        ],
        ["calibrate"] =
        [
            "carbonscaling calibrate",
            "carbonscaling calibrate --scenario run.yaml --steps train.log --power power.csv --out own.yaml",
            "carbonscaling calibrate --own --records own.csv --out own.yaml",
            "carbonscaling estimate run.yaml --calibration own.yaml",
        ],
        ["track"] =
        [
            "carbonscaling track examples/7b-8gpu.yaml --telemetry examples/telemetry/7b-megatron.log",
            "carbonscaling track run.yaml --telemetry train.log --telemetry power.csv --telemetry sacct.txt",
            "tail -n 100000 train.log | carbonscaling track run.yaml --telemetry - --format json --out track.json",
        ],
        ["export"] =
        [
            "carbonscaling export examples/llama-3.1-405b.yaml --to megatron",
            "carbonscaling export run.yaml --to megatron --out run.args",
            "carbonscaling export run.yaml --to megatron --format json",
        ],
        ["catalog"] =
        [
            "carbonscaling catalog",
            "carbonscaling catalog grids",
            "carbonscaling catalog accelerators h100-sxm",
        ],
    };

    /// <summary>The examples of a command; none where it has none.</summary>
    public static IReadOnlyList<string> Of(string command) => Examples.GetValueOrDefault(command, []);
}
