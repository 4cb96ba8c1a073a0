using CarbonScaling.Catalogs;
using CarbonScaling.Validation;

namespace CarbonScaling.Tests.Validation;

/// <summary>All records that the library carries, validated once for all tests.</summary>
internal static class PublishedOutcome
{
    private static readonly Lazy<ValidationOutcome> Lazy =
        new(static () => new Validator(Catalog.OpenEmbedded()).Run(PublishedRecords.ReadSet()));

    public static ValidationOutcome Value => Lazy.Value;

    public static MethodScore Score(string table, string method) =>
        Value.Targets.Single(target => target.Id == table).Methods.Single(score => score.Method == method);

    public static ValidatedRow Row(string id, string table, string method = "carbonscaling") =>
        Value.Rows.Single(row => row.Id == id && row.Table == table && row.Method == method);
}
