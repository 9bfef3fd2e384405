import { runChild } from '../child-main.ts';

runChild('audio', import.meta.url);
