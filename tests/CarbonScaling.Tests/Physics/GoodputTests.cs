using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Physics;

/// <summary>Shares of the wall time against a simulation of failures, from rare ones to several per checkpoint.</summary>
public sealed class GoodputTests
{
    [Theory]
    [InlineData(1e6, 60, 30)]
    [InlineData(20_000, 600, 200)]
    [InlineData(5_000, 600, 300)]
    [InlineData(2_000, 900, 100)]
    public void Shares_are_those_of_simulated_failures(double timeToFailure, double restart, double write)
    {
        WallTimeShares<Scalar> shares = Shares(timeToFailure, restart, write, devices: 1000);
        double interval = Math.Max(Math.Sqrt(2 * write * timeToFailure), write);
        (double useful, double still) = Simulate(timeToFailure, restart, write, interval);

        Assert.Equal(1, shares.Useful.Value / useful, 0.02);
        Assert.Equal(1, shares.Useful.Value + shares.Checkpoints.Value + shares.Restarts.Value + shares.Rework.Value, 1e-12);
        // Restarts take their time once per failure, and more where failures hit restarts.
        Assert.Equal(still, shares.Restarts.Value, 0.02 + (still * restart / timeToFailure));
    }

    [Fact]
    public void Without_failures_in_sight_all_time_is_useful()
    {
        WallTimeShares<Scalar> shares = Shares(1e13, 600, 100, devices: 8);
        Assert.Equal(1, shares.Useful.Value, 1e-5);
    }

    [Fact]
    public void More_devices_fail_more_often()
    {
        double[] useful = [.. new[] { 10.0, 100, 1000, 10_000, 100_000 }.Select(devices => Goodput.Shares(
            new ReliabilityInputs<Scalar>(new(5e-9), new(new(600)), new(new(1e12)), new(new(1e11)), new(new(5e10))),
            new Scalar(devices),
            storagePerDevice: false,
            asynchronous: true).Useful.Value)];
        Assert.Equal(useful.OrderDescending(), useful);
    }

    private static WallTimeShares<Scalar> Shares(double timeToFailure, double restart, double write, double devices) =>
        Goodput.Shares(
            new ReliabilityInputs<Scalar>(
                new(1 / (timeToFailure * devices)), new(new(restart)), new(new(write * 1e9)), new(new(1e9)), new(new(1e9))),
            new Scalar(devices),
            storagePerDevice: false,
            asynchronous: false);

    // Failures of a Poisson process, during training, saving and restarting alike.
    private static (double Useful, double Restarting) Simulate(double timeToFailure, double restart, double write, double interval)
    {
        Random random = new(20_260_101);
        double wall = 0;
        double useful = 0;
        double restarting = 0;
        double next = Next();
        for (int saved = 0; saved < 60_000;)
        {
            double end = wall + interval + write;
            if (end <= next)
            {
                wall = end;
                useful += interval;
                saved++;
                continue;
            }

            double failed = next;
            wall = failed + restart;
            next = failed + Next();
            while (next < wall)
            {
                wall = next + restart;
                next += Next();
            }

            restarting += wall - failed;
        }

        return (useful / wall, restarting / wall);

        double Next() => -timeToFailure * Math.Log(1 - random.NextDouble());
    }
}
