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

    /// <summary>
    /// 1F1B with the weight gradient split off the backward pass and moved into the bubble (ZB-H1); every stage holds what
    /// the first one of 1F1B holds.
    /// </summary>
    ZeroBubbleH1,

    /// <summary>
    /// As ZB-H1 with twice as many forward passes at first (ZB-H2), so that no stage waits between its passes; twice the
    /// activations. Only where steps do not wait for each other, the bubble is gone.
    /// </summary>
    ZeroBubbleH2,

    /// <summary>
    /// Two chunks on each stage in the shape of a V, so that the first stage also holds the end of the model (ZBV); no
    /// bubble as ZB-H2, activations as ZB-H1.
    /// </summary>
    ZeroBubbleV,

    /// <summary>
    /// Micro-batches from both ends over two copies of the weights, a forward and a backward pass of opposite directions
    /// combined so that each hides the communication of the other.
    /// </summary>
    DualPipe,
}
