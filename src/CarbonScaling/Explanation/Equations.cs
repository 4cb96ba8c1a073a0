using CarbonScaling.Units;

namespace CarbonScaling.Explanation;

/// <summary>Every equation of the model, by id. Code, documentation and derivations share these.</summary>
public static class Equations
{
    /// <summary>PARAM-1: weights of a layer's matrix products.</summary>
    public static readonly Equation LayerMatrices = new(
        "PARAM-1", "weights of a layer's matrix products", "parameters", "attention + n·h·f, n = 3 with a gate, else 2", "counted from the architecture (Shoeybi et al. 2019; Touvron et al. 2023)");

    /// <summary>PARAM-2: norms and biases of a layer.</summary>
    public static readonly Equation LayerVectors = new(
        "PARAM-2", "norms and biases of a layer", "parameters", "norms of h (2h with a bias) + norms of queries, keys and latents + biases + sinks", "counted from the architecture");

    /// <summary>PARAM-3: parameters of the embedding.</summary>
    public static readonly Equation EmbeddingParameters = new(
        "PARAM-3", "parameters of the embedding", "parameters", "(V + positions)·h", "counted from the architecture");

    /// <summary>PARAM-4: parameters of the model.</summary>
    public static readonly Equation TotalParameters = new(
        "PARAM-4", "parameters of the model", "parameters", "dense layers·(matrices + vectors) + layers with experts·(attention + routed + shared + router + vectors) + embedding + untied head + final norm", "counted from the architecture");

    /// <summary>PARAM-5a: parameters of a layer on a device.</summary>
    public static readonly Equation RankLayerParameters = new(
        "PARAM-5a", "parameters of a layer on a device", "parameters", "matrices/t + 2h·d·(max(g/t, 1) − g/t) + vectors", "Shoeybi et al. 2019, section 3");

    /// <summary>PARAM-5b: parameters of the embedding on a device.</summary>
    public static readonly Equation RankEmbeddingParameters = new(
        "PARAM-5b", "parameters of the embedding on a device", "parameters", "V·h/t + positions·h", "Shoeybi et al. 2019, section 3");

    /// <summary>PARAM-5c: parameters of the head on a device.</summary>
    public static readonly Equation RankHeadParameters = new(
        "PARAM-5c", "parameters of the head on a device", "parameters", "V·h/t", "Shoeybi et al. 2019, section 3");

    /// <summary>PARAM-6: parameters of a device on the fullest stage.</summary>
    public static readonly Equation StageParameters = new(
        "PARAM-6", "parameters of a device on the fullest stage", "parameters", "max over stages of layers·layer + embedding + head", "counted from the plan");

    /// <summary>PARAM-7: weights of attention.</summary>
    public static readonly Equation AttentionMatrices = new(
        "PARAM-7", "weights of attention", "parameters", "h·a·d + 2h·g·d + a·d·h (a gate: h·a·d more); latent: r_q(h + a(d_n + d_r)) + h(r_kv + d_r) + r_kv·a(d_n + d_v) + a·d_v·h", "counted from the architecture (Ainslie et al. 2023; DeepSeek-AI 2024, section 2.1)");

    /// <summary>PARAM-8: routed experts of a layer.</summary>
    public static readonly Equation RoutedExpertParameters = new(
        "PARAM-8", "routed experts of a layer", "parameters", "E·(n·h·f_e + biases)", "counted from the architecture (Fedus et al. 2022; DeepSeek-AI 2024)");

    /// <summary>PARAM-9: shared experts of a layer.</summary>
    public static readonly Equation SharedExpertParameters = new(
        "PARAM-9", "shared experts of a layer", "parameters", "n·h·f_s, and h for a gate", "counted from the architecture (Dai et al. 2024)");

    /// <summary>PARAM-10: router of a layer.</summary>
    public static readonly Equation RouterParameters = new(
        "PARAM-10", "router of a layer", "parameters", "h·E, and E for a bias", "counted from the architecture");

    /// <summary>PARAM-11: norms and biases of a layer with experts.</summary>
    public static readonly Equation MoeLayerVectors = new(
        "PARAM-11", "norms and biases of a layer with experts", "parameters", "as PARAM-2, with the biases of the shared experts", "counted from the architecture");

    /// <summary>PARAM-12: prediction modules.</summary>
    public static readonly Equation PredictionParameters = new(
        "PARAM-12", "prediction modules", "parameters", "D·(2h·h + layer + 3 norms)", "DeepSeek-AI 2024 (V3), section 2.2");

    /// <summary>PARAM-13: parameters that a token uses.</summary>
    public static readonly Equation ActiveParameters = new(
        "PARAM-13", "parameters that a token uses", "parameters", "as PARAM-4, with K of the E routed experts", "counted from the architecture");

    /// <summary>FLOP-1: forward FLOPs per token in the layers' products.</summary>
    public static readonly Equation LayerFlops = new(
        "FLOP-1", "forward FLOPs per token in the layers' products", "FLOP", "2·dense layers·matrices + layers with experts·FLOP-6 + prediction modules", "two FLOPs per weight and token");

    /// <summary>FLOP-2: forward FLOPs per token in attention, counted in full.</summary>
    public static readonly Equation AttentionFlops = new(
        "FLOP-2", "forward FLOPs per token in attention, counted in full", "FLOP", "Σ layers 2·a·(d_qk + d_v)·min(s, w); 4·L·s·a·d without windows", "scores and their use, 2·s·a·d each");

    /// <summary>FLOP-3: forward FLOPs per token in the head.</summary>
    public static readonly Equation HeadFlops = new(
        "FLOP-3", "forward FLOPs per token in the head", "FLOP", "2·h·V·(1 + prediction modules)", "two FLOPs per weight and token");

    /// <summary>FLOP-4: forward and backward FLOPs per token.</summary>
    public static readonly Equation ModelFlops = new(
        "FLOP-4", "forward and backward FLOPs per token", "FLOP", "3·(layers + head + attention), attention in full or as causal (FLOP-7); by parameters: 6·P, P the active ones", "Narayanan et al. 2021, appendix; Chowdhery et al. 2022, appendix B");

