using System.Text.Json;

namespace CarbonScaling.Validation;

/// <summary>Writes validations as JSON, with the field names that other programs rely on.</summary>
public static class ValidationJson
{
    /// <summary>Writes a validation.</summary>
    public static void Write(Utf8JsonWriter writer, ValidationOutcome result)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(result);
        writer.WriteStartObject();
        writer.WriteString("schema", result.Schema);
        writer.WriteString("programVersion", result.ProgramVersion);
        writer.WriteString("modelVersion", result.ModelVersion);
        writer.WriteNumber("recordCount", result.RecordCount);
        writer.WriteStartArray("targets");
        foreach (TargetScore target in result.Targets)
        {
            WriteTarget(writer, target);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("exclusions");
        foreach (ExclusionCount exclusion in result.Exclusions)
        {
            WriteExclusion(writer, exclusion);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notTestable");
        foreach (NotTestable one in result.NotTestable)
        {
            writer.WriteStartObject();
            writer.WriteString("target", one.Target);
            writer.WriteNumber("records", one.Records);
            writer.WriteString("reason", one.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (ValidatedRow row in result.Rows)
        {
            WriteRow(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("records");
        foreach (RecordFilling record in result.Records)
        {
            WriteRecord(writer, record);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter writer, TargetScore target)
    {
        writer.WriteStartObject();
        writer.WriteString("target", target.Id);
        writer.WriteString("quantity", target.Target);
        writer.WriteString("unit", target.Unit);
        writer.WriteString("regime", target.Regime);
        writer.WriteString("about", target.About);
        writer.WriteStartArray("methods");
        foreach (MethodScore method in target.Methods)
        {
            WriteMethod(writer, method);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("comparisons");
        foreach (MethodComparison comparison in target.Comparisons)
        {
            writer.WriteStartObject();
            writer.WriteString("method", comparison.Method);
            writer.WriteString("baseline", comparison.Baseline);
            writer.WriteNumber("n", comparison.N);
            writer.WriteNumber("sources", comparison.Sources);
            writer.WriteNumber("difference", comparison.Difference);
            WriteInterval(writer, "differenceInterval95", comparison.Interval95);
            writer.WriteBoolean("beats", comparison.Beats);
            writer.WriteBoolean("isBeaten", comparison.IsBeaten);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMethod(Utf8JsonWriter writer, MethodScore method)
    {
        writer.WriteStartObject();
        writer.WriteString("method", method.Method);
        writer.WriteString("name", method.Name);
        writer.WriteBoolean("ours", method.IsOurs);
        writer.WriteNumber("fittedConstants", method.FittedConstants);
        WriteErrors(writer, method.Errors);
        WriteNumber(writer, "medianOfSources", method.MedianOfSources);
        WriteNumber(writer, "medianOfSets", method.MedianOfSets);
        WriteNumber(writer, "layoutCorrelation", method.LayoutCorrelation);
        writer.WriteNumber("layoutGroups", method.LayoutGroups);
        writer.WriteStartArray("bySource");
        foreach (SourceScore source in method.BySource)
        {
            writer.WriteStartObject();
            writer.WriteString("source", source.Source);
            WriteErrors(writer, source.Errors);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("byGroup");
        foreach (GroupScore group in method.ByGroup)
        {
            writer.WriteStartObject();
            writer.WriteString("by", group.By);
            writer.WriteString("group", group.Group);
            WriteErrors(writer, group.Errors);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, ErrorMetrics errors)
    {
        writer.WriteNumber("n", errors.N);
        writer.WriteNumber("sources", errors.Sources);
        WriteNumber(writer, "medianApe", errors.MedianApe);
        WriteNumber(writer, "p90Ape", errors.P90Ape);
        WriteNumber(writer, "mape", errors.Mape);
        WriteNumber(writer, "sourceMeanApe", errors.SourceMeanApe);
        WriteNumber(writer, "expRmsle", errors.ExpRmsle);
        WriteNumber(writer, "bias", errors.Bias);
        WriteNumber(writer, "mae", errors.Mae);
        WriteNumber(writer, "rmse", errors.Rmse);
        WriteNumber(writer, "r2", errors.R2);
        WriteNumber(writer, "r2Log", errors.R2Log);
        WriteNumber(writer, "within25", errors.Within25);
        WriteNumber(writer, "within2x", errors.Within2x);
        WriteNumber(writer, "coverage90", errors.Coverage90);
        WriteNumber(writer, "intervalScore90", errors.IntervalScore90);
        WriteNumber(writer, "medianHalfWidth90", errors.MedianHalfWidth90);
        WriteInterval(writer, "medianApeInterval95", errors.MedianApeInterval95);
        WriteInterval(writer, "p90ApeInterval95", errors.P90ApeInterval95);
        WriteInterval(writer, "mapeInterval95", errors.MapeInterval95);
        WriteInterval(writer, "sourceMeanApeInterval95", errors.SourceMeanApeInterval95);
        WriteInterval(writer, "expRmsleInterval95", errors.ExpRmsleInterval95);
        WriteInterval(writer, "biasInterval95", errors.BiasInterval95);
    }

    private static void WriteInterval(Utf8JsonWriter writer, string name, IReadOnlyList<double>? interval)
    {
        if (interval is not [var low, var high])
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        writer.WriteNumberValue(low);
        writer.WriteNumberValue(high);
        writer.WriteEndArray();
    }

    private static void WriteExclusion(Utf8JsonWriter writer, ExclusionCount exclusion)
    {
        writer.WriteStartObject();
        writer.WriteString("rule", exclusion.Rule);
        writer.WriteString("reason", exclusion.Reason);
        writer.WriteNumber("records", exclusion.Records);
        writer.WriteBoolean("forEveryMethod", exclusion.ForEveryMethod);
        writer.WriteStartArray("details");
        foreach ((string detail, int count) in exclusion.Details)
        {
            writer.WriteStartObject();
            writer.WriteString("detail", detail);
            writer.WriteNumber("records", count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter writer, ValidatedRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("source", row.Source);
        writer.WriteString("target", row.Target);
        writer.WriteString("table", row.Table);
        writer.WriteString("hardware", row.Hardware);
        writer.WriteString("method", row.Method);
        writer.WriteNumber("measured", row.Measured);
        WriteNumber(writer, "predicted", row.Predicted);
        WriteNumber(writer, "low", row.Low);
        WriteNumber(writer, "high", row.High);
        WriteNumber(writer, "error", row.Error);
        writer.WriteString("excluded", row.Excluded);
        writer.WriteString("detail", row.Detail);
        writer.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter writer, RecordFilling record)
    {
        writer.WriteStartObject();
        writer.WriteString("id", record.Id);
        writer.WriteStartArray("filled");
        foreach (FilledField filled in record.Filled)
        {
            writer.WriteStartObject();
            writer.WriteString("field", filled.Field);
            writer.WriteString("value", filled.Value);
            writer.WriteString("rule", filled.Rule);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
