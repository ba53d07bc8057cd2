// CPU time of this process. What it takes to do something does not grow with what else the machine has to do.

export function readCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
