import { basename, join } from 'node:path';

/** Where the program's own files are, run from the sources (main/*.ts) or built (out/main/*.js). */
export interface AppFiles {
  /** `<name>-child` and `<name>-worker` of the supervised children. */
  childEntriesDir: string;
  /** The built window. */
  rendererDir: string;
  preloadFile: string;
  /** Suites of scenarios that are shipped. */
  suitesDir: string;
  /** Tells speakers apart; small enough to come with the program. */
  speakerModelFile: string;
}

/** `mainDir` is the folder of the composition root that runs. */
export function appFiles(mainDir: string): AppFiles {
  const outDir = basename(join(mainDir, '..')) === 'out' ? join(mainDir, '..') : join(mainDir, '..', 'out');
  return {
    childEntriesDir: join(mainDir, 'children', 'entries'),
    rendererDir: join(outDir, 'renderer'),
    preloadFile: join(outDir, 'preload', 'index.cjs'),
    suitesDir: join(outDir, '..', 'suites'),
    speakerModelFile: join(outDir, '..', 'native-models', 'campplus', 'campplus-int8.onnx'),
  };
}
