namespace CarbonScaling.Training;

/// <summary>How the parts of a sequence meet in attention when context-parallel ranks hold one each.</summary>
public enum ContextMode
{
    /// <summary>Keys and values go round a ring, each step beside the attention to those that have arrived.</summary>
    Ring,

    /// <summary>All-to-all before and after attention, which then splits by heads.</summary>
    Ulysses,

    /// <summary>Every rank gathers all keys and values.</summary>
    AllGather,
}
