import { runChild } from '../child-main.ts';

runChild('speak', import.meta.url);
