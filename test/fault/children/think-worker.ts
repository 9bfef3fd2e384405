import { ParleyError } from '../../../main/contract/errors.ts';
import { serveEngine } from '../../../main/children/serve-engine.ts';

/** An engine that can do everything wrong that native engines do. */
interface FaultyEngineConfig {
  /** What happens instead of loading. */
  onStart?: 'model-missing' | 'throw' | 'abort' | 'hang';
  /** Never returns from close(). */
  hangsOnClose?: boolean;
}

const hang = (): never => {
  for (;;);
};

serveEngine<FaultyEngineConfig>('think', async (config, notify) => {
  if (config.onStart === 'model-missing')
    throw new ParleyError({ code: 'model-missing', stage: 'models', detail: 'm' });
  if (config.onStart === 'throw') throw new TypeError('the model has no layers');
  if (config.onStart === 'abort') process.kill(process.pid, 'SIGABRT');
  if (config.onStart === 'hang') hang();
  return {
    calls: {
      echo: async (params: unknown) => params,
      environment: async () => ({ ...process.env }),
      never: () => new Promise(() => {}),
      hang: async () => hang(),
      // As abort() in native code; a thread may not call Node's own.
      abort: async () => process.kill(process.pid, 'SIGABRT'),
      exitThread: async () => process.exit(3),
      throwLater: () => {
        setImmediate(() => {
          throw new Error('uncaught in the engine');
        });
        return new Promise(() => {});
      },
      complain: async () => {
        process.stderr.write('ggml: cannot allocate\n');
        setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      },
      /** A synchronous loop, as in native code, that only the shared flag can end. */
      untilCancelled: async (_params: unknown, { isCancelled }) => {
        notify('looping', null);
        while (!isCancelled());
        notify('loop-ended', null);
      },
    },
    streams: {
      count: async function* ({ to, thenHang }: { to: number; thenHang?: boolean }) {
        for (let i = 0; i < to; i++) yield { index: i, pcm: new Float32Array(160).fill(i) };
        // Lets the items leave the thread before it hangs.
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (thenHang) hang();
        await new Promise(() => {});
      },
    },
    notifications: {
      push: ({ samples }: { samples: Float32Array }) => notify('pushed', { sum: samples.reduce((a, b) => a + b, 0) }),
    },
    close: () => (config.hangsOnClose ? hang() : notify('closed', null)),
  };
});