    /// <summary>FLOP-5: executed FLOPs per token with recomputation.</summary>
    public static readonly Equation HardwareFlops = new(
        "FLOP-5", "executed FLOPs per token with recomputation", "FLOP", "model FLOPs + recomputed forward FLOPs, attention in full", "Korthikanti et al. 2022, appendix A");

    /// <summary>FLOP-6: forward FLOPs per token in the products of a layer with experts.</summary>
    public static readonly Equation MoeLayerFlops = new(
        "FLOP-6", "forward FLOPs per token in the products of a layer with experts", "FLOP", "2·(attention + K·n·h·f_e + n·h·f_s + h·E)", "two FLOPs per active weight and token");

    /// <summary>FLOP-7: forward FLOPs per token in causal attention.</summary>
    public static readonly Equation CausalAttentionFlops = new(
        "FLOP-7", "forward FLOPs per token in causal attention", "FLOP", "Σ layers 2·a·(d_qk + d_v)·mean attended length; 2·L·s·a·d without windows", "the mean over the positions of a sequence");

    /// <summary>FLOP-8: mean attended length in a windowed layer.</summary>
    public static readonly Equation WindowedLength = new(
        "FLOP-8", "mean attended length in a windowed layer", "tokens", "sliding: m − m²/(2s), m = min(s, w); chunked: (k·w² + r²)/(2s), k = ⌊s/w⌋, r = s − k·w", "the mean over the positions of a sequence");

    /// <summary>COMP-1: time of a matrix product.</summary>
    public static readonly Equation Gemm = new(
        "COMP-1", "time of a matrix product", "s", "t0 + 2mnk/(Φ·e) + (κ·bytes + q·mk)/BW", "affine law fitted to measured kernels of NVIDIA aiconfigurator");

    /// <summary>COMP-2: time of a backward matrix product.</summary>
    public static readonly Equation GemmBackward = new(
        "COMP-2", "time of a backward matrix product", "s", "t0 + 2mnk/(Φ·e·r) + (κ·bytes + q·mn/2)/BW", "as COMP-1, with the ratio of SimuMax's measured layouts");

    /// <summary>COMP-3: time of a fused attention kernel, forward.</summary>
    public static readonly Equation FusedAttention = new(
        "COMP-3", "time of a fused attention kernel, forward", "s", "T·l·a(d_qk + d_v)/t / (Φ·e∞·l/(l + s0)), l twice the mean attended length: s without a window", "fitted to published FlashAttention benchmarks");

    /// <summary>COMP-4: time of a fused attention kernel, backward.</summary>
    public static readonly Equation FusedAttentionBackward = new(
        "COMP-4", "time of a fused attention kernel, backward", "s", "forward FLOPs · 2.5 / (Φ·e∞·s/(s + s0)·r)", "Dao 2023, section 4");

    /// <summary>COMP-7: time to add up a layer's weight gradients.</summary>
    public static readonly Equation GradientAccumulation = new(
        "COMP-7", "time to add up a layer's weight gradients", "s", "P/t·w/BW", "counted: the running sum is read and written for every micro-batch");

    /// <summary>COMP-8: time of unfused attention, forward.</summary>
    public static readonly Equation UnfusedAttention = new(
        "COMP-8", "time of unfused attention, forward", "s", "2 batched products + 2 elements per score (dropout: 2 more and a mask)", "counted from the kernels of Megatron-LM");

    /// <summary>COMP-9: time of unfused attention, backward.</summary>
    public static readonly Equation UnfusedAttentionBackward = new(
        "COMP-9", "time of unfused attention, backward", "s", "4 batched products + 3 elements per score (dropout: 2 more and a mask)", "counted from the kernels of Megatron-LM");

    /// <summary>COMM-1: time of an all-reduce.</summary>
    public static readonly Equation AllReduce = new(
        "COMM-1", "time of an all-reduce", "s", "α + γ√S + 2(n−1)/n·S/β", "Thakur et al. 2005, with a √S term fitted to NCCL measurements");

    /// <summary>COMM-2: time of an all-gather.</summary>
    public static readonly Equation AllGather = new(
        "COMM-2", "time of an all-gather", "s", "α + γ√S + (n−1)/n·S/β", "Thakur et al. 2005, with a √S term fitted to NCCL measurements");

    /// <summary>COMM-3: time of a reduce-scatter.</summary>
    public static readonly Equation ReduceScatter = new(
        "COMM-3", "time of a reduce-scatter", "s", "α + γ√S + (n−1)/n·S/β", "Thakur et al. 2005, with a √S term fitted to NCCL measurements");

    /// <summary>COMM-4: bandwidth of a group over both levels of the fabric.</summary>
    public static readonly Equation GroupRate = new(
        "COMM-4", "bandwidth of a group over both levels of the fabric", "B/s", "min(β_local, n_local·β_nic)", "each rank drives its own network interface; Galvatron's measured groups");

    /// <summary>COMM-5: time of a transfer between stages.</summary>
    public static readonly Equation Transfer = new(
        "COMM-5", "time of a transfer between stages", "s", "α + S/β", "latency and bandwidth of a pair");

    /// <summary>COMM-6: exposed part of a communication beside a computation.</summary>
    public static readonly Equation ExposedCommunication = new(
        "COMM-6", "exposed part of a communication beside a computation", "s", "max(0, n − c) + σ·min(n, c)", "mutual slow-down as in Galvatron (Miao et al. 2022)");

    /// <summary>COMM-7: bus bandwidth of a group by its links.</summary>
    public static readonly Equation LinkRate = new(
        "COMM-7", "bus bandwidth of a group by its links", "B/s", "η·ℓ·b; ℓ = 1 switched, links to the others in a mesh, Σ over spanned dimensions 2 (ring) or 1 (line) over the sharing groups in a torus (all-to-all: (n−1)/n of 8/L of a ring of L, 4/L of a line)", "inbound links of a rank; Austin et al. 2025 for tori");

    /// <summary>COMM-8: time of an empty collective by its hops.</summary>
    public static readonly Equation LinkLatency = new(
        "COMM-8", "time of an empty collective by its hops", "s", "α0 + sweeps·α1·hops", "latency per hop, as measured at 2, 4 and 8 ranks");

