import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import type { UserConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The window's build. It stands alone (`vite build --config renderer/vite.config.ts`) and is the renderer section of
 * electron.vite.config.ts.
 */
export const rendererConfig: UserConfig = {
  root: at('.'),
  // Relative, so that the same files work from http://127.0.0.1 and from the desktop app's own scheme.
  base: './',
  plugins: [tailwindcss(), svelte({ configFile: at('./svelte.config.js') })],
  build: {
    outDir: at('../out/renderer'),
    emptyOutDir: true,
    minify: true,
    target: 'chrome120',
    // Nothing inline: the page runs under `script-src 'self'`, which data: URLs do not pass.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: at('./index.html') },
  },
  worker: { format: 'es' },
};

export default rendererConfig;
