using System.Text;
using System.Text.Json;

namespace CarbonScaling.Models.HuggingFace;

/// <summary>Reads a JSON text of limited size and depth into values that know their lines.</summary>
internal static class JsonFile
{
    private const int MostBytes = 1 << 20;
    private const int MostLevels = 32;
    private const string TooDeep = "too deep";

    /// <summary>Reads a text that must hold one object; null, and a problem, when it does not.</summary>
    public static JsonMap? ReadMap(string text, ModelFileProblems problems)
    {
        if (text.Length > MostBytes)
        {
            problems.Add(1, "", "", "the file is too large; allowed: at most 1 MiB");
            return null;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.StartsWith('\uFEFF') ? text[1..] : text);
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = MostLevels + 1 });
        try
        {
            Lines lines = new(bytes);
            reader.Read();
            JsonValue value = Value(ref reader, lines);

            // A second value is not valid either.
            reader.Read();
            if (value is JsonMap map)
            {
                return map;
            }

            problems.Add(value.Line, "", value.Shown, "is not a configuration; allowed: a JSON object with model_type and more");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The reader answers a text with broken escapes with the second.
            int line = problem is JsonException { LineNumber: { } number } ? (int)Math.Min(number, MostBytes) + 1 : 1;
            string what = problem.Message == TooDeep ? $"is nested more than {MostLevels} levels deep" : text.Trim().Length == 0 ? "is empty" : "is not valid JSON";
            problems.Add(line, "", "", $"the text {what}; allowed: a JSON object with model_type and more");
        }

        return null;
    }

    private static JsonValue Value(ref Utf8JsonReader reader, Lines lines)
    {
        int line = lines.At(reader.TokenStartIndex);
        if (reader.CurrentDepth == MostLevels && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            throw new JsonException(TooDeep, path: null, line - 1, bytePositionInLine: null);
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Dictionary<string, JsonValue> fields = new(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    fields[name] = Value(ref reader, lines);
                }

                return new JsonMap(line, fields);
            case JsonTokenType.StartArray:
                List<JsonValue> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, lines));
                }

                return new JsonList(line, items);
            case JsonTokenType.String:
                return new JsonText(line, reader.GetString()!);
            case JsonTokenType.Number:
                string written = Encoding.UTF8.GetString(reader.ValueSpan);
                return new JsonNumber(line, reader.TryGetDouble(out double number) ? number : double.PositiveInfinity, written);
            case JsonTokenType.True or JsonTokenType.False:
                return new JsonFlag(line, reader.TokenType == JsonTokenType.True);
            default:
                return new JsonNothing(line);
        }
    }

    /// <summary>Finds lines of growing positions.</summary>
    private sealed class Lines(byte[] bytes)
    {
        private int _position;
        private int _line = 1;

        public int At(long position)
        {
            int end = (int)Math.Clamp(position, _position, bytes.Length);
            _line += bytes.AsSpan(_position, end - _position).Count((byte)'\n');
            _position = end;
            return _line;
        }
    }
}
