import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/** What is built into the scripts, and under which terms; they go with every copy. */
const BUILT_IN = ['lit', 'marked'];
const LICENSES: Plugin = {
  name: 'licenses',
  generateBundle() {
    const texts = BUILT_IN.map((name) => {
      const license = readFileSync(`node_modules/${name}/LICENSE`, 'utf-8');
      return `${name}\n\n${license.trim()}\n`;
    });
    this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: texts.join('\n\n') });
  },
};

/** Takes indentation and comments out of templates and styles, whose text is shown nowhere as it stands. */
const PACKED: Plugin = {
  name: 'packed',
  enforce: 'pre',
  transform: (code, id) => (/\/src\/.*\.ts$/.test(id) ? code.replace(/\n\s*\/\*.*\*\/$/gm, '').replace(/\n\s+/g, '\n') : null),
};

// Relative addresses, so that the page also works below a prefix, and the widget from another origin.
export default defineConfig({
  base: './',
  plugins: [PACKED, LICENSES],
  build: {
    outDir: 'static',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { page: 'index.html', widget: 'src/widget.ts' },
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'widget' ? 'widget.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
