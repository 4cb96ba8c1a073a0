using CarbonScaling.Scenarios;

namespace CarbonScaling.Tests.Scenarios;

public class ScenarioProblemTests
{
    [Theory]
    [InlineData("plan.tensor=0", "--set:1: plan.tensor: '0' is not a whole number, 1 to 100M; allowed: 1 to 100M, such as 8")]
    [InlineData("plan.tensor=1.5", "plan.tensor: '1.5' is not a whole number")]
    [InlineData("plan.tensor=1e99", "plan.tensor: '1e99' is not a whole number")]
    [InlineData("plan.tensor=eight", "plan.tensor: 'eight' is not a whole number")]
    [InlineData("plan.microBatch=2000000", "plan.microBatch: '2000000' is not a whole number, 1 to 1M")]
    [InlineData("plan.sequenceParallel=yes", "plan.sequenceParallel: 'yes' is neither true nor false; allowed: true, false")]
    [InlineData("plan.sharding=zero11", "plan.sharding: 'zero11' is not known (did you mean 'zero1'?); allowed: none, zero1, zero2, zero3, hsdp")]
    [InlineData("plan.shardGroup=8", "plan.shardGroup: '8' has no effect; allowed: only with sharding: hsdp")]
    [InlineData("plan={sharding: zero3, shardGroup: 8}", "plan.shardGroup: '8' has no effect; allowed: only with sharding: hsdp")]
    [InlineData("plan={sharding: hsdp, shardGroup: 0}", "plan.shardGroup: '0' is not a whole number, 1 to 100M")]
    [InlineData("plan.context=0", "plan.context: '0' is not a whole number, 1 to 100M")]
    [InlineData("plan.contextMode=rings", "plan.contextMode: 'rings' is not known (did you mean 'ring'?); allowed: ring, ulysses, allgather")]
    [InlineData("plan.expert=-1", "plan.expert: '-1' is not a whole number, 1 to 100M")]
    [InlineData("plan.expertTensor=x", "plan.expertTensor: 'x' is not a whole number, 1 to 100M")]
    [InlineData("plan.schedule=zb-h3", "plan.schedule: 'zb-h3' is not known (did you mean 'zb-h1'?); allowed: gpipe, 1f1b, interleaved, zb-h1, zb-h2, zbv, dualpipe")]
    [InlineData("plan.tensorOverlap=pip", "plan.tensorOverlap: 'pip' is not known (did you mean 'pipe'?); allowed: none, ring, pipe")]
    [InlineData("plan.recompute=most", "plan.recompute: 'most' is not known; allowed: none, selective, full, { layers: n }, { modules: [attention, norm, mlp] }")]
    [InlineData("plan.recompute=[full]", "plan.recompute: '[full]' is not a single value; allowed: none, selective, full, { layers: n }")]
    [InlineData("plan.recompute={}", "plan.recompute: needs one of layers, modules")]
    [InlineData("plan.recompute={layers: 1, modules: [mlp]}", "plan.recompute: has layers and modules; allowed: only one of layers, modules")]
    [InlineData("plan.recompute={layers: 0}", "plan.recompute.layers: '0' is not a whole number, 1 to 100000")]
    [InlineData("plan.recompute={layer: 1, layers: 2}", "plan.recompute.layer: is not a known field (did you mean 'layers'?); allowed: layers, modules")]
    [InlineData("plan.recompute={modules: []}", "plan.recompute.modules: '[…]' names no module; allowed: attention, norm, mlp, latent")]
    [InlineData("plan.recompute={modules: [mlps]}", "plan.recompute.modules: '[mlps]' is not known (did you mean 'mlp'?); allowed: attention, norm, mlp, latent")]
    [InlineData("plan.recompute={modules: [mlp, mlp]}", "plan.recompute.modules: '[mlp, mlp]' names mlp twice; allowed: each word once")]
    [InlineData("plan.recompute={modules: [{a: 1}]}", "plan.recompute.modules: '[…]' is not a list of words; allowed: attention, norm, mlp, latent")]
    [InlineData("plan.offload=disk", "plan.offload: 'disk' is not known; allowed: none, optimizer, activations, weights")]
    [InlineData("plan.offload=[none, weights]", "plan.offload: '[none, weights]' has none beside others; allowed: none, or a list of the others")]
    [InlineData("plan.offload={weights: 1}", "plan.offload: '{…}' is not a single value; allowed: none, optimizer, activations, weights")]
    [InlineData("training.phases=3", "training.phases: '3' is not a list of phases; allowed: phases such as")]
    [InlineData("training={sequenceLength: 8, phases: 3}", "training.phases: '3' is not a list of phases")]
    [InlineData("training.phases=[3]", "training.phases: '[3]' is not a list of phases; allowed: phases such as")]
    [InlineData("training.phases=[{tokens: 100G}]", "training.tokens: '300G' is not the sum of the tokens of the phases; allowed: 100G, or none")]
    [InlineData("training={compute: 1e24, phases: [{tokens: 100G}]}", "training.phases: '[…]' has no meaning with compute or targetLoss")]
    [InlineData("training.phases=[{sequenceLength: 8}]", "training.phases[0].tokens: is missing")]
    [InlineData("training.phases=[{tokens: 0}]", "training.phases[0].tokens: '0' is out of range; allowed: 1 to 1E")]
    [InlineData("training.phases=[{tokens: 300G, globalBatchTokens: 1M, globalBatchSequences: 8}]", "training.phases[0]: has globalBatchSequences and globalBatchTokens")]
    [InlineData("training.phases=[{tokens: 300G, plan: {tensr: 8}}]", "training.phases[0].plan.tensr: is not a known field (did you mean 'tensor'?)")]
    [InlineData("training.phases=[{tokens: 300G, plan: {shardGroup: 8}}]", "training.phases[0].plan.shardGroup: '8' has no effect; allowed: only with sharding: hsdp")]
    [InlineData("training.phases=[{tokens: 300G, token: 1}]", "training.phases[0].token: is not a known field (did you mean 'tokens'?)")]
    [InlineData("training.routing.imbalance=0.9", "training.routing.imbalance: '0.9' is out of range; allowed: 1 to 1000")]
    [InlineData("training.routing.capacityFactor=0", "training.routing.capacityFactor: '0' is out of range; allowed: more than 0 to 1000")]
    [InlineData("software.stack=jaxx", "software.stack: 'jaxx' is not known (did you mean 'jax'?); allowed: megatron-2022, deepspeed, megatron-core, fsdp, jax")]
    [InlineData("software.moeDispatcher=deep", "software.moeDispatcher: 'deep' is not known (did you mean 'deepep'?); allowed: alltoall, deepep, hybridep, allgather")]
    [InlineData("software.release=2026-13", "software.release: '2026-13' is not a month; allowed: a month such as 2026-04")]
    [InlineData("software.release=26.04", "software.release: '26.04' is not a month")]
    [InlineData("cluster.domain=0", "cluster.domain: '0' is not a whole number, 1 to 100M")]
    [InlineData("software.overlap.data=maybe", "software.overlap.data: 'maybe' is neither true nor false")]
    [InlineData("software.overlap=true", "software.overlap: 'true' is not a map")]
    [InlineData("plan.tensor=[1]", "plan.tensor: '[1]' is not a single value; allowed: a whole number, 1 to 100M")]
    [InlineData("plan=8", "plan: '8' is not a map; allowed: fields below it")]
    [InlineData("training.tokens=NaN", "training.tokens: 'NaN' is not a number; allowed: ")]
    [InlineData("training.tokens=.inf", "training.tokens: '.inf' is not a number; allowed: ")]
    [InlineData("training.tokens=0", "training.tokens: '0' is out of range; allowed: 1 to 1E")]
    [InlineData("training.tokens=2e18", "training.tokens: '2e18' is out of range; allowed: 1 to 1E")]
    [InlineData("training.precision=int8", "training.precision: 'int8' is not known")]
    [InlineData("training.law=besiroglu-2024", "training.law: 'besiroglu-2024' has no effect; allowed: only with compute or targetLoss")]
    [InlineData("training.compute=1e25", "training: has tokens and compute; allowed: only one of tokens, compute, targetLoss")]
    [InlineData("training={tokens: null}", "training: needs one of tokens, compute, targetLoss")]
    [InlineData("training={compute: 1e41}", "training.compute: '1e41' is out of range; allowed: 1 to 1e40 FLOP")]
    [InlineData("training={targetLoss: 0}", "training.targetLoss: '0' is out of range; allowed: 0.1 to 20")]
    [InlineData("training={tokens: 1T, globalBatchSequences: 8, globalBatchTokens: 1M}", "training: has globalBatchSequences and globalBatchTokens")]
    [InlineData("training={tokens: 1T, globalBatchSequences: 8, batchLaw: x}", "training.batchLaw: 'x' has no effect")]
    [InlineData("training=null", "training: is missing")]
    [InlineData("model=null", "model: is missing")]
    [InlineData("model=\"\"", "model: is not a catalog id; allowed: a catalog id such as llama-3.1-405b, the path of a config.json or of a Megatron-LM script (.sh, .args, .yaml), or an inline architecture")]
    [InlineData("model=GPT 3", "model: 'GPT 3' is not a catalog id")]
    [InlineData("model=[a]", "model: '[a]' is not a single value; allowed: a catalog id such as llama-3.1-405b, the path of a config.json or of a Megatron-LM script (.sh, .args, .yaml), or an inline architecture")]
    [InlineData("model=./llama/config.json", "model: './llama/config.json' is a path, and no files are read here; allowed: a catalog id or an inline architecture")]
    [InlineData("cluster=null", "cluster: is missing")]
    [InlineData("cluster={system: dgx-h100}", "cluster.devices: is missing")]
    [InlineData("cluster={devices: 8}", "cluster.system: is missing")]
    [InlineData("cluster.devices=100000001", "cluster.devices: '100000001' is not a whole number, 1 to 100M")]
    [InlineData("cluster.devices=[8]", "cluster.devices: '[8]' is not a range; allowed: a number, or [min, max]")]
    [InlineData("cluster.devices=[64, 8]", "cluster.devices: '[64, 8]' is not a range: the first number is greater than the second")]
    [InlineData("cluster.devices=[0, 8]", "cluster.devices: '[0, 8]' is not a whole number, 1 to 100M")]
    [InlineData("cluster.devices={a: 1}", "cluster.devices: '{…}' is not a single value")]
    [InlineData("cluster={pools: [{system: a, devices: 1}, {system: b, devices: 0}]}", "cluster.pools[1].devices: '0' is not a whole number, 1 to 100M")]
    [InlineData("cluster={pools: [{system: a, devices: 1}, b]}", "cluster.pools: '[…]' is not a list of pools; allowed: pools such as [{ system: dgx-h100")]
    [InlineData("cluster={pools: a}", "cluster.pools: 'a' is not a list of pools")]
    [InlineData("cluster.network.nicBandwidth=0", "cluster.network.nicBandwidth: '0' is out of range; allowed: 1 to 1E B/s")]
    [InlineData("cluster.network.nicBandwidth=400 GiB", "'GiB' is no unit of it")]
    [InlineData("cluster.network.contention=1.1", "cluster.network.contention: '1.1' is out of range; allowed: more than 0 to 1")]
    [InlineData("cluster={pools: []}", "cluster.pools: '[…]' is not a list of pools")]
    [InlineData("cluster={pools: [{system: a}]}", "cluster.pools[0].devices: is missing")]
    [InlineData("cluster.pools=[{system: a, devices: 1}]", "cluster.pools: '[…]' stands beside system, devices or domain; allowed: one of the two forms")]
    [InlineData("cluster.network.oversubscription=0.5", "cluster.network.oversubscription: '0.5' is out of range; allowed: 1 to 1000")]
    [InlineData("cluster.failures=rare", "cluster.failures: 'rare' is not known")]
    [InlineData("cluster.checkpoint.storageBytesPerSecond=200 GiB", "'GiB' is no unit of it")]
    [InlineData("limits.days=0", "limits.days: '0' is out of range; allowed: more than 0 to 36500 d")]
    [InlineData("limits.memoryHeadroom=1", "limits.memoryHeadroom: '1' is out of range; allowed: 0 to less than 1")]
    [InlineData("site={}", "site: needs one of grid, carbonIntensity")]
    [InlineData("site.carbonIntensity=1", "site: has grid and carbonIntensity; allowed: only one of grid, carbonIntensity")]
    [InlineData("site={carbonIntensity: 5.1 kg/kWh}", "site.carbonIntensity: '5.1 kg/kWh' is out of range; allowed: 0 to 5000 g/kWh")]
    [InlineData("site={carbonIntensity: -1}", "site.carbonIntensity: '-1' is out of range")]
    [InlineData("site.pue=0.9", "site.pue: '0.9' is out of range; allowed: 1 to 5")]
    [InlineData("site.lifetimeYears=0", "site.lifetimeYears: '0' is out of range; allowed: 0.1 to 50 years")]
    [InlineData("site.start=15.1.2026", "site.start: '15.1.2026' is not a date; allowed: a date such as 2026-01-15")]
    [InlineData("site.start=2026-02-30", "site.start: '2026-02-30' is not a date")]
    [InlineData("site.allocation=energy", "site.allocation: 'energy' is not known; allowed: time")]
    [InlineData("objective=speed", "objective: 'speed' is not known")]
    [InlineData("objective={}", "objective: '{…}' gives no goal a weight")]
    [InlineData("objective={carbon: 0}", "objective: '{…}' gives no goal a weight")]
    [InlineData("objective={carbon: -1}", "objective.carbon: '-1' is out of range")]
    [InlineData("name=[a]", "name: '[a]' is not a single value; allowed: text")]
    [InlineData("name=\"a\\nb\"", "name: 'a\\u000ab' is not a short text")]
    public void A_wrong_value_is_told_with_what_is_allowed(string change, string expected)
    {
        var problems = Example.Problems(Example.Small, change);
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
        Assert.All(problems, problem => Assert.Matches(@"^(job\.yaml|--set):\d+: ", problem));
    }

