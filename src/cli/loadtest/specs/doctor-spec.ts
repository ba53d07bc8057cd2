// What norn-loadtest doctor takes on its command line.

export const DOCTOR_SPEC = {
  program: 'norn-loadtest doctor',
  usage: '',
  describe:
    'Reports how many clients this machine can carry and what limits it, with a remedy for each limit. It opens no connection.',
  maxPositionals: 0,
  options: {},
  examples: [['norn-loadtest doctor', 'before the first large run on a machine']],
  exitCodes: [
    [0, 'reported'],
    [2, 'bad usage'],
  ],
} as const;
