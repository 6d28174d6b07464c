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

/** Of marked, the lexer alone: what the others of its module do at its top would keep all of them in. */
const LEXER: Plugin = {
  name: 'lexer',
  transform(code, id) {
    if (!id.endsWith('/marked.esm.js')) return null;
    const end = code.search(/var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\(/);
    const [, lexer, tokenizer] = /export\{.*?(\w+) as Lexer.*?(\w+) as Tokenizer/.exec(code) ?? [];
    if (end < 0 || !lexer) throw new Error('this version of marked is built in another way: see what it does at the top');
    return `${code.slice(0, end)}export{${lexer} as Lexer,${tokenizer} as Tokenizer};`;
  },
};

// Relative addresses, so that the page also works below a prefix, and the widget from another origin.
export default defineConfig({
  base: './',
  plugins: [PACKED, LEXER, LICENSES],
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
