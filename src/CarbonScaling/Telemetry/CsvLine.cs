using System.Text;

namespace CarbonScaling.Telemetry;

/// <summary>Splits one line of comma-separated text, in which a quoted field may hold commas and doubled quotes.</summary>
internal static class CsvLine
{
    /// <summary>The fields, without the space around them.</summary>
    public static string[] Split(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            return line.Split(',', StringSplitOptions.TrimEntries);
        }

        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                bool doubled = quoted && i + 1 < line.Length && line[i + 1] == '"';
                if (doubled)
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString().Trim());
        return [.. fields];
    }
}
