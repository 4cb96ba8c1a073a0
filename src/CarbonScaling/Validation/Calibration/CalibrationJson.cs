using System.Text.Json;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>Writes what a calibration did as JSON.</summary>
public static class CalibrationJson
{
    private const string Schema = "carbonscaling/calibration-summary/1";

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter writer, CalibrationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(outcome);
        CalibratedSet set = outcome.Set;
        writer.WriteStartObject();
        writer.WriteString("schema", Schema);
        writer.WriteString("programVersion", set.ProgramVersion);
        writer.WriteString("id", set.Id);
        writer.WriteString("priorsDigest", set.PriorsDigest);
        writer.WriteString("recordsDigest", outcome.RecordsDigest);
        writer.WriteNumber("observations", outcome.Observations);
        WriteCounts(writer, "files", outcome.Files);
        WriteCounts(writer, "sources", outcome.Sources);
        WriteCounts(writer, "leftOut", outcome.Exclusions);
        writer.WriteBoolean("converged", outcome.Converged);
        writer.WriteStartObject("errors");
        WriteErrors(writer, "prior", outcome.Prior);
        WriteErrors(writer, "fitted", outcome.Fitted);
        WriteErrors(writer, "leaveOneSourceOut", outcome.LeftOut);
        writer.WriteEndObject();
        WriteIntervals(writer, outcome.LeftOutIntervals);
        writer.WriteNumber("fittedConstants", set.Parameters.Count);
        writer.WriteStartArray("parameters");
        foreach (FittedParameter parameter in set.Parameters)
        {
            writer.WriteStartObject();
            writer.WriteString("id", parameter.Id);
            writer.WriteString("by", parameter.Index);
            writer.WriteNumber("multiplier", parameter.Multiplier);
            writer.WriteNumber("spread", parameter.Spread);
            writer.WriteNumber("priorSpread", parameter.PriorSpread);
            writer.WriteNumber("ratio", parameter.SpreadRatio);
            writer.WriteBoolean("determined", parameter.IsDetermined);
            writer.WriteStartArray("figures");
            foreach (string figure in parameter.Figures)
            {
                writer.WriteStringValue(figure);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, int> counts)
    {
        writer.WriteStartObject(name);
        foreach ((string key, int count) in counts)
        {
            writer.WriteNumber(key, count);
        }

        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, string name, CalibrationErrors? errors)
    {
        if (errors is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("mape", errors.Mape);
        writer.WriteNumber("medianApe", errors.MedianApe);
        writer.WriteNumber("meanOfSources", errors.MeanOfSources);
        writer.WriteNumber("medianOfSources", errors.MedianOfSources);
        writer.WriteEndObject();
    }

    private static void WriteIntervals(Utf8JsonWriter writer, CalibrationIntervals? intervals)
    {
        const string Name = "intervals90";
        if (intervals is null)
        {
            writer.WriteNull(Name);
            return;
        }

        writer.WriteStartObject(Name);
        writer.WriteNumber("coverage", intervals.Coverage);
        writer.WriteString("leastSource", intervals.LeastSource);
        writer.WriteNumber("leastSourceCoverage", intervals.LeastSourceCoverage);
        writer.WriteNumber("medianHalfWidth", intervals.MedianWidth);
        writer.WriteEndObject();
    }
}
