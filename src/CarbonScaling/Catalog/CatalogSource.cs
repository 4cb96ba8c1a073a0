namespace CarbonScaling.Catalogs;

/// <summary>Where figures of the catalog come from.</summary>
/// <param name="Key">The key that figures name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Where">Where it can be read.</param>
/// <param name="Licence">The licence of what was taken.</param>
/// <param name="Note">A remark, or null.</param>
public sealed record CatalogSource(string Key, string Title, string Where, string Licence, string? Note);
