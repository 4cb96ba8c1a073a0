namespace CarbonScaling.Training;

/// <summary>The stages of a pipeline that lie in one pool; the default value holds all of them.</summary>
/// <param name="First">The first of them, counted from 0.</param>
/// <param name="Count">How many; 0 for all.</param>
public readonly record struct StageSpan(int First, int Count)
{
    /// <summary>Whether other stages lie elsewhere.</summary>
    public bool IsPart => Count > 0;

    /// <summary>Whether the first stage of the pipeline is among them.</summary>
    public bool HoldsFirst => First == 0;

    /// <summary>Whether the last stage of the pipeline is among them.</summary>
    /// <param name="stages">Stages of the pipeline.</param>
    public bool HoldsLast(int stages) => Count == 0 || First + Count == stages;
}
