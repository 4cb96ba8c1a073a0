using System.Text.Json.Nodes;

namespace CarbonScaling.CatalogCompiler;

/// <summary>One entry on its way into the blob.</summary>
/// <param name="Kind">The folder it comes from, or <c>sources</c>.</param>
/// <param name="Id">Its id, unique within the kind.</param>
/// <param name="Content">What the library reads back.</param>
public sealed record CatalogItem(string Kind, string Id, JsonObject Content);
