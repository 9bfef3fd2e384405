import { parentPort } from 'node:worker_threads';
import { ipcLink, type IpcEnd } from '../../main/children/ipc-link.ts';
import { portLink } from '../../main/children/port-link.ts';

// The far end of a link, as a worker thread or as a forked process.
const link = parentPort ? portLink(parentPort) : ipcLink(process as IpcEnd);
link.onMessage((message) => link.post({ echo: message }));