    /// <summary>TP-1: exposed tensor-parallel communication of a block, forward.</summary>
    public static readonly Equation TensorForward = new(
        "TP-1", "exposed tensor-parallel communication of a block, forward", "s", "AR(2Th), or AG + RS with sequence parallelism", "Shoeybi et al. 2019; Korthikanti et al. 2022, section 4");

    /// <summary>TP-2: exposed tensor-parallel communication of a block, backward.</summary>
    public static readonly Equation TensorBackward = new(
        "TP-2", "exposed tensor-parallel communication of a block, backward", "s", "AR beside the weight-gradient product; with sequence parallelism AG + (AG and RS beside the products)", "Korthikanti et al. 2022, section 4");

    /// <summary>PARAM-14: routed experts of a layer on a device.</summary>
    public static readonly Equation RankExpertParameters = new(
        "PARAM-14", "routed experts of a layer on a device", "parameters", "E·(n·h·f_e + biases)/(e·x)", "counted from the plan");

    /// <summary>COMP-5: time of the norms and the residual addition of a block, forward.</summary>
    public static readonly Equation ResidualForward = new(
        "COMP-5", "time of the norms and the residual addition of a block, forward", "s", "kernels·latency + (norms + 3)·2Th/r / BW", "elements counted");

    /// <summary>COMP-6: time of the norms and the residual gradients of a block, backward.</summary>
    public static readonly Equation ResidualBackward = new(
        "COMP-6", "time of the norms and the residual gradients of a block, backward", "s", "kernels·latency + (3·norms/2 + 3)·2Th/r / BW", "elements counted");

    /// <summary>COMP-11: time to lay out queries, keys and values.</summary>
    public static readonly Equation HeadLayout = new(
        "COMP-11", "time to lay out queries, keys and values", "s", "latency + 2·2T(q + k + v + o)/t / BW", "elements counted");

    /// <summary>COMP-12: time of the nonlinearity, forward.</summary>
    public static readonly Equation NonlinearityForward = new(
        "COMP-12", "time of the nonlinearity, forward", "s", "latency + (1 + gates)·2Tf/t / BW", "elements counted");

    /// <summary>COMP-13: time of the nonlinearity, backward.</summary>
    public static readonly Equation NonlinearityBackward = new(
        "COMP-13", "time of the nonlinearity, backward", "s", "latency + (1 + 2·gates)·2Tf/t / BW", "elements counted");

    /// <summary>COMM-9: time of an all-to-all.</summary>
    public static readonly Equation AllToAll = new(
        "COMM-9", "time of an all-to-all", "s", "α + γ√S + max((g − 1)/n·S/β, (n − g)/n·S/β_net)", "derived: both levels of the fabric work at once");

    /// <summary>COMM-10: bandwidth that an oversubscribed tier leaves a device.</summary>
    public static readonly Equation SharedRate = new(
        "COMM-10", "bandwidth that an oversubscribed tier leaves a device", "B/s", "β/max(1, o·ρ)", "derived: ρ of the devices share 1/o of their bandwidth");

    /// <summary>COMM-11: time of a collective across pools.</summary>
    public static readonly Equation CollectiveAcrossPools = new(
        "COMM-11", "time of a collective across pools", "s", "max over pools of its time by their links", "ranks keep step");

    /// <summary>TP-3: exposed part of a collective beside the product that it feeds.</summary>
    public static readonly Equation TiledTensor = new(
        "TP-3", "exposed part of a collective beside the product that it feeds", "s", "n/k + exposed(n − n/k, c − c/k) + (k − 1)·t₀", "derived; Wang et al. 2023 (decomposition of collectives)");

    /// <summary>CP-1: exposed communication of context-parallel ranks, forward.</summary>
    public static readonly Equation ContextForward = new(
        "CP-1", "exposed communication of context-parallel ranks, forward", "s", "ring (c − 1)·exposed(KV, attention/c); gather; two all-to-alls", "Liu et al. 2023; Llama 3, section 3.3.2; Jacobs et al. 2023");

    /// <summary>CP-2: exposed communication of context-parallel ranks, backward.</summary>
    public static readonly Equation ContextBackward = new(
        "CP-2", "exposed communication of context-parallel ranks, backward", "s", "ring (c − 1)·exposed(2·KV, attention/c); gather and reduce-scatter; two all-to-alls", "Liu et al. 2023; Llama 3, section 3.3.2; Jacobs et al. 2023");

    /// <summary>EP-1: copies of a token that leave the scale-up domain.</summary>
    public static readonly Equation RemoteCopies = new(
        "EP-1", "copies of a token that leave the scale-up domain", "1", "v·(n − 1)/n, v = K, or D(n) sent once per domain (EP-6)", "derived; DeepSeek-V3, section 3.2.2");

    /// <summary>EP-2: copies of a token inside a scale-up domain.</summary>
    public static readonly Equation LocalCopies = new(
        "EP-2", "copies of a token inside a scale-up domain", "1", "v·(G − 1)/G, v = K·G/e, or D(e) sent once per rank (EP-6)", "derived");

    /// <summary>EP-3: time of sending tokens to experts.</summary>
    public static readonly Equation ExpertExchange = new(
        "EP-3", "time of sending tokens to experts", "s", "α + γ·max(T·R·h·w/β_net, T·Q·h·w/β)", "derived; DeepSeek-V3, section 3.2.2");

    /// <summary>EP-4: load of the busiest expert-parallel rank over the mean.</summary>
    public static readonly Equation ExpertImbalance = new(
        "EP-4", "load of the busiest expert-parallel rank over the mean", "1", "1 + σ·√(e/(E − 1))·M(e)", "derived: expected greatest of sums of E/e loads with a common mean");

    /// <summary>EP-5: exchange with experts that another micro-batch hides.</summary>
    public static readonly Equation HiddenExchange = new(
        "EP-5", "exchange with experts that another micro-batch hides", "s", "n − exposed(n, c)", "DeepSeek-V3, section 3.2.1");

