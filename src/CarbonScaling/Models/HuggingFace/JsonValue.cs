namespace CarbonScaling.Models.HuggingFace;

/// <summary>A value of a JSON text with the line it stands in.</summary>
/// <param name="Line">The line, from 1.</param>
internal abstract record JsonValue(int Line)
{
    /// <summary>The value as a message shows it.</summary>
    public abstract string Shown { get; }
}

/// <summary>A number, as it was written.</summary>
internal sealed record JsonNumber(int Line, double Value, string Text) : JsonValue(Line)
{
    public override string Shown => Text;
}

/// <summary>A text.</summary>
internal sealed record JsonText(int Line, string Value) : JsonValue(Line)
{
    public override string Shown => Value.Length == 0 ? "\"\"" : Value;
}

/// <summary>True or false.</summary>
internal sealed record JsonFlag(int Line, bool Value) : JsonValue(Line)
{
    public override string Shown => Value ? "true" : "false";
}

/// <summary>Null.</summary>
internal sealed record JsonNothing(int Line) : JsonValue(Line)
{
    public override string Shown => "null";
}

/// <summary>Values in order.</summary>
internal sealed record JsonList(int Line, IReadOnlyList<JsonValue> Items) : JsonValue(Line)
{
    public override string Shown => "[…]";
}

/// <summary>Values by name; of a name given twice the last counts.</summary>
internal sealed record JsonMap(int Line, IReadOnlyDictionary<string, JsonValue> Fields) : JsonValue(Line)
{
    public override string Shown => "{…}";
}
