using System.Collections.Frozen;
using CarbonScaling.Catalogs;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>The words that a field accepts, and those that a later version will.</summary>
internal sealed class Choices<T>
{
    private readonly FrozenDictionary<string, T> _values;
    private readonly string[] _later;

    public Choices((string Name, T Value)[] values, params string[] later)
    {
        _values = values.ToFrozenDictionary(static value => value.Name, static value => value.Value, StringComparer.Ordinal);
        _later = later;
        Names = [.. values.Select(static value => value.Name)];
        Allowed = string.Join(", ", Names);
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The accepted words as a message lists them.</summary>
    public string Allowed { get; }

    public bool TryFind(string name, out T value) => _values.TryGetValue(name, out value!);

    /// <summary>The word that stands for a value.</summary>
    public string NameOf(T value) => _values.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key;

    /// <summary>What is wrong with a word that is not accepted, to follow the quoted word.</summary>
    public string Problem(string name) => _later.Contains(name)
        ? $"is not supported yet; allowed: {Allowed}"
        : $"is not known{Hint.For(name, Names)}; allowed: {Allowed}";
}

/// <summary>Suggests a known name.</summary>
internal static class Hint
{
    /// <summary>" (did you mean '…'?)", or nothing when no known name is near.</summary>
    public static string For(string name, IReadOnlyCollection<string> known) =>
        NearestName.FindNear(name, known) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
}