    /// <summary>EP-6: different places among n that the experts of a token lie on.</summary>
    public static readonly Equation DistinctPlaces = new(
        "EP-6", "different places among n that the experts of a token lie on", "1", "n·(1 − C(E − E/n, K)/C(E, K)); limited to M of n_g groups n·(1 − Σ_j P(j)·C(E' − j·h, K)/C(E', K)), E' = E·M/n_g", "derived: K different experts, all choices alike");

    /// <summary>MOE-1: token copies that an expert-parallel rank works on.</summary>
    public static readonly Equation ExpertCopies = new(
        "MOE-1", "token copies that an expert-parallel rank works on", "tokens", "T·x/r·K·γ", "counted");

    /// <summary>MOE-2: time of the products of the experts.</summary>
    public static readonly Equation GroupedProducts = new(
        "MOE-2", "time of the products of the experts", "s", "COMP-1 with E/e products of copies/(E/e) rows + 2λ(E/e − 1)·t₀", "counted");

    /// <summary>MOE-3: time to sort tokens by expert and back.</summary>
    public static readonly Equation Permutation = new(
        "MOE-3", "time to sort tokens by expert and back", "s", "2·latency + (2Kγ + 2)·2Th/r / BW", "elements counted");

    /// <summary>LAYER-3: mean of layers with and without experts.</summary>
    public static readonly Equation LayerMix = new(
        "LAYER-3", "mean of layers with and without experts", "s", "φ·with + (1 − φ)·without", "average over the pattern");

    /// <summary>END-3: head with prediction modules.</summary>
    public static readonly Equation PredictionTime = new(
        "END-3", "head with prediction modules", "s", "head + D·(projection + layer + head)", "DeepSeek-V3, section 2.2");

    /// <summary>ACT-4: activations of a layer with experts and micro-batch.</summary>
    public static readonly Equation MixtureActivations = new(
        "ACT-4", "activations of a layer with experts and micro-batch", "B", "ACT-1 without feed-forward block + router + copies·(4h + {4|6}f_e/x) + shared experts", "counted; Korthikanti et al. 2022");

    /// <summary>OFF-1: copy between device and host.</summary>
    public static readonly Equation HostCopy = new(
        "OFF-1", "copy between device and host", "s", "S/β", "bandwidth of the link");

    /// <summary>OFF-2: optimizer step of the host.</summary>
    public static readonly Equation OffloadedOptimizer = new(
        "OFF-2", "optimizer step of the host", "s", "(gradients + weights)/β + update/β_host", "Ren et al. 2021, section 4");

    /// <summary>DP-4: adding up the gradients of a tied embedding.</summary>
    public static readonly Equation TiedEmbedding = new(
        "DP-4", "adding up the gradients of a tied embedding", "s", "α + V·h/t·g/β", "all-reduce of two ranks");

    /// <summary>STEP-15: exposed communication with experts of the busiest stage.</summary>
    public static readonly Equation ExpertCommunicationTime = new(
        "STEP-15", "exposed communication with experts of the busiest stage", "s", "Σ over its micro-batches", "sum");

    /// <summary>STEP-16: exposed context-parallel communication of the busiest stage.</summary>
    public static readonly Equation ContextCommunicationTime = new(
        "STEP-16", "exposed context-parallel communication of the busiest stage", "s", "Σ over its micro-batches", "sum");

    /// <summary>LAYER-1: waiting for the host to launch a layer.</summary>
    public static readonly Equation HostStall = new(
        "LAYER-1", "waiting for the host to launch a layer", "s", "max(0, floor − time on the device) + synchronisation", "a device cannot run ahead of the launches");

    /// <summary>LAYER-2: time of a layer's pass.</summary>
    public static readonly Equation LayerTime = new(
        "LAYER-2", "time of a layer's pass", "s", "products + attention + data movement + exposed communication + stall", "sum of the parts that follow each other");

    /// <summary>END-1: time of the embedding lookup.</summary>
    public static readonly Equation EmbeddingTime = new(
        "END-1", "time of the embedding lookup", "s", "t_k + 4Th/BW", "counted");

    /// <summary>END-2: time of the loss on the logits.</summary>
    public static readonly Equation LossTime = new(
        "END-2", "time of the loss on the logits", "s", "t_k + 14·T·V/t/BW", "counted from Megatron-LM's vocabulary-parallel cross-entropy");

    /// <summary>STAGE-1: time of a stage's pass.</summary>
    public static readonly Equation StageTime = new(
        "STAGE-1", "time of a stage's pass", "s", "layers·layer + embedding on the first + head on the last stage", "sum of the parts that follow each other");

    /// <summary>PIPE-1: time of a GPipe schedule.</summary>
    public static readonly Equation GPipeMakespan = new(
        "PIPE-1", "time of a GPipe schedule", "s", "Στ + 2(p−1)·x + (m−1)·(max(F + n·x) + max(B + n·x)), n neighbours", "flow shop of identical jobs; Huang et al. 2019");

    /// <summary>PIPE-2: time of a 1F1B schedule.</summary>
    public static readonly Equation OneForwardOneBackwardMakespan = new(
        "PIPE-2", "time of a 1F1B schedule", "s", "max over stages k of Σ_{i<k}τ + m·τ_k + w(F_k) + w(B_k); w(z) = max(0, Σ_{k<i<p−1}τ + max(τ_{p−1} − (W−1)·z, −max(0, W−2)·z)), W = min(m, p−k)", "Narayanan et al. 2021; held against an event simulator");

    /// <summary>PIPE-3: time of an interleaved schedule.</summary>
    public static readonly Equation InterleavedMakespan = new(
        "PIPE-3", "time of an interleaved schedule", "s", "2(pv−1)·x + max over stages k of d_k + m·τ_k + (m/p − (v−1)/v)·max(0, r − p·τ_k) + w(F_k) + w(B_k); w(z) = max(0, Σ_{i>k}c − 2(p−1−k)·z/v)", "Narayanan et al. 2021; held against an event simulator");

