using System.Numerics;
using CarbonScaling.Energy;
using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;
using V = System.Numerics.Vector<double>;

namespace CarbonScaling.Benchmarks;

/// <summary>
/// The formulas of <see cref="JobModel{T}.Combine"/> for one shape, written by hand on vectors: GPipe, sharded optimizer
/// state reduced between nodes beside the backward pass, no recomputation, failures with asynchronous checkpoints.
/// </summary>
internal sealed class HandKernel(JobInputs<Lanes> job, LayerCosts<Lanes> layer)
{
    private static readonly V One = new(1);
    private static readonly V Two = new(2);

    private readonly V _layerForward = layer.Layer.Forward.Value.Value;
    private readonly V _layerBackward = layer.Layer.Backward.Value.Value;
    private readonly V _embeddingForward = layer.Embedding.Forward.Value.Value;
    private readonly V _embeddingBackward = layer.Embedding.Backward.Value.Value;
    private readonly V _headForward = layer.Head.Forward.Value.Value;
    private readonly V _headBackward = layer.Head.Backward.Value.Value;
    private readonly PassTime<Lanes> _layer = layer.Layer.Both;
    private readonly PassTime<Lanes> _embedding = layer.Embedding.Both;
    private readonly PassTime<Lanes> _head = layer.Head.Both;
    private readonly V _layerParameters = layer.Parameters.Layer.Value;
    private readonly V _embeddingParameters = layer.Parameters.Embedding.Value;
    private readonly V _headParameters = layer.Parameters.Head.Value;
    private readonly V _layerActivations = layer.Activations.Layer.Value.Value;
    private readonly V _headActivations = layer.Activations.Head.Value.Value;
    private readonly V _message = layer.Message.Value.Value;
    private readonly V _productFlops = ExecutedFlops.InProducts(job.Model, default, default).Value.Value;
    private readonly StackInputs<Lanes> _stack = job.Machine.Stack;
    private readonly NetworkInputs<Lanes> _network = job.Machine.Network;
    private readonly PowerInputs<Lanes> _power = job.Power;
    private readonly JobInputs<Lanes> _job = job;
    private readonly V _accelerator = Carbon.Embodied.Accelerator(job.Embodied).Value.Value;