    [Theory]
    [InlineData("cluster.powerCapWatts=500", "cluster.powerCapWatts: '500' is not supported yet; allowed: null")]
    [InlineData("cluster.powerCapWatts=search", "is not supported yet; allowed: null")]
    [InlineData("site={hourly: ci.csv}", "site.hourly: 'ci.csv' is not supported yet; allowed: null")]
    [InlineData("site.intensityKind=marginal", "site.intensityKind: 'marginal' is not supported yet; allowed: lifecycle, direct")]
    [InlineData("limits.cost=1e6", "limits.cost: '1e6' is not supported yet; allowed: null")]
    [InlineData("prices={kWh: 0.08 USD}", "prices.kWh: '0.08 USD' is not supported yet; allowed: null")]
    [InlineData("objective=cost", "objective: 'cost' is not supported yet; allowed: time, energy, carbon")]
    [InlineData("objective={cost: 1}", "objective.cost: '1' is not supported yet; allowed: null")]
    [InlineData("assumptions=erdil-2024", "assumptions: 'erdil-2024' is not supported yet; allowed: default")]
    public void A_later_part_of_the_format_is_known_but_refused(string change, string expected) =>
        Assert.Contains(expected, Assert.Single(Example.Problems(Example.Small, change)), StringComparison.Ordinal);