    /// <summary>PIPE-4: micro-batches whose activations a stage holds.</summary>
    public static readonly Equation InFlightMicroBatches = new(
        "PIPE-4", "micro-batches whose activations a stage holds", "1", "GPipe m; 1F1B min(m, p−i); interleaved min(mv, 2(p−1−i)+(v−1)p+1)/v; ZB-H1 and ZBV min(m, p); ZB-H2 min(m, 2p−1); DualPipe p+1", "Narayanan et al. 2021; Qi et al. 2024; DeepSeek-AI 2024; held against an event simulator");

    /// <summary>PIPE-5: time of a ZB-H1 schedule.</summary>
    public static readonly Equation ZeroBubbleH1Makespan = new(
        "PIPE-5", "time of a ZB-H1 schedule", "s", "max over stages k of d_k + w_k + m·τ_k and d_k + w_k + m·(F+B)_k + max(0, m−1−k)·W_k + Σ_{i<k}B + k·x + W_0; w_k = max(0, Σ_{i>k}(F+B) + 2(p−1−k)·x − (p−1−k)·F_k); equal stages: m·τ + (p−1)·max(F, B, F+B−W)", "Qi et al. 2024, corrected for a step that ends on all stages; held against an event simulator");

    /// <summary>PIPE-6: time of a ZB-H2 schedule.</summary>
    public static readonly Equation ZeroBubbleH2Makespan = new(
        "PIPE-6", "time of a ZB-H2 schedule", "s", "max over stages k of d_k + w_k + m·τ_k and d_k + w_k + m·(F+B)_k + max(0, m−1−2k)·W_k + Σ_{i<k}B + k·x + W_0; w_k = max(0, Σ_{i>k}(F+B) + 2(p−1−k)·x − 2(p−1−k)·F_k); equal stages: m·τ + (p−1)·max(F, B−F, F+B−2W)", "Qi et al. 2024, corrected for a step that ends on all stages; held against an event simulator");

    /// <summary>PIPE-7: time of a ZBV schedule.</summary>
    public static readonly Equation ZeroBubbleVMakespan = new(
        "PIPE-7", "time of a ZBV schedule", "s", "longest of the ways through the first and through the last device; equal chunks: m·τ + (p−1)·max(B/2, B−W) for F ≤ B ≥ W, and m·τ + (p−1)·max(0, B−W) from step to step", "derived from the order of Qi et al. 2024, section 6; held against an event simulator");

    /// <summary>PIPE-8: time of a DualPipe schedule.</summary>
    public static readonly Equation DualPipeMakespan = new(
        "PIPE-8", "time of a DualPipe schedule", "s", "longest of the ways through the outer and through the inner devices; equal stages, p ≥ 4 and combined passes of τ: m·τ + max((p−2)·F, (p/2−2)·F + (p/2−1)·B) + (p/2−1)·max(0, B−W)", "derived from the order of DeepSeek-AI 2024; held against an event simulator");

    /// <summary>PIPE-9: time of a pipeline of uneven stages.</summary>
    public static readonly Equation UnevenMakespan = new(
        "PIPE-9", "time of a pipeline of uneven stages", "s", "GPipe: Σ(F + B) + 2Σx + (m−1)·(max(F + x⁻ + x⁺) + max(B + x⁻ + x⁺)); 1F1B: end = max(end before on the stage, end of what it needs) + pass over 4p micro-batches, then max(F + B + x⁻ + x⁺) each", "longest path through the passes in the order of Huang et al. 2019, Narayanan et al. 2021");

    /// <summary>DP-1: exposed exchange of gradients and weights at the end of a step.</summary>
    public static readonly Equation DataEndOfStep = new(
        "DP-1", "exposed exchange of gradients and weights at the end of a step", "s", "AR(g), or RS(g) + AG(w); overlapped: last bucket + exposed rest", "Rajbhandari et al. 2020");

    /// <summary>DP-2: exposed gather of sharded weights, forward.</summary>
    public static readonly Equation DataForward = new(
        "DP-2", "exposed gather of sharded weights, forward", "s", "AG(layer) + exposed((L−1)·AG)", "Zhao et al. 2023");

    /// <summary>DP-3: exposed gather and reduction of sharded weights and gradients, backward.</summary>
    public static readonly Equation DataBackward = new(
        "DP-3", "exposed gather and reduction of sharded weights and gradients, backward", "s", "(AG + RS)(layer) + exposed((L−1)·(AG + RS))", "Zhao et al. 2023");

    /// <summary>OPT-1: time of the optimizer.</summary>
    public static readonly Equation OptimizerTime = new(
        "OPT-1", "time of the optimizer", "s", "P·(full + sharded/D)/BW", "bytes counted as in SimuMax");

    /// <summary>STEP-1: time of a step.</summary>
    public static readonly Equation StepTime = new(
        "STEP-1", "time of a step", "s", "makespan + exchange at its end + optimizer + straggling + constant", "sum of the parts that follow each other");

    /// <summary>STEP-14: waiting for the slowest node.</summary>
    public static readonly Equation StragglingTime = new(
        "STEP-14", "waiting for the slowest node", "s", "(makespan + exchange + optimizer)·σ·E, E = ln n·√(2/(ln n + 2.262)) for n nodes", "expected maximum of normal deviates, fitted to within 1.1 % of its integral; σ from published weak-scaling series");

    /// <summary>STEP-2: waiting of the busiest stage.</summary>
    public static readonly Equation BubbleTime = new(
        "STEP-2", "waiting of the busiest stage", "s", "makespan without transfers − m·τ", "difference");

    /// <summary>STEP-3: exposed transfers between stages.</summary>
    public static readonly Equation PipelineCommunicationTime = new(
        "STEP-3", "exposed transfers between stages", "s", "makespan − makespan without transfers", "difference");

    /// <summary>STEP-4: computing of the busiest stage.</summary>
    public static readonly Equation ComputeTime = new(
        "STEP-4", "computing of the busiest stage", "s", "m·(products + attention + data movement)", "sum");

    /// <summary>STEP-5: exposed tensor-parallel communication of the busiest stage.</summary>
    public static readonly Equation TensorCommunicationTime = new(
        "STEP-5", "exposed tensor-parallel communication of the busiest stage", "s", "m·exposed", "sum");

