namespace CarbonScaling.Training;

/// <summary>The order in which a stage of a pipeline runs the passes of its micro-batches.</summary>
public enum PipelineScheduleKind
{
    /// <summary>All forward passes, then all backward passes.</summary>
    GPipe,

    /// <summary>As few forward passes as fill the pipeline, then one backward and one forward pass in turn.</summary>
    OneForwardOneBackward,

    /// <summary>
    /// One forward, one backward with several chunks of layers on each stage, which micro-batches pass in groups as
    /// large as the pipeline. The stages must divide the micro-batches, and a stage must hold two chunks or more.
    /// </summary>
    Interleaved,

    /// <summary>1F1B with the weight-gradient pass split off and moved into the bubble (ZB-H1); the memory of 1F1B.</summary>
    ZeroBubbleH1,

    /// <summary>ZB-H2: more forward passes at the start, so that no bubble is left; up to twice the memory of 1F1B.</summary>
    ZeroBubbleH2,

    /// <summary>ZB-V: two chunks a stage in a V, the last stage turning round at once; the memory of 1F1B.</summary>
    ZeroBubbleV,

    /// <summary>DualPipe: two streams of micro-batches in opposite directions over two copies of the weights.</summary>
    DualPipe,
}
