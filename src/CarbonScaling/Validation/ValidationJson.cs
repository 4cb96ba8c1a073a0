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
        writer.WriteString("target", target.Target);
        writer.WriteStartArray("methods");
        foreach (MethodScore method in target.Methods)
        {
            writer.WriteStartObject();
            writer.WriteString("method", method.Method);
            writer.WriteNumber("fittedConstants", method.FittedConstants);
            WriteErrors(writer, method.Errors);
            WriteNumber(writer, "medianOfSources", method.MedianOfSources);
            writer.WriteStartArray("bySource");
            foreach (SourceScore source in method.BySource)
            {
                writer.WriteStartObject();
                writer.WriteString("source", source.Source);
                WriteErrors(writer, source.Errors);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
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
        WriteNumber(writer, "expRmsle", errors.ExpRmsle);
        WriteNumber(writer, "bias", errors.Bias);
        WriteNumber(writer, "mae", errors.Mae);
        WriteNumber(writer, "rmse", errors.Rmse);
        WriteNumber(writer, "r2", errors.R2);
        WriteNumber(writer, "r2Log", errors.R2Log);
        WriteNumber(writer, "within25", errors.Within25);
        WriteNumber(writer, "coverage90", errors.Coverage90);
        if (errors.MedianApeInterval95 is not [var low, var high])
        {
            writer.WriteNull("medianApeInterval95");
            return;
        }

        writer.WriteStartArray("medianApeInterval95");
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
