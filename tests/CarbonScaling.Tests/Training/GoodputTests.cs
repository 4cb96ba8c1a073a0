using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>What failures and checkpoints leave of a run.</summary>
public sealed class GoodputTests
{
    [Theory]
    [InlineData(1e6, 60, 30, false)]
    [InlineData(12_200, 600, 400, false)]
    [InlineData(5_000, 600, 300, false)]
    [InlineData(2_000, 900, 100, false)]
    [InlineData(1_000, 200, 60, false)]
    [InlineData(500, 10, 490, false)]
    [InlineData(50_000, 600, 5, true)]
    [InlineData(5_000, 600, 1_000, true)]
    [InlineData(2_000, 300, 1_500, true)]
    [InlineData(1_000, 0, 1_000, true)]
    public void Shares_are_those_of_simulated_failures(double timeToFailure, double restart, double write, bool asynchronous)
    {
        // One device, 1 GB of checkpoint; a device copies it to its host twenty times as fast as the storage takes it.
        WallTimeShares<Scalar> shares = Shares(timeToFailure, restart, write, asynchronous);
        double pause = asynchronous ? write / 20 : write;
        double beside = asynchronous ? write : 0;
        double interval = Math.Max(Math.Sqrt(2 * pause * timeToFailure), write);
        (double useful, double checkpoints, double restarts) = Simulate(timeToFailure, restart, pause, beside, interval);
        Assert.Equal(pause, shares.Pause.Value.Value, 9);
        Assert.Equal((restart + pause + beside) / timeToFailure, shares.Load.Value, 9);
        Assert.Equal(useful, shares.Useful.Value, 0.006);
        Assert.Equal(checkpoints, shares.Checkpoints.Value, 0.006);
        Assert.Equal(restarts, shares.Restarts.Value, 0.006);
        Assert.Equal(1, shares.Useful.Value + shares.Checkpoints.Value + shares.Restarts.Value + shares.Rework.Value, 12);
    }

    [Fact]
    public void A_checkpoint_on_its_way_to_the_storage_saves_nothing_yet()
    {
        // w = M/2 beside training makes wall/useful greater by e^(1/2); the interval is the same √(2δM) where that exceeds w.
        const double Mean = 1000, Write = 500;
        double young = Math.Sqrt(2 * (Write / 20) * Mean);
        double interval = Math.Max(young, Write);
        double expected = Mean / interval * Math.Exp(Write / Mean) * (Math.Exp((interval + (Write / 20)) / Mean) - 1);
        Assert.Equal(1 / expected, Shares(Mean, 0, Write, asynchronous: true).Useful.Value, 1e-12);
    }

    [Fact]
    public void The_interval_is_near_the_best()
    {
        const double Mean = 20_000, Restart = 300, Pause = 50;
        double Wall(double interval) => Mean / interval * Math.Exp(Restart / Mean) * (Math.Exp((interval + Pause) / Mean) - 1);
        double useful = Shares(Mean, Restart, Pause, asynchronous: false).Useful.Value;
        double best = Enumerable.Range(1, 2000).Max(tens => 1 / Wall(tens * 10));
        Assert.InRange(useful, best * 0.999, best * (1 + 1e-12));
    }

