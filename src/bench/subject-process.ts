// The other end of a bench process: takes orders, answers each, and ends with the one who gives them.

/** `obey` answers one order; what it throws ends the process, and the bench with it. */
export function obeyOrders<Order>(obey: (order: Order) => object | Promise<object>): void {
  process.on('message', (order: Order) => {
    Promise.resolve(obey(order)).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.nextTick(() => {
          throw error;
        });
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
}

/** CPU time of this process since `begun`, in microseconds, user and system. */
export function cpuMicrosSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}