    [Theory]
    [InlineData("model.heads=null", "model.heads: is missing")]
    [InlineData("model.hidden=0", "model.hidden: '0' is not a whole number, 1 to 10M")]
    [InlineData("model.keyValueHeads=5", "model.keyValueHeads: '5' does not divide heads, 12; allowed: a divisor of it")]
    [InlineData("model.hidden=770", "model.headDimension: is missing, and hidden, 770, is not a multiple of heads, 12")]
    [InlineData("model.positions=learned", "model.positionsLength: is missing; learned positions need their number of rows")]
    [InlineData("model.positionsLength=1024", "model.positionsLength: '1024' has no meaning here; allowed: only with positions: learned")]
    [InlineData("model.feedForward=null", "model.feedForward: is missing")]
    [InlineData("model.expertsPerToken=8", "model.expertsPerToken: '8' has no meaning here; allowed: only with experts")]
    [InlineData("model.routerBias=true", "model.routerBias: 'true' has no meaning here; allowed: only with experts")]
    [InlineData("model.windowKind=chunked", "model.windowKind: 'chunked' has no meaning here; allowed: only with window")]
    [InlineData("model.queryRank=512", "model.queryRank: '512' has no meaning here; allowed: only with keyValueRank")]
    [InlineData("model.normsPerLayer=5", "model.normsPerLayer: '5' is not a whole number, 1 to 4")]
    [InlineData("model.biases=ffm", "model.biases: 'ffm' is not known (did you mean 'ffn'?); allowed: none, qkv, attention, ffn, all")]
    [InlineData("model.expert=8", "model.expert: is not a known field (did you mean 'experts'?); allowed: layers, hidden")]
    public void An_inline_architecture_is_checked(string change, string expected) =>
        Assert.Contains(expected, Assert.Single(Example.Problems(Example.Inline, change)), StringComparison.Ordinal);

