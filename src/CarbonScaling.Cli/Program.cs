using CarbonScaling.Cli;

return ConsoleHost.Run(args);
