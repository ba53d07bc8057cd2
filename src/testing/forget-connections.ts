// Runs before each file of end-to-end tests: the kernel forgets what it has seen of earlier connections between two addresses, such as
// how far segments were out of order. After heavy traffic it would take more of a client that does not read than these tests allow for
// (`ip tcp_metrics`). Only root may do that; elsewhere nothing happens.
import { spawnSync } from 'node:child_process';

spawnSync('ip', ['tcp_metrics', 'flush'], { stdio: 'ignore' });