    [Fact]
    public void Extremes_stay_finite_and_sum_to_one()
    {
        double[] scales = [0, 5e-324, 1e-300, 1e-30, 1e-12, 1e-6, 1e-3, 1, 1e6, 1e30];
        foreach (double rate in scales)
        {
            foreach (double storage in new[] { 1e-3, 1.0, 1e6, 1e12, 1e18 })
            {
                foreach (double restart in new[] { 0, 1e-9, 600, 6e6 })
                {
                    foreach (bool asynchronous in new[] { false, true })
                    {
                        ReliabilityInputs<Scalar> inputs = new(
                            new(rate), new(new(restart)), new(new(1e12)), new(new(storage)), new(new(1e10)));
                        WallTimeShares<Scalar> shares = Goodput.Shares(inputs, new Scalar(1e5), storagePerDevice: false, asynchronous);
                        double[] parts = [shares.Useful.Value, shares.Checkpoints.Value, shares.Restarts.Value, shares.Rework.Value];
                        Assert.All(parts, part => Assert.InRange(part, 0, 1));
                        Assert.Equal(1, parts.Sum(), 9);
                        Assert.True(shares.Useful.Value > 0);
                        Assert.True(double.IsFinite(shares.Load.Value));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(1e10, 1e-4)]
    [InlineData(1e14, 1e-6)]
    [InlineData(1e25, 1e-11)]
    public void The_rarer_failures_are_the_nearer_it_comes_to_all_of_the_time(double timeToFailure, double lost)
    {
        // √(2δ/M) is lost: half of it standing still, half of it doing again what was lost.
        double useful = Shares(timeToFailure, 600, 50, asynchronous: false).Useful.Value;
        Assert.Equal(Math.Sqrt(2 * 50 / timeToFailure), 1 - useful, lost);
        Assert.InRange(useful, 1 - Math.Sqrt(3 * 50 / timeToFailure) - (600 / timeToFailure) - 1e-15, 1);
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

    [Theory]
    [InlineData("cluster.failures=none")]
    [InlineData("cluster.failures={perDeviceHour: 0}")]
    public void A_run_without_failures_loses_nothing(string setting)
    {
        Estimate estimate = Estimate(setting);
        Assert.Equal((1, 0, 0), (estimate.Run.Goodput, estimate.Run.LostToFailures, estimate.Run.LostToCheckpoints));
    }

    [Theory]
    [InlineData("1e-30")]
    [InlineData("5e-324")]
    public void A_run_that_never_sees_a_failure_loses_next_to_nothing(string perDeviceHour) =>
        Assert.Equal(1, Estimate($"cluster.failures={{perDeviceHour: {perDeviceHour}}}").Run.Goodput, 1e-9);

    [Fact]
    public void A_cluster_that_fails_faster_than_it_restarts_is_infeasible()
    {
        Estimate estimate = Estimate("cluster.failures={perDeviceHour: 0.01, restartMinutes: 30}");
        LimitViolation violation = Assert.Single(estimate.Violations, violation => violation.Limit == "failures");
        Assert.Equal(1, violation.Allowed);

        // 1024 devices fail 10.24 times an hour: half an hour of restart is 5.12 times that, and a checkpoint little more.
        Assert.Equal(5.12, violation.Value, 0.05);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cluster_that_fails_faster_than_its_storage_takes_a_checkpoint_is_infeasible(bool asynchronous)
    {
        // 69e9 parameters of 14 B are 0.97 TB; at 1 MB/s that takes 11 days. 1024 devices fail every 50 hours or so.
        string policy = $"cluster.checkpoint={{ storageBytesPerSecond: 1 MB/s, asynchronous: {(asynchronous ? "true" : "false")} }}";
        Estimate estimate = Estimate(policy);
        LimitViolation violation = Assert.Single(estimate.Violations, violation => violation.Limit == "failures");
        Assert.InRange(violation.Value, 2, 20);
        Assert.DoesNotContain(
            Estimate(policy.Replace("1 MB/s", "1 GB/s", StringComparison.Ordinal)).Violations, violation => violation.Limit == "failures");
    }

    private static WallTimeShares<Scalar> Shares(double timeToFailure, double restart, double write, bool asynchronous)
    {
        ReliabilityInputs<Scalar> inputs = new(
            new(1 / timeToFailure), new(new(restart)), new(new(1e9)), new(new(1e9 / write)), new(new(20e9 / write)));
        return Goodput.Shares(inputs, new Scalar(1), storagePerDevice: false, asynchronous);
    }

    // Failures of a Poisson process, during training, saving and restarting alike. A failure goes back to the newest
    // checkpoint that was safe by then.
    private static (double Useful, double Checkpoints, double Restarts) Simulate(
        double timeToFailure, double restart, double pause, double beside, double interval)
    {
        Random random = new(11);
        double NextFailure(double after) => after - (timeToFailure * Math.Log(1 - random.NextDouble()));
        double now = 0, restarts = 0, failure = NextFailure(0);
        long safe = 0;
        while (safe < 100_000)
        {
            // Train from the last safe checkpoint until the failure: the first is safe after interval, pause and write.
            double started = now;
            double first = started + interval + pause + beside;
            if (failure >= first)
            {
                safe += 1 + (long)((failure - first) / (interval + pause));
            }

            now = failure;
            double ready = now + restart;
            while ((failure = NextFailure(now)) < ready)
            {
                restarts += failure - now;
                now = failure;
                ready = now + restart;
            }

            restarts += restart;
            now = ready;
        }

        return (safe * interval / now, safe * pause / now, restarts / now);
    }

    private static Estimate Estimate(string setting)
    {
        Scenario scenario = LegalCases.Read(
            """
            model: llama-2-70b
            training: { tokens: 100G, globalBatchSequences: 1024 }
            cluster: { system: dgx-h100, devices: 1024 }
            plan: { tensor: 8, pipeline: 4 }
            site: { grid: fr }
            """,
            setting);
        return new Estimator(LegalCases.Embedded).Estimate(scenario);
    }
}
