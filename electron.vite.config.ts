import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'electron-vite';
import { rendererConfig } from './renderer/vite.config.ts';

const compositionRoots = ['electron-main', 'node-main', 'cli'].filter((name) => existsSync(`main/${name}.ts`));
const childEntries = globSync('main/children/entries/*.ts').map((path) => basename(path, '.ts'));

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: Object.fromEntries([
          ...compositionRoots.map((name) => [name, `main/${name}.ts`]),
          // The hosts look for children by file name beside the app, so entries keep theirs.
          ...childEntries.map((name) => [`children/entries/${name}`, `main/children/entries/${name}.ts`]),
        ]),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload script can neither be an ES module nor require packages: one CommonJS file with zod inside.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: rendererConfig,
});
