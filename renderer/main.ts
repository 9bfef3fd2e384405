import { mount } from 'svelte';
import { z } from 'zod';
import './app.css';
import App from './App.svelte';
import { mayStartUnasked, openBrowserAudio } from './client/browser-audio/browser-audio.ts';
import { openTransport } from './client/open-transport.ts';
import { ParleyClient } from './client/parley-client.ts';
import { systemTimers } from './client/system-timers.ts';
import { Parley } from './state/parley.svelte.ts';

// zod would compile its checks with `new Function`, which the page's Content-Security-Policy forbids.
z.config({ jitless: true });

const REMEMBER_KEY = 'parley.tab-sound';
/** `?microphone=raw` hands the microphone on as it is, for measurements that compare recordings sample by sample. */
const voiceProcessing = new URLSearchParams(location.search).get('microphone') !== 'raw';

const client = new ParleyClient({ openTransport, timers: systemTimers });
const parley = new Parley({
  client,
  openAudio: (callbacks) => openBrowserAudio({ voiceProcessing, ...callbacks }),
  mayStartUnasked,
  copy: (text) => navigator.clipboard.writeText(text),
  // Per tab: it survives a reload and does not make every other tab take the sound over.
  remember: {
    get: () => sessionStorage.getItem(REMEMBER_KEY) === 'on',
    set: (on) => sessionStorage.setItem(REMEMBER_KEY, on ? 'on' : 'off'),
  },
});

mount(App, { target: document.getElementById('app')!, props: { parley } });
client.start();
