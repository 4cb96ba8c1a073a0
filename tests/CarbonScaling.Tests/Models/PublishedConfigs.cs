namespace CarbonScaling.Tests.Models;

/// <summary>Configurations as the hub has them, shortened to what concerns the architecture, with the parameters of the checkpoint.</summary>
internal static class PublishedConfigs
{
    public static readonly (string Name, double Parameters, string Json)[] All =
    [
        ("llama-3.2-1b", 1_235_814_400, """
            {"model_type":"llama","head_dim":64,"hidden_size":2048,"intermediate_size":8192,"num_attention_heads":32,
             "num_hidden_layers":16,"num_key_value_heads":8,"tie_word_embeddings":true,"vocab_size":128256,"mlp_bias":false}
            """),
        ("mistral-7b-v0.1", 7_241_732_096, """
            {"model_type":"mistral","sliding_window":4096,"vocab_size":32000}
            """),
        ("mixtral-8x7b", 46_702_792_704, """
            {"model_type":"mixtral","hidden_size":4096,"intermediate_size":14336,"num_local_experts":8,"num_experts_per_tok":2,
             "num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,"sliding_window":null,"vocab_size":32000}
            """),
        ("qwen2.5-7b", 7_615_616_512, """
            {"model_type":"qwen2","hidden_size":3584,"intermediate_size":18944,"max_window_layers":28,"num_attention_heads":28,
             "num_hidden_layers":28,"num_key_value_heads":4,"sliding_window":131072,"use_sliding_window":false,"vocab_size":152064}
            """),
        ("qwen1.5-moe-a2.7b", 14_315_784_192, """
            {"model_type":"qwen2_moe"}
            """),
        ("qwen3-8b", 8_190_735_360, """
            {"model_type":"qwen3","hidden_size":4096,"intermediate_size":12288,"num_attention_heads":32,"num_hidden_layers":36,
             "num_key_value_heads":8,"head_dim":128,"vocab_size":151936,"tie_word_embeddings":false}
            """),
        ("qwen3-30b-a3b", 30_532_122_624, """
            {"model_type":"qwen3_moe","decoder_sparse_step":1,"head_dim":128,"hidden_size":2048,"intermediate_size":6144,
             "mlp_only_layers":[],"moe_intermediate_size":768,"num_attention_heads":32,"num_experts":128,"num_experts_per_tok":8,
             "num_hidden_layers":48,"num_key_value_heads":4,"vocab_size":151936}
            """),
        ("deepseek-moe-16b", 16_375_728_128, """
            {"model_type":"deepseek","first_k_dense_replace":1,"hidden_size":2048,"intermediate_size":10944,
             "moe_intermediate_size":1408,"moe_layer_freq":1,"n_routed_experts":64,"n_shared_experts":2,"num_attention_heads":16,
             "num_experts_per_tok":6,"num_hidden_layers":28,"num_key_value_heads":16,"vocab_size":102400}
            """),
        ("deepseek-v2", 235_741_434_880, """
            {"model_type":"deepseek_v2","first_k_dense_replace":1,"hidden_size":5120,"intermediate_size":12288,"kv_lora_rank":512,
             "moe_intermediate_size":1536,"n_group":8,"n_routed_experts":160,"n_shared_experts":2,"num_attention_heads":128,
             "num_experts_per_tok":6,"num_hidden_layers":60,"q_lora_rank":1536,"topk_group":3,"topk_method":"group_limited_greedy",
             "vocab_size":102400}
            """),
        ("deepseek-v2-lite", 15_706_484_224, """
            {"model_type":"deepseek_v2","first_k_dense_replace":1,"hidden_size":2048,"intermediate_size":10944,"kv_lora_rank":512,
             "moe_intermediate_size":1408,"n_group":1,"n_routed_experts":64,"n_shared_experts":2,"num_attention_heads":16,
             "num_experts_per_tok":6,"num_hidden_layers":27,"q_lora_rank":null,"topk_group":1,"topk_method":"greedy",
             "vocab_size":102400}
            """),
        ("deepseek-v3", 671_026_419_200, """
            {"model_type":"deepseek_v3","num_nextn_predict_layers":1}
            """),
        ("gpt2", 124_439_808, """
            {"model_type":"gpt2"}
            """),
        ("gpt-neox-20b", 20_554_567_680, """
            {"model_type":"gpt_neox"}
            """),
        ("bloom-7b1", 7_069_016_064, """
            {"model_type":"bloom","n_embed":4096,"num_attention_heads":32,"n_layer":30,"vocab_size":250880}
            """),
        ("opt-1.3b", 1_315_758_080, """
            {"model_type":"opt","hidden_size":2048,"ffn_dim":8192,"num_attention_heads":32,"num_hidden_layers":24,"word_embed_proj_dim":2048}
            """),
        ("gemma-2b", 2_506_172_416, """
            {"model_type":"gemma","head_dim":256,"hidden_size":2048,"intermediate_size":16384,"num_attention_heads":8,
             "num_hidden_layers":18,"num_key_value_heads":1,"hidden_act":"gelu","hidden_activation":null}
            """),
        ("gemma-2-9b", 9_241_705_984, """
            {"model_type":"gemma2","head_dim":256,"hidden_size":3584,"intermediate_size":14336,"num_attention_heads":16,
             "num_hidden_layers":42,"num_key_value_heads":8}
            """),
        ("gemma-3-1b", 999_885_952, """
            {"model_type":"gemma3_text","head_dim":256,"hidden_size":1152,"intermediate_size":6912,"num_attention_heads":4,
             "num_hidden_layers":26,"num_key_value_heads":1,"sliding_window":512,"vocab_size":262144}
            """),
        ("phi-3-mini", 3_821_079_552, """
            {"model_type":"phi3","sliding_window":2047}
            """),
        ("phi-2 without its head's bias", 2_779_683_840 - 51_200, """
            {"model_type":"phi","hidden_size":2560,"intermediate_size":10240,"num_hidden_layers":32}
            """),
        ("olmo-7b", 6_888_095_744, """
            {"model_type":"olmo"}
            """),
        ("olmo-2-7b", 7_298_617_344, """
            {"model_type":"olmo2","vocab_size":100352}
            """),
        ("olmoe-1b-7b", 6_919_161_856, """
            {"model_type":"olmoe","intermediate_size":1024}
            """),
        ("granite-3.0-1b-a400m", 1_334_628_352, """
            {"model_type":"granitemoe","hidden_size":1024,"intermediate_size":512,"num_attention_heads":16,"num_experts_per_tok":8,
             "num_hidden_layers":24,"num_key_value_heads":8,"num_local_experts":32,"tie_word_embeddings":true,"vocab_size":49155}
            """),
        ("granite-3.0-8b", 8_170_848_256, """
            {"model_type":"granite","hidden_size":4096,"intermediate_size":12800,"num_hidden_layers":40,"num_key_value_heads":8,
             "tie_word_embeddings":true,"vocab_size":49155}
            """),
        ("falcon-7b", 6_921_720_704, """
            {"model_type":"falcon","multi_query":true,"new_decoder_architecture":false,"parallel_attn":true,"bias":false}
            """),
        ("falcon-40b", 41_303_293_952, """
            {"model_type":"falcon","hidden_size":8192,"num_attention_heads":128,"num_hidden_layers":60,"num_kv_heads":8,
             "new_decoder_architecture":true}
            """),
        ("gpt-oss-20b", 20_914_757_184, """
            {"model_type":"gpt_oss","num_hidden_layers":24,"num_local_experts":32}
            """),
        ("gpt-oss-120b", 116_829_156_672, """
            {"model_type":"gpt_oss"}
            """),
        ("starcoder2-3b", 3_030_371_328, """
            {"model_type":"starcoder2","sliding_window":4096}
            """),
        ("stablelm-3b", 2_795_443_200, """
            {"model_type":"stablelm"}
            """),
        ("mpt-7b", 6_649_286_656, """
            {"model_type":"mpt","d_model":4096,"n_heads":32,"n_layers":32,"vocab_size":50432,"attn_config":{"alibi":true}}
            """),
        ("smollm3-3b", 3_075_098_624, """
            {"model_type":"smollm3"}
            """),
        ("dbrx", 131_596_523_520, """
            {"model_type":"dbrx","d_model":6144,"n_heads":48,"n_layers":40,"vocab_size":100352,"attn_config":{"kv_n_heads":8},
             "ffn_config":{"ffn_hidden_size":10752,"moe_num_experts":16,"moe_top_k":4}}
            """),
        ("qwen3-235b-a22b", 235_093_634_560, """
            {"model_type":"qwen3_moe","head_dim":128,"hidden_size":4096,"moe_intermediate_size":1536,"num_attention_heads":64,
             "num_experts":128,"num_experts_per_tok":8,"num_hidden_layers":94,"num_key_value_heads":4,"vocab_size":151936}
            """),
        ("glm-4.5-air", 106_852_251_264, """
            {"model_type":"glm4_moe","attention_bias":true,"head_dim":128,"use_qk_norm":false,"num_nextn_predict_layers":1}
            """),
        ("starcoderbase", 15_517_456_384, """
            {"model_type":"gpt_bigcode","n_embd":6144,"n_head":48,"n_inner":24576,"n_layer":40,"n_positions":8192,"vocab_size":49152}
            """),
    ];
}