    /// <summary>STEP-6: exposed data-parallel communication.</summary>
    public static readonly Equation DataCommunicationTime = new(
        "STEP-6", "exposed data-parallel communication", "s", "m·exposed + end of step", "sum");

    /// <summary>STEP-7: waiting for the host and for the slowest node, and the constant of a step.</summary>
    public static readonly Equation OtherTime = new(
        "STEP-7", "waiting for the host and for the slowest node, and the constant of a step", "s", "m·stall + straggling + constant", "sum");

    /// <summary>STEP-8: tokens per second.</summary>
    public static readonly Equation TokenRate = new(
        "STEP-8", "tokens per second", "1/s", "B·s/T", "definition");

    /// <summary>STEP-9: tokens per second and device.</summary>
    public static readonly Equation TokenRatePerDevice = new(
        "STEP-9", "tokens per second and device", "1/s", "B·s/(T·N)", "definition");

    /// <summary>STEP-10: model FLOP/s of a device.</summary>
    public static readonly Equation ModelRate = new(
        "STEP-10", "model FLOP/s of a device", "FLOP/s", "model FLOPs per token · tokens/s/device", "definition");

    /// <summary>STEP-11: executed FLOP/s of a device.</summary>
    public static readonly Equation HardwareRate = new(
        "STEP-11", "executed FLOP/s of a device", "FLOP/s", "executed FLOPs per token · tokens/s/device", "definition");

    /// <summary>STEP-12: model FLOPs utilisation (MFU).</summary>
    public static readonly Equation ModelUtilisation = new(
        "STEP-12", "model FLOPs utilisation (MFU)", "1", "model FLOP/s / peak", "Chowdhery et al. 2022");

    /// <summary>STEP-13: hardware FLOPs utilisation (HFU).</summary>
    public static readonly Equation HardwareUtilisation = new(
        "STEP-13", "hardware FLOPs utilisation (HFU)", "1", "executed FLOP/s / peak", "Chowdhery et al. 2022");

    /// <summary>STEP-17: time of a step of a pipeline across pools.</summary>
    public static readonly Equation StepAcrossPoolsTime = new(
        "STEP-17", "time of a step of a pipeline across pools", "s", "makespan + max over pools of (exchange at its end + optimizer) + straggling + constant", "sum of the parts that follow each other");

    /// <summary>STEP-18: time of a step of the slowest pool.</summary>
    public static readonly Equation SlowestPoolTime = new(
        "STEP-18", "time of a step of the slowest pool", "s", "max over pools of their step", "synchronous data parallelism");

    /// <summary>MEM-1: memory of the weights.</summary>
    public static readonly Equation WeightMemory = new(
        "MEM-1", "memory of the weights", "B", "w·P, /D when sharded, plus min(2, layers) whole layers with their gradients", "Rajbhandari et al. 2020");

    /// <summary>MEM-2: memory of the gradients.</summary>
    public static readonly Equation GradientMemory = new(
        "MEM-2", "memory of the gradients", "B", "g·P, /D when sharded", "Rajbhandari et al. 2020");

    /// <summary>MEM-3: memory of the optimizer state.</summary>
    public static readonly Equation OptimizerMemory = new(
        "MEM-3", "memory of the optimizer state", "B", "12·P (8·P in single precision), /D when sharded", "Rajbhandari et al. 2020");

    /// <summary>MEM-4: memory of the activations.</summary>
    public static readonly Equation ActivationMemory = new(
        "MEM-4", "memory of the activations", "B", "layers (ACT-3) + head on the last stage", "Korthikanti et al. 2022");

    /// <summary>MEM-5: memory of runtime and fragmentation.</summary>
    public static readonly Equation OverheadMemory = new(
        "MEM-5", "memory of runtime and fragmentation", "B", "context + communicator + allocated·(1/φ − 1)", "aiconfigurator and SimuMax measurements");

    /// <summary>MEM-6: memory of a device.</summary>
    public static readonly Equation MemoryTotal = new(
        "MEM-6", "memory of a device", "B", "weights + gradients + optimizer + activations + overhead", "sum");

    /// <summary>ACT-1: activations of a layer and micro-batch.</summary>
    public static readonly Equation LayerActivations = new(
        "ACT-1", "activations of a layer and micro-batch", "B", "(8+masks)Th/r + 4T(a+g)d/t + 2(n+1)Tf/t + attention core", "Korthikanti et al. 2022, generalised by counting saved tensors");

    /// <summary>ACT-2: input of a layer kept for full recomputation.</summary>
    public static readonly Equation LayerInputActivations = new(
        "ACT-2", "input of a layer kept for full recomputation", "B", "2Th/r", "Korthikanti et al. 2022");

    /// <summary>ACT-3: activations of a stage's layers.</summary>
    public static readonly Equation StageActivations = new(
        "ACT-3", "activations of a stage's layers", "B", "n·layer + scores of one if recomputed; full: (n − 1)·input + layer; n = layers · in flight", "Korthikanti et al. 2022, section 5, with the layer at work");

    /// <summary>RUN-1: mean time between failures of the job.</summary>
    public static readonly Equation TimeToFailure = new(
        "RUN-1", "mean time between failures of the job", "s", "1/(λN)", "independent failures");

    /// <summary>RUN-2: time between checkpoints.</summary>
    public static readonly Equation CheckpointInterval = new(
        "RUN-2", "time between checkpoints", "s", "max(√(2δM), write time)", "Young 1974");

    /// <summary>RUN-3: wall time per useful time.</summary>
    public static readonly Equation WallPerUseful = new(
        "RUN-3", "wall time per useful time", "1", "M/τ·e^((R+w)/M)·(e^((τ+δ)/M) − 1), w the write beside training", "Daly 2006, with checkpoints that are safe only once written");

    /// <summary>RUN-4: steps of the run.</summary>
    public static readonly Equation StepCount = new(
        "RUN-4", "steps of the run", "1", "⌈tokens/(B·s)⌉", "definition");

    /// <summary>RUN-5: wall time of the run.</summary>
    public static readonly Equation WallTime = new(
        "RUN-5", "wall time of the run", "s", "steps · step / useful share", "definition");

    /// <summary>RUN-6: device time of the run.</summary>
    public static readonly Equation DeviceTime = new(
        "RUN-6", "device time of the run", "s", "N · wall time", "definition");

