using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The links of groups of ranks inside a scale-up domain; null where no two of their ranks share one.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Data">Of <see cref="ExchangeGroups{T}.Data"/>.</param>
/// <param name="Shard">Of <see cref="ExchangeGroups{T}.Shard"/>.</param>
/// <param name="Replica">Of <see cref="ExchangeGroups{T}.Replica"/>.</param>
/// <param name="Experts">Of <see cref="ExchangeGroups{T}.Experts"/>.</param>
/// <param name="ExpertReplicas">Of <see cref="ExchangeGroups{T}.ExpertReplicas"/>.</param>
public sealed record ExchangeLinks<T>(
    LocalLinks<T>? Data,
    LocalLinks<T>? Shard,
    LocalLinks<T>? Replica,
    LocalLinks<T>? Experts,
    LocalLinks<T>? ExpertReplicas)
    where T : struct, IReal<T>;

/// <summary>The groups of ranks that exchange weights and gradients.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Data">Ranks that share everything but routed experts.</param>
/// <param name="Shard">With hybrid sharding, those of them that split one copy; else the same.</param>
/// <param name="Replica">With hybrid sharding, ranks that hold the same part of different copies.</param>
/// <param name="Experts">Ranks that hold the same routed experts; with hybrid sharding those of them that split one copy.</param>
/// <param name="ExpertReplicas">With hybrid sharding, ranks that hold the same part of different copies of routed experts.</param>
public readonly record struct ExchangeGroups<T>(
    GroupInputs<T> Data,
    GroupInputs<T> Shard,
    GroupInputs<T> Replica,
    GroupInputs<T> Experts,
    GroupInputs<T> ExpertReplicas)
    where T : struct, IReal<T>;