    /// <summary>Step in seconds, memory in bytes and emissions in kg of a vector of plans.</summary>
    public (V Step, V Memory, V Carbon) Evaluate(in PlanInputs<Lanes> plan)
    {
        V p = plan.Pipeline.Value, m = plan.MicroBatches.Value, data = plan.Data.Value, devices = plan.Devices.Value;
        V firstLayers = plan.FirstLayers.Value, middleLayers = plan.MiddleLayers.Value, lastLayers = plan.LastLayers.Value;
        V middleTotal = plan.MiddleLayerTotal.Value;
        V firstForward = (_layerForward * firstLayers) + _embeddingForward;
        V firstBackward = (_layerBackward * firstLayers) + _embeddingBackward;
        V middleForward = _layerForward * middleLayers;
        V middleBackward = _layerBackward * middleLayers;
        V lastForward = (_layerForward * lastLayers) + _headForward;
        V lastBackward = (_layerBackward * lastLayers) + _headBackward;
        V share = middleTotal / Vector.Max(middleLayers, One);

        V first = firstForward + firstBackward, middle = middleForward + middleBackward, last = lastForward + lastBackward;
        V longestForward = Vector.Max(Vector.Max(firstForward, middleForward), lastForward);
        V longestBackward = Vector.Max(Vector.Max(firstBackward, middleBackward), lastBackward);
        V sum = first + (middle * share) + last;
        V alone = sum + ((m - One) * (longestForward + longestBackward));
        V transfer = _network.TransferLatency.Value.Value + (_message / _network.TransferRate.Value.Value);
        V between = Two * transfer * Vector.Min(One, p - Two);
        V forwardMost = Vector.Max(Vector.Max(firstForward + transfer, middleForward + between), lastForward + transfer);
        V backwardMost = Vector.Max(Vector.Max(firstBackward + transfer, middleBackward + between), lastBackward + transfer);
        V makespan = sum + (Two * (p - One) * transfer) + ((m - One) * (forwardMost + backwardMost));

        V parameters = Vector.Max(
            Vector.Max((firstLayers * _layerParameters) + _embeddingParameters, (lastLayers * _layerParameters) + _headParameters),
            middleLayers * _layerParameters);
        V gradients = _stack.ReductionBytes.Value.Value * parameters;
        V weights = _job.Machine.SixteenBitProducts.OperandBytes.Value * parameters;
        V factor = (data - One) / data;
        V latency = _network.LatencyPerDoubling.Value.Value * (Vector.Log(data) / new V(Math.Log(2)) / Two);
        V rate = _network.DeviceRate.Value.Value;
        V root = _network.RootLatency.Value;
        V reduce = latency + (root * Vector.SquareRoot(gradients)) + (factor * (gradients / rate));
        V gather = latency + (root * Vector.SquareRoot(weights)) + (factor * (weights / rate));
        V bucketBytes = Vector.Max(_stack.BucketBytes.Value.Value, _stack.BucketBytesPerRank.Value.Value * data);
        V bucket = Vector.Min(One, bucketBytes / gradients);
        V atEnd = Bucketed(reduce, bucket, longestBackward) + Bucketed(gather, bucket, longestForward);
        atEnd += _network.TransferLatency.Value.Value
            + (_stack.ReductionBytes.Value.Value * _headParameters / _network.TransferRate.Value.Value);
        V optimizer = (_job.Machine.Optimizer.Full.Value.Value + (_job.Machine.Optimizer.Sharded.Value.Value / data)) * parameters
            / _job.Machine.Memory.Bandwidth.Value.Value;
        V together = makespan + atEnd + optimizer;
        V nodes = devices / _job.Machine.DevicesPerNode.Value;
        V logNodes = Vector.Log(Vector.Max(nodes, One));
        V straggling = together * (_stack.Straggling.Value * (logNodes * Vector.SquareRoot(Two / (logNodes + new V(2.262)))));
        V step = together + straggling + _stack.StepConstant.Value.Value;

        return (step, Memory(plan, m, data), Emissions(plan, step, makespan - alone, atEnd, optimizer));
    }

    private V Bucketed(V time, V share, V beside)
    {
        V last = time * share;
        V rest = time - last;
        return last + Vector.Max(V.Zero, rest - beside) + (Vector.Min(rest, beside) * _stack.Interference.Value);
    }

    private V Memory(in PlanInputs<Lanes> plan, V inFlight, V data)
    {
        V first = Stage((plan.FirstLayers.Value * _layerParameters) + _embeddingParameters, plan.FirstLayers.Value * inFlight * _layerActivations, data);
        V middle = Stage(plan.MiddleLayers.Value * _layerParameters, plan.MiddleLayers.Value * inFlight * _layerActivations, data);
        V last = Stage(
            (plan.LastLayers.Value * _layerParameters) + _headParameters,
            (plan.LastLayers.Value * inFlight * _layerActivations) + _headActivations,
            data);
        return Vector.Max(Vector.Max(first, middle), last);
    }

    private V Stage(V parameters, V activations, V data)
    {
        V allocated = (parameters * (_job.State.Weight.Value.Value + _job.State.Gradient.Value.Value))
            + (_job.State.Optimizer.Value.Value * parameters / data) + activations;
        return (allocated / _job.Overhead.Allocated.Value) + _job.Overhead.Context.Value.Value + _job.Overhead.Communicator.Value.Value;
    }