    [Theory]
    [InlineData("model.expertsPerToken=9", "model.expertsPerToken: '9' is more than experts, 8; allowed: at most that")]
    [InlineData("model.expertLayerPhase=2", "model.expertLayerPhase: '2' is not below expertLayerInterval, 2; allowed: 0 to 1")]
    [InlineData("model.leadingDenseLayers=12", "model.experts: '8' but none of the 12 layers has experts")]
    [InlineData("model.feedForward=null", "model.feedForward: is missing, and some layers are dense")]
    [InlineData("model.routingGroups=3", "model.routingGroups: '3' does not divide experts, 8")]
    [InlineData("model.routingGroupLimit=5", "model.routingGroupLimit: '5' is more than routingGroups, 4")]
    [InlineData("model.routingGroupLimit=1", "model.routingGroupLimit: '1' leaves fewer experts than expertsPerToken, 3")]
    [InlineData("model.expertFeedForward=null", "model.expertFeedForward: is missing")]
    [InlineData("model.windowFullPhase=4", "model.windowFullPhase: '4' is not below windowFullInterval, 3; allowed: 0 to 2")]
    [InlineData("model.ropeHeadDimension=null", "model.ropeHeadDimension: is missing")]
    [InlineData("model.headDimension=null", "model.headDimension: is missing, and latent attention needs it")]
    [InlineData("model.keyValueHeads=4", "model.keyValueHeads: '4' has no meaning with latent attention")]
    public void An_inline_mixture_is_checked(string change, string expected) =>
        Assert.Contains(expected, Assert.Single(Example.Problems(Example.Mixture, change)), StringComparison.Ordinal);

