using CarbonScaling.Catalogs;

namespace CarbonScaling.Laws;

/// <summary>Finds laws of a form in the catalog.</summary>
internal static class LawEntry
{
    /// <exception cref="CatalogException">There is no such law, or it is of another form.</exception>
    public static CatalogEntry Find(Catalog catalog, string id, string form)
    {
        CatalogEntry entry = catalog.Find("laws", id);
        if (entry.Attribute("form") == form)
        {
            return entry;
        }

        IEnumerable<string> fitting = catalog.Ids("laws").Where(other => catalog.Find("laws", other).Attribute("form") == form);
        throw new CatalogException($"'{id}' is no law of the {form}; allowed: {string.Join(", ", fitting)}");
    }
}