    /// <summary>RUN-7: steps of all phases.</summary>
    public static readonly Equation PhaseSteps = new(
        "RUN-7", "steps of all phases", "1", "Σ steps", "sum over the phases");

    /// <summary>RUN-8: wall time of all phases.</summary>
    public static readonly Equation PhaseWallTime = new(
        "RUN-8", "wall time of all phases", "s", "Σ wall time", "sum over the phases, which follow each other");

    /// <summary>RUN-9: device time of all phases or pools.</summary>
    public static readonly Equation SummedDeviceTime = new(
        "RUN-9", "device time of all phases or pools", "s", "Σ device time", "sum over the phases or pools");

    /// <summary>RUN-10: share of the wall time of all phases.</summary>
    public static readonly Equation PhaseShare = new(
        "RUN-10", "share of the wall time of all phases", "1", "Σ share·wall time / Σ wall time", "mean by wall time");

    /// <summary>RUN-11: failures per device and second over all pools.</summary>
    public static readonly Equation PoolFailureRate = new(
        "RUN-11", "failures per device and second over all pools", "1/s", "Σ λ·N / Σ N", "independent failures");

    /// <summary>POW-1: power of a device in matrix products.</summary>
    public static readonly Equation ProductPower = new(
        "POW-1", "power of a device in matrix products", "W", "TDP·(p0 + (pm − p0)·min(1, u/us)^a)", "fitted to measured kernel power of aiconfigurator");

    /// <summary>POW-2: mean power of a device over a step.</summary>
    public static readonly Equation StepPower = new(
        "POW-2", "mean power of a device over a step", "W", "Σ over phases of power · time / step", "phases of the step");

    /// <summary>POW-3: power of the network per device.</summary>
    public static readonly Equation NetworkPower = new(
        "POW-3", "power of the network per device", "W", "nics·(nic + (2k−1)·port + 2k·transceiver), k tiers", "fat tree (Al-Fares et al. 2008)");

    /// <summary>POW-4: mean power of a device over the run.</summary>
    public static readonly Equation AveragePower = new(
        "POW-4", "mean power of a device over the run", "W", "training·(useful + rework) + waiting·(checkpoints + restarts)", "shares of the wall time");

    /// <summary>POW-5: mean power of a device over all phases or pools.</summary>
    public static readonly Equation SummedAveragePower = new(
        "POW-5", "mean power of a device over all phases or pools", "W", "Σ energy of the accelerators / Σ device time", "mean by device time");

    /// <summary>ENERGY-1: energy of the accelerators.</summary>
    public static readonly Equation AcceleratorEnergy = new(
        "ENERGY-1", "energy of the accelerators", "J", "mean power · device time", "definition");

    /// <summary>ENERGY-2: energy of the hosts.</summary>
    public static readonly Equation HostEnergy = new(
        "ENERGY-2", "energy of the hosts", "J", "host power per device · device time", "definition");

    /// <summary>ENERGY-3: energy of the network.</summary>
    public static readonly Equation NetworkEnergy = new(
        "ENERGY-3", "energy of the network", "J", "network power per device · device time", "definition");

    /// <summary>ENERGY-4: energy of the information technology.</summary>
    public static readonly Equation InformationTechnologyEnergy = new(
        "ENERGY-4", "energy of the information technology", "J", "accelerators + hosts + network", "sum");

    /// <summary>ENERGY-5: energy of all phases or pools.</summary>
    public static readonly Equation SummedEnergy = new(
        "ENERGY-5", "energy of all phases or pools", "J", "Σ energy", "sum over the phases or pools");

    /// <summary>CARBON-1: energy of the facility.</summary>
    public static readonly Equation FacilityEnergy = new(
        "CARBON-1", "energy of the facility", "J", "IT · PUE", "ISO/IEC 30134-2");

    /// <summary>CARBON-2: operational emissions, location-based.</summary>
    public static readonly Equation OperationalEmissions = new(
        "CARBON-2", "operational emissions, location-based", "kgCO2e", "facility energy · carbon intensity", "GHG Protocol scope 2 guidance");

    /// <summary>CARBON-3: embodied emissions of the run.</summary>
    public static readonly Equation EmbodiedEmissions = new(
        "CARBON-3", "embodied emissions of the run", "kgCO2e", "embodied per device · device time / lifetime", "SCI specification (ISO/IEC 21031): M = TE·TS·RS");

    /// <summary>CARBON-4: emissions of the run.</summary>
    public static readonly Equation TotalEmissions = new(
        "CARBON-4", "emissions of the run", "kgCO2e", "operational + embodied", "sum");

    /// <summary>CARBON-5: embodied share of the emissions.</summary>
    public static readonly Equation EmbodiedShare = new(
        "CARBON-5", "embodied share of the emissions", "1", "embodied/total", "definition");

    /// <summary>CARBON-6: emissions of all phases or pools.</summary>
    public static readonly Equation SummedEmissions = new(
        "CARBON-6", "emissions of all phases or pools", "kgCO2e", "Σ emissions", "sum over the phases or pools");

    /// <summary>EMB-1: embodied emissions of the compute dies.</summary>
    public static readonly Equation EmbodiedDies = new(
        "EMB-1", "embodied emissions of the compute dies", "kgCO2e", "dies · area on the wafer · (CI·EPA + GPA + MPA)/share sold", "Gupta et al. 2022 (ACT); CAPA for wafers");

    /// <summary>EMB-2: wafer area that a die takes.</summary>
    public static readonly Equation AreaOnWafer = new(
        "EMB-2", "wafer area that a die takes", "m2", "wafer area / (π(φ/2)²/A − 0.51·πφ/√A)", "CAPA");

    /// <summary>EMB-3: embodied emissions of an accelerator.</summary>
    public static readonly Equation EmbodiedAccelerator = new(
        "EMB-3", "embodied emissions of an accelerator", "kgCO2e", "dies + memory + interposer + board", "CAPA");