    private V Emissions(in PlanInputs<Lanes> plan, V step, V transfers, V atEnd, V optimizer)
    {
        V devices = plan.Devices.Value;
        V times = plan.MicroBatches.Value / plan.Pipeline.Value;
        V layers = (plan.FirstLayers.Value + plan.MiddleLayerTotal.Value + plan.LastLayers.Value) * times;
        V products = (_layer.Products.Value.Value * layers) + (_head.Products.Value.Value * times);
        V attention = _layer.Attention.Value.Value * layers;
        V memory = (_layer.Memory.Value.Value * layers)
            + ((_embedding.Memory.Value.Value + _head.Memory.Value.Value) * times) + optimizer;
        V communication = (_layer.TensorCommunication.Value.Value * layers)
            + ((_embedding.TensorCommunication.Value.Value + _head.TensorCommunication.Value.Value) * times) + atEnd + transfers;
        V waiting = Vector.Max(V.Zero, step - products - attention - memory - communication);

        V tokens = _job.GlobalBatch.Value * _job.SequenceLength.Value / devices;
        V achieved = _productFlops * tokens / _job.Machine.Products.Peak.Value.Value / products;
        PowerCurve<Lanes> curve = _power.Products;
        V rise = Vector.Exp(curve.Exponent.Value * Vector.Log(Vector.Min(One, achieved / curve.Saturation.Value)));
        V limit = _power.Limit.Value.Value;
        V idle = _power.Waiting.Value.Value;
        V training = ((limit * (curve.Floor.Value + ((curve.Ceiling.Value - curve.Floor.Value) * rise)) * products)
            + (limit * _power.Attention.Value * attention) + (limit * _power.Memory.Value * memory)
            + (limit * _power.Communication.Value * communication) + (idle * waiting)) / step;

        ReliabilityInputs<Lanes> failures = _job.Reliability!;
        V toFailure = One / (failures.FailureRate.Value * devices);
        V size = failures.CheckpointSize.Value.Value;
        V write = size / (failures.StorageRate.Value.Value * devices);
        V pause = size / devices / failures.HostLinkRate.Value.Value;
        V interval = Vector.Max(Vector.SquareRoot(Two * pause * toFailure), write);
        V most = new(50);
        V restart = failures.Restart.Value.Value;
        V during = Vector.Min(most, (interval + pause) / toFailure);
        V wallPerUseful = (One + (pause / interval)) * Vector.Exp(Vector.Min(most, (restart + write) / toFailure))
            * ((Vector.Exp(during) - One) / during);
        V useful = One / wallPerUseful;
        V checkpoints = useful * (pause / interval);
        V lost = Vector.Max(V.Zero, One - useful - checkpoints);
        V restarts = Vector.Min(lost, One - Vector.Exp(-restart / toFailure));
        V average = (training * (useful + (lost - restarts))) + (idle * (checkpoints + restarts));
        V steps = Vector.Ceiling(_job.Tokens.Value / (_job.GlobalBatch.Value * _job.SequenceLength.Value));
        V deviceTime = step * steps / useful * devices;

        NetworkPowerInputs<Lanes> network = _power.Network;
        V interfaces = devices * network.NicsPerDevice.Value;
        V radix = network.Radix.Value;
        V beyond = Vector.ConditionalSelect(Vector.GreaterThan(interfaces, radix * radix / Two), new V(3), Two);
        V tiers = Vector.ConditionalSelect(Vector.GreaterThan(interfaces, radix), beyond, One);
        V networkPower = (network.Nic.Value.Value + (network.Port.Value.Value * ((Two * tiers) - One))
            + (network.Transceiver.Value.Value * (Two * tiers))) * network.NicsPerDevice.Value;
        V host = _power.Host.Value.Value;
        V operational = (average + host + networkPower) * deviceTime * _job.Site.PowerUsageEffectiveness.Value
            * _job.Site.Intensity.Value.Value;
        V embodied = (_accelerator + _job.Embodied.Host.Value.Value
            + (_job.Embodied.NetworkPerWatt.Value.Value * (limit + host + networkPower))) * (deviceTime / _job.Site.Lifetime.Value.Value);
        return operational + embodied;
    }
}
