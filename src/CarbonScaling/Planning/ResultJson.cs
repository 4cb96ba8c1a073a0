using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Planning.Json;

namespace CarbonScaling.Planning;

/// <summary>Writes results as JSON, with the field names that other programs rely on.</summary>
/// <remarks>
/// Fields are camelCase, absent values are null, and every number is finite: a result that holds another is refused with an
/// <see cref="ArgumentException"/>.
/// </remarks>
public static class ResultJson
{
    /// <summary>Writes an estimate.</summary>
    public static void Write(Utf8JsonWriter writer, Estimate estimate) =>
        JsonSerializer.Serialize(writer, estimate, ResultJsonContext.Default.Estimate);

    /// <summary>Writes what a search found.</summary>
    public static void Write(Utf8JsonWriter writer, PlanResult result) =>
        JsonSerializer.Serialize(writer, result, ResultJsonContext.Default.PlanResult);

    /// <summary>Writes the arguments that launch a plan.</summary>
    public static void Write(Utf8JsonWriter writer, LaunchExport export) =>
        JsonSerializer.Serialize(writer, export, ResultJsonContext.Default.LaunchExport);

    /// <summary>Writes a derivation. A step that is used again is written once, and then as <c>{"ref": id}</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="derivation">The derivation.</param>
    /// <param name="catalog">Tells the titles of the sources; without it, the keys stand alone.</param>
    public static void Write(Utf8JsonWriter writer, Derivation derivation, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(derivation);
        DerivationJson.Write(writer, derivation, catalog);
    }

    /// <summary>Writes an estimate as UTF-8.</summary>
    public static void Write(Stream stream, Estimate estimate, bool indented = false) =>
        Write(stream, indented, writer => Write(writer, estimate));

    /// <summary>Writes what a search found as UTF-8.</summary>
    public static void Write(Stream stream, PlanResult result, bool indented = false) =>
        Write(stream, indented, writer => Write(writer, result));

    /// <summary>Writes the arguments that launch a plan as UTF-8.</summary>
    public static void Write(Stream stream, LaunchExport export, bool indented = false) =>
        Write(stream, indented, writer => Write(writer, export));

    /// <summary>Writes a derivation as UTF-8.</summary>
    public static void Write(Stream stream, Derivation derivation, Catalog? catalog = null, bool indented = false) =>
        Write(stream, indented, writer => Write(writer, derivation, catalog));

    private static void Write(Stream stream, bool indented, Action<Utf8JsonWriter> write)
    {
        using Utf8JsonWriter writer = new(stream, new() { Indented = indented });
        write(writer);
    }
}
