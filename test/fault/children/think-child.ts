import { runChild } from '../../../main/children/child-main.ts';

// The real main of a child, which can also be made to hang: a native addon that blocks it, a bug.
process.on('message', (message: { type?: string; method?: string }) => {
  if (message.type === 'notify' && message.method === 'hang-main') for (;;);
});
runChild('think', import.meta.url);
