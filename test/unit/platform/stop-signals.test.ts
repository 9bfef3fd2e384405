import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { onStopSignals } from '../../../main/platform/stop-signals.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

function listen() {
  const clock = new FakeClock(50);
  const process = new EventEmitter();
  const calls: string[] = [];
  const off = onStopSignals({ clock, process, onStop: () => calls.push('stop'), onForce: () => calls.push('force') });
  return { clock, process, calls, off };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s asks to stop, and again later forces it', (signal) => {
  const { clock, process, calls } = listen();
  process.emit(signal);
  clock.advance(1500);
  process.emit('SIGINT');
  expect(calls).toEqual(['stop', 'force']);
});

it('takes the copy of a signal that a parent passes on for the same wish', () => {
  const { clock, process, calls } = listen();
  process.emit('SIGINT');
  clock.advance(30);
  process.emit('SIGINT');
  process.emit('SIGTERM');
  expect(calls).toEqual(['stop']);
});

it('stops listening when told', () => {
  const { process, calls, off } = listen();
  off();
  process.emit('SIGTERM');
  expect(calls).toEqual([]);
});
