import { runChild } from '../child-main.ts';

runChild('think', import.meta.url);