    /// <summary>EMB-4: embodied emissions of the high-bandwidth memory.</summary>
    public static readonly Equation EmbodiedMemory = new(
        "EMB-4", "embodied emissions of the high-bandwidth memory", "kgCO2e", "kg/GB · capacity", "TechInsights, NVIDIA product carbon footprints");

    /// <summary>EMB-5: embodied emissions of the network per device.</summary>
    public static readonly Equation EmbodiedNetwork = new(
        "EMB-5", "embodied emissions of the network per device", "kgCO2e", "kg/W · provisioned power", "per-megawatt inventories");

    /// <summary>EMB-7: share of the dies that are sold.</summary>
    public static readonly Equation SoldShare = new(
        "EMB-7", "share of the dies that are sold", "1", "Y + (1 − Y)·salvaged, Y = (1 + A·D0/α)^−α", "negative binomial yield (Stapper 1983); CAPA for harvested parts");

    /// <summary>EMB-8: embodied emissions per device over all phases or pools.</summary>
    public static readonly Equation MeanEmbodied = new(
        "EMB-8", "embodied emissions per device over all phases or pools", "kgCO2e", "Σ embodied per device · device time / Σ device time", "mean by device time");

    /// <summary>EMB-6: embodied emissions per device.</summary>
    public static readonly Equation EmbodiedPerDevice = new(
        "EMB-6", "embodied emissions per device", "kgCO2e", "accelerator + host + network", "sum");

    /// <summary>LAW-1: predicted loss.</summary>
    public static readonly Equation PredictedLoss = new(
        "LAW-1", "predicted loss", "nats/token", "E + A/N^α + B/D^β", "Hoffmann et al. 2022");

    /// <summary>CAL-1: calibrated figure: a prior under fitted multipliers.</summary>
    public static readonly Equation CalibratedFigure = new(
        "CAL-1", "calibrated figure", "1", "prior·Πm", "log-normal multipliers, fitted to published steps");

    /// <summary>CAL-2: calibrated share: a prior that cannot exceed 1 under fitted multipliers.</summary>
    public static readonly Equation CalibratedShare = new(
        "CAL-2", "calibrated share", "1", "p/(1 − p) = p₀/(1 − p₀)·(Πm)^(1/(1 − p₀)), p₀ the prior", "as CAL-1 to first order; the odds keep it below 1");

    /// <summary>All of them, in the order in which a job passes through them.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        LayerMatrices,
        LayerVectors,
        EmbeddingParameters,
        TotalParameters,
        RankLayerParameters,
        RankEmbeddingParameters,
        RankHeadParameters,
        StageParameters,
        AttentionMatrices,
        RoutedExpertParameters,
        SharedExpertParameters,
        RouterParameters,
        MoeLayerVectors,
        PredictionParameters,
        ActiveParameters,
        LayerFlops,
        AttentionFlops,
        HeadFlops,
        ModelFlops,
        HardwareFlops,
        MoeLayerFlops,
        CausalAttentionFlops,
        WindowedLength,
        Gemm,
        GemmBackward,
        FusedAttention,
        FusedAttentionBackward,
        GradientAccumulation,
        UnfusedAttention,
        UnfusedAttentionBackward,
        AllReduce,
        AllGather,
        ReduceScatter,
        GroupRate,
        Transfer,
        ExposedCommunication,
        LinkRate,
        LinkLatency,
        TensorForward,
        TensorBackward,
        HostStall,
        RankExpertParameters,
        ResidualForward,
        ResidualBackward,
        HeadLayout,
        NonlinearityForward,
        NonlinearityBackward,
        AllToAll,
        SharedRate,
        CollectiveAcrossPools,
        TiledTensor,
        ContextForward,
        ContextBackward,
        RemoteCopies,
        LocalCopies,
        ExpertExchange,
        ExpertImbalance,
        HiddenExchange,
        DistinctPlaces,
        ExpertCopies,
        GroupedProducts,
        Permutation,
        LayerMix,
        PredictionTime,
        MixtureActivations,
        HostCopy,
        OffloadedOptimizer,
        TiedEmbedding,
        ExpertCommunicationTime,
        ContextCommunicationTime,
        LayerTime,
        EmbeddingTime,
        LossTime,
        StageTime,
        GPipeMakespan,
        OneForwardOneBackwardMakespan,
        InterleavedMakespan,
        InFlightMicroBatches,
        ZeroBubbleH1Makespan,
        ZeroBubbleH2Makespan,
        ZeroBubbleVMakespan,
        DualPipeMakespan,
        UnevenMakespan,
        DataEndOfStep,
        DataForward,
        DataBackward,
        OptimizerTime,
        StepTime,
        StepAcrossPoolsTime,
        SlowestPoolTime,
        StragglingTime,
        BubbleTime,
        PipelineCommunicationTime,
        ComputeTime,
        TensorCommunicationTime,
        DataCommunicationTime,
        OtherTime,
        TokenRate,
        TokenRatePerDevice,
        ModelRate,
        HardwareRate,
        ModelUtilisation,
        HardwareUtilisation,
        WeightMemory,
        GradientMemory,
        OptimizerMemory,
        ActivationMemory,
        OverheadMemory,
        MemoryTotal,
        LayerActivations,
        LayerInputActivations,
        StageActivations,
        TimeToFailure,
        CheckpointInterval,
        WallPerUseful,
        StepCount,
        WallTime,
        DeviceTime,
        PhaseSteps,
        PhaseWallTime,
        SummedDeviceTime,
        PhaseShare,
        PoolFailureRate,
        ProductPower,
        StepPower,
        NetworkPower,
        AveragePower,
        SummedAveragePower,
        AcceleratorEnergy,
        HostEnergy,
        NetworkEnergy,
        InformationTechnologyEnergy,
        SummedEnergy,
        FacilityEnergy,
        OperationalEmissions,
        EmbodiedEmissions,
        TotalEmissions,
        EmbodiedShare,
        SummedEmissions,
        EmbodiedDies,
        AreaOnWafer,
        EmbodiedAccelerator,
        EmbodiedMemory,
        EmbodiedNetwork,
        SoldShare,
        EmbodiedPerDevice,
        MeanEmbodied,
        PredictedLoss,
        CalibratedFigure,
        CalibratedShare,
    ];
}