    [Theory]
    [InlineData("plan.tensr=8", "--set:1: plan.tensr: is not a known field (did you mean 'tensor'?); allowed: ")]
    [InlineData("trainin=8", "--set:1: trainin: is not a known field (did you mean 'training'?); allowed: name, model, plan, training")]
    [InlineData("cluster.network.bandwidth=8", "cluster.network.bandwidth: is not a known field (did you mean 'nicBandwidth'?); allowed: oversubscription, nicBandwidth, contention")]
    [InlineData("cluster={system: a, devices: 8, chekpoint: {}}", "cluster.chekpoint: is not a known field (did you mean 'checkpoint'?)")]
    [InlineData("cluster={pools: [{system: a, devices: 8, networks: {}}]}", "cluster.pools[0].networks: is not a known field (did you mean 'network'?); allowed: network, system, devices, domain")]
    [InlineData("prices={deviceHours: 1}", "prices.deviceHours: is not a known field (did you mean 'deviceHour'?)")]
    public void An_unknown_field_suggests_the_nearest(string change, string expected) =>
        Assert.Contains(expected, Assert.Single(Example.Problems(Example.Small, change)), StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_told_at_once_by_line()
    {
        const string Text = """
            model: gpt3-175b
            training:
              tokens: lots
              sequenceLength: -1
            cluster:
              system: dgx-h100
              device: 8
            plan: { tensor: 0,
              schedule: zbw }
            objectiv: time
            """;

        Assert.Equal(
            [
                "job.yaml:1: site: is missing",
                "job.yaml:3: training.tokens: 'lots' is not a number; allowed: a number such as 12, 1.5e9 or 15.6T, with the prefixes k, M, G, T, P, E (1000) or Ki, Mi, Gi, Ti (1024)",
                "job.yaml:4: training.sequenceLength: '-1' is not a whole number, 1 to 100M; allowed: 1 to 100M, such as 8",
                "job.yaml:5: cluster.devices: is missing",
                "job.yaml:7: cluster.device: is not a known field (did you mean 'devices'?); allowed: network, pools, system, devices, domain, powerCapWatts, failures, checkpoint",
                "job.yaml:8: plan.tensor: '0' is not a whole number, 1 to 100M; allowed: 1 to 100M, such as 8",
                "job.yaml:9: plan.schedule: 'zbw' is not known (did you mean 'zbv'?); allowed: gpipe, 1f1b, interleaved, zb-h1, zb-h2, zbv, dualpipe",
                "job.yaml:10: objectiv: is not a known field (did you mean 'objective'?); allowed: name, model, plan, training, software, cluster, limits, site, assumptions, calibration, objective, prices",
                "--set:1: limits.days: '-1' is out of range; allowed: more than 0 to 36500 d",
            ],
            Example.Problems(Text, "limits.days=-1"));
    }

    [Theory]
    [InlineData("", "job.yaml:1: is empty; allowed: a map")]
    [InlineData("# nothing\n", "job.yaml:1: is empty; allowed: a map")]
    [InlineData("~", "job.yaml:1: is empty; allowed: a map")]
    [InlineData("[1, 2]", "job.yaml:1: '[1, 2]' is not a scenario")]
    [InlineData("text", "job.yaml:1: 'text' is not a scenario")]
    [InlineData("model: a\nmodel: b\n", "job.yaml:2: model: is given twice, first in line 1")]
    [InlineData("model: &x a\n", "job.yaml:1: anchors (&name) and aliases (*name) are not supported")]
    [InlineData("model: a\nname: *x\n", "job.yaml:2: anchors (&name) and aliases (*name) are not supported")]
    [InlineData("model: !str a\n", "job.yaml:1: tags (!name) are not supported")]
    [InlineData("plan:\n  <<: { tensor: 8 }\n", "job.yaml:2: '<<' is not supported: merge keys")]
    [InlineData("? { a: 1 }\n: 2\n", "job.yaml:1: '{…}' is not a field name; allowed: text")]
    [InlineData("model: a\n---\nmodel: b\n", "job.yaml:2: is not valid YAML or JSON: a second document follows")]
    [InlineData("model:\n\tlayers: 1\n", "is not valid YAML or JSON: ")]
    [InlineData("model: [1,\n", "is not valid YAML or JSON: ")]
    [InlineData("{\"model\": \"a\"", "is not valid YAML or JSON: ")]
    [InlineData("model: \"\\ud83d\"", "is not valid YAML or JSON: ")]
    [InlineData("model: a: b", "job.yaml:1: is not valid YAML or JSON: ")]
    [InlineData("model: a\nname: b\0c", "job.yaml:2: '\\u0000' is not allowed in a text")]
    [InlineData("name: \u001b[31m", "job.yaml:1: '\\u001b' is not allowed in a text")]
    public void A_text_that_is_no_map_is_told_with_its_line(string text, string expected) =>
        Assert.Contains(Example.Problems(text), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_text_too_large_or_too_deep_is_refused()
    {
        Assert.Equal(
            "job.yaml:1: is too large; allowed: at most 1 MiB",
            Assert.Single(Example.Problems("#" + new string('x', 1 << 20))));
        Assert.Equal(
            "job.yaml:1: is not valid YAML or JSON: maps and lists are nested too deeply; allowed: 32 levels",
            Assert.Single(Example.Problems("a: " + new string('[', 100_000))));
    }

    [Fact]
    public void The_number_of_problems_is_limited()
    {
        var problems = Example.Problems(string.Concat(Enumerable.Range(0, 5000).Select(index => $"field{index}: 1\n")));

        Assert.Equal(1001, problems.Length);
        Assert.EndsWith("more problems are not listed", problems[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_is_one_line_whatever_it_quotes()
    {
        var problem = new ScenarioProblem("a\nb", 3, "x\ty", new string('v', 100) + "\u2028\u202e", "is \u001b wrong");

        Assert.Equal($"a\\u000ab:3: x\\u0009y: '{new string('v', 60)}…' is \\u001b wrong", problem.ToString());
        Assert.Equal("f:1: 'a\\u2028\\u202e🌱\ufffd' m", new ScenarioProblem("f", 1, "", "a\u2028\u202e🌱\ud83d", "m").ToString());
    }
}
