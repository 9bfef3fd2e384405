import { MonotonicClock } from '../../../main/platform/monotonic-clock.ts';
import { ForkHost } from '../../../main/children/fork-host.ts';
import { SupervisedChild } from '../../../main/children/supervised-child.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

// An app that a test can kill: it starts one child, says its process id, and stays.
const child = new SupervisedChild({
  name: 'think',
  config: JSON.parse(process.argv[2] ?? '{}') as unknown,
  host: new ForkHost({ entriesDir: import.meta.dirname }),
  clock: new MonotonicClock(),
  logger: new RecordingLogger(),
});
await child.start();
if (process.argv[3] === 'hang') void child.call('hang', null).catch(() => {});
process.send?.({ childPid: child.pid });
