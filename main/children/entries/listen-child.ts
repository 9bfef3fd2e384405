import { runChild } from '../child-main.ts';

runChild('listen', import.meta.url);
